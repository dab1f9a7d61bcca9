"""One release at a time: from the plan to the smoke test nobody else may change the product.

Terraform's own lock ends with each command. Without this one a second build could apply while the first
still tests, and the first would then take back what the second had brought.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from shared.deploy.release_bucket import ABSENT, Bucket, Stored, Superseded
from shared.deploy.release_shell import ReleaseError, Say

LOCK = "releases/lock.json"
LOOKS_EVERY_S = 10.0


class Busy(ReleaseError):
    """Another release is under way."""


@dataclass(frozen=True)
class Holding:
    """Who releases and until when; after that time the lock counts as left behind by a build that died."""

    holder: str
    until: datetime


@dataclass(frozen=True)
class Patience:
    """How long to wait for another release, and how long one's own may take."""

    waits: timedelta = timedelta(minutes=30)
    takes: timedelta = timedelta(hours=4)
    now: Callable[[], datetime] = lambda: datetime.now(UTC)
    sleep: Callable[[float], None] = time.sleep


@contextmanager
def only_release(bucket: Bucket, holder: str, patience: Patience, say: Say) -> Iterator[None]:
    """Raises `Busy` when another release is still under way after the wait."""
    _acquire(bucket, holder, patience, say)
    try:
        yield
    finally:
        _give_back(bucket, holder, say)


def unlock(bucket: Bucket) -> Holding | None:
    """Removes the lock of a build that is gone; answers whose it was."""
    found = bucket.read(LOCK)
    if found is None:
        return None
    bucket.remove(LOCK, generation=found.generation)
    return _holding(found)


def _acquire(bucket: Bucket, holder: str, patience: Patience, say: Say) -> None:
    gives_up = patience.now() + patience.waits
    told = ""
    while True:
        until = patience.now() + patience.takes
        try:
            content = json.dumps({"holder": holder, "until": until.isoformat()})
            return bucket.replace(LOCK, content, generation=ABSENT)
        except Superseded:
            other = bucket.read(LOCK)
        if other is None:
            continue  # given back in this moment
        held = _holding(other)
        if held.until <= patience.now():
            say(f"[{held.holder}] left its lock behind; it ended at {held.until:%H:%M} UTC and is taken over")
            _drop(bucket, other)
            continue
        if patience.now() >= gives_up:
            raise Busy(
                f"[{held.holder}] is releasing until {held.until:%Y-%m-%d %H:%M} UTC at the latest; wait for "
                "it, or, when that build is gone, remove its lock: "
                "python -m shared.deploy.release unlock --project …"
            )
        if told != held.holder:
            say(f"waiting for [{held.holder}], which is releasing")
            told = held.holder
        patience.sleep(LOOKS_EVERY_S)


def _drop(bucket: Bucket, stored: Stored) -> None:
    try:
        bucket.remove(LOCK, generation=stored.generation)
    except Superseded:
        return  # somebody else was quicker; the next look shows who


def _give_back(bucket: Bucket, holder: str, say: Say) -> None:
    found = bucket.read(LOCK)
    if found is None or _holding(found).holder != holder:
        say("the lock of this release was taken away meanwhile; look whether another release is under way")
        return
    bucket.remove(LOCK, generation=found.generation)


def _holding(stored: Stored) -> Holding:
    content = json.loads(stored.content)
    return Holding(str(content["holder"]), datetime.fromisoformat(content["until"]))
