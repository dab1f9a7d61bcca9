"""Who watches the watch: a run of the anomaly monitor that is missing is noticed."""

from __future__ import annotations

from datetime import datetime, timedelta

from shared.domain.anomaly.paths import STATE, WATCH_STATE
from shared.events.conversation import AttentionRequested
from shared.runtime.entry import entry_point
from shared.runtime.work import UnitOfWork

MISSING_AFTER = timedelta(minutes=90)
"""The watch runs every hour; a slow run or a retry of it is no reason for words."""


def look_after_the_watch(work: UnitOfWork) -> dict[str, str]:
    """One dealership's turn, every hour.

    Told at the second look that finds the same run missing, once an outage: after a restart of everything, or
    in a new dealership, the watch has its hour first.
    """
    stored = work.get(STATE)
    last = stored.data["last_run_at"] if stored else None
    known = work.get(WATCH_STATE)
    noticed = known.data if known else {}
    if last is not None and work.now - last <= MISSING_AFTER:
        return {"watch": "runs"}
    if noticed.get("missing_since") != last or "looks" not in noticed:
        work.put(WATCH_STATE, {"missing_since": last, "looks": 1, "updated_at": work.now})
        return {"watch": "missing"}
    if noticed["looks"] == 1:
        work.put(WATCH_STATE, {**noticed, "looks": 2, "updated_at": work.now})
        _tell(work, last)
        return {"watch": "told"}
    return {"watch": "missing"}


def _tell(work: UnitOfWork, last: datetime | None) -> None:
    ago = "since the dealership is here"
    if last is not None:
        ago = f"for {max(1, round((work.now - last).total_seconds() / 3600))} hours"
    work.emit(
        AttentionRequested(
            subject=WATCH_STATE,
            kind="watch_missing",
            summary=f"The books have not been watched {ago}: no alert does not mean that all is well",
            urgency="high",
            roles=("operator", "ceo"),
            detail=STATE,
        )
    )
    work.audit("monitor.missing", subject=STATE, outcome="failed", detail={"last_run_at": str(last)})


monitor_watch = entry_point(__file__, look_after_the_watch)
