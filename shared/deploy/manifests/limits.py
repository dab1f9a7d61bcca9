"""What Google Cloud would refuse, and what does not go with the kind."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from zoneinfo import available_timezones

from cronsim import CronSim, CronSimError

from shared.deploy.manifests.problem import Found, unknown
from shared.deploy.platform_limits import (
    CRON,
    LEAST_JOB_MEMORY_MIB,
    MOST_BACKOFF_SECONDS,
    MOST_BODY_BYTES,
    MOST_CONCURRENCY,
    MOST_MEMORY_MIB,
    MOST_SECONDS,
    NAME_CHARACTERS,
    TOPIC,
    TOPIC_ADDITIONS,
)
from shared.manifest import Manifest, Schedule

ANY_DAY = datetime(2026, 1, 1, tzinfo=UTC)

OF_KINDS = {
    "routes": ("http", "service"),
    "subscribes": ("event",),
    "on_giving_up": ("event",),
    "handler": ("event", "schedule", "job"),
    "schedule": ("schedule", "job"),
}
"""Field → the kinds it means something for."""


def limits(manifest: Manifest, folder: str) -> Iterator[Found]:
    yield from _names(manifest, folder)
    yield from _kind(manifest)
    yield from _sizes(manifest)
    yield from _backoff(manifest)
    if manifest.schedule:
        yield from _schedule(manifest.schedule)


def _names(manifest: Manifest, folder: str) -> Iterator[Found]:
    if manifest.name != folder:
        yield "name", manifest.name, f"is not the folder's name [{folder}]"
    if len(manifest.deployed_name) > NAME_CHARACTERS:
        what = f"has {len(manifest.deployed_name)} characters; a service account leaves {NAME_CHARACTERS}"
        yield "name", manifest.deployed_name, what
    if manifest.name.endswith("_") or "__" in manifest.name:
        yield "name", manifest.name, "gives a deployed name with a [-] at its end or two in a row"
    topics = [(f"publishes.{number}", topic) for number, topic in enumerate(manifest.publishes)]
    for field, topic in [*topics, ("subscribes", manifest.subscribes or "")]:
        if topic and not all(TOPIC.fullmatch(topic + more) for more in ("", *TOPIC_ADDITIONS)):
            yield field, topic, "is no name Pub/Sub takes: 3 to 255 characters, a letter first, not [goog…]"


def _kind(manifest: Manifest) -> Iterator[Found]:
    for field, kinds in OF_KINDS.items():
        if getattr(manifest, field) and manifest.kind not in kinds:
            yield field, manifest.kind, f"is a kind without it; it belongs to {' or '.join(kinds)}"


def _sizes(manifest: Manifest) -> Iterator[Found]:
    most, of_what = MOST_SECONDS[manifest.kind]
    seconds = manifest.timeout_seconds
    if not 1 <= seconds <= most or seconds != int(seconds):
        yield "timeout_seconds", f"{seconds:g}", f"is no whole number from 1 to {most}, {of_what}"
    least = LEAST_JOB_MEMORY_MIB if manifest.kind == "job" else 0
    if not least <= manifest.memory_mib <= MOST_MEMORY_MIB:
        what = f"is beyond Cloud Run's {least or 128} to {MOST_MEMORY_MIB}"
        yield "memory_mib", manifest.memory_mib, what
    if manifest.concurrency > MOST_CONCURRENCY:
        yield "concurrency", manifest.concurrency, f"is over Cloud Run's {MOST_CONCURRENCY}"
    for number, route in enumerate(manifest.routes):
        if not 0 <= route.max_body_bytes <= MOST_BODY_BYTES:
            what = f"is beyond the {MOST_BODY_BYTES} bytes of a request to Cloud Run"
            yield f"routes.{number}.max_body_bytes", route.max_body_bytes, what


def _backoff(manifest: Manifest) -> Iterator[Found]:
    low, high = manifest.min_backoff_seconds, manifest.max_backoff_seconds
    for field, seconds in (("min_backoff_seconds", low), ("max_backoff_seconds", high)):
        if not 0 <= seconds <= MOST_BACKOFF_SECONDS:
            yield field, f"{seconds:g}", f"is beyond Pub/Sub's 0 to {MOST_BACKOFF_SECONDS}"
    if low > high:
        yield "min_backoff_seconds", f"{low:g}", f"is over max_backoff_seconds, [{high:g}]"


def _schedule(schedule: Schedule) -> Iterator[Found]:
    if schedule.time_zone not in available_timezones():
        what = unknown(schedule.time_zone, available_timezones(), "time zone of the IANA list")
        yield "schedule.time_zone", schedule.time_zone, what
    if not CRON.fullmatch(schedule.cron):
        yield "schedule.cron", schedule.cron, "is not five fields of numbers, names and * , / -"
        return
    try:
        next(CronSim(schedule.cron, ANY_DAY))
    except (CronSimError, StopIteration) as error:
        yield "schedule.cron", schedule.cron, f"never fires or cannot be read: {error or 'no such day'}"
