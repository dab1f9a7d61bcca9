"""Fires the schedules of the manifests at their times, as Cloud Scheduler does."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from cronsim import CronSim

from shared.manifest import Manifest, Schedule
from shared.observability import log


def next_fire(schedule: Schedule, after: datetime) -> datetime:
    """The first time after `after` (UTC) at which the schedule fires, in UTC."""
    local = after.astimezone(ZoneInfo(schedule.time_zone))
    return next(CronSim(schedule.cron, local)).astimezone(UTC)


class Schedules:
    def __init__(self, manifests: list[Manifest], fire: Callable[[str], object]) -> None:
        self._scheduled = [(m.name, m.schedule) for m in manifests if m.schedule]
        self._fire = fire
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="schedules", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._stopping.set()
        self._thread.join()

    def _run(self) -> None:
        now = datetime.now(UTC)
        due = {name: next_fire(schedule, now) for name, schedule in self._scheduled}
        while due:
            name = min(due, key=lambda n: due[n])
            if self._stopping.wait(max(0.0, (due[name] - datetime.now(UTC)).total_seconds())):
                return
            try:
                self._fire(name)
            except Exception as error:  # noqa: BLE001 - one failing schedule must not stop the others
                log("ERROR", "a schedule failed", function=name, error=type(error).__name__)
            due[name] = next_fire(dict(self._scheduled)[name], datetime.now(UTC))
