"""The day's sign of life: that nothing was told must mean that nothing was odd."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from typing import Any

from shared.domain.anomaly.paths import STATE
from shared.events.conversation import AttentionRequested
from shared.runtime.work import UnitOfWork

NO_NEWS_FOR = timedelta(days=3)
"""A weekend and a day: then the books are not quiet, they are not kept."""


@dataclass(frozen=True)
class Looked:
    """What one run saw."""

    postings: int
    series: int
    learning: int
    """Series too young to be judged by their own past."""
    newest_recorded_at: datetime | None
    new: int
    told: int


def looked_at(rows: Sequence[Mapping[str, Any]], *, new: int, told: int) -> Looked:
    """From the statement's summary row; a dealership without postings has none."""
    whole = next((row for row in rows if row["is_summary"]), None)
    return Looked(
        postings=whole["all_postings"] if whole else 0,
        series=whole["all_series"] if whole else 0,
        learning=whole["learning_series"] if whole else 0,
        newest_recorded_at=whole["newest_recorded_at"] if whole else None,
        new=new,
        told=told,
    )


def looked_before(state: Mapping[str, Any]) -> Looked:
    """Nothing came in since: what the last question found still stands."""
    return Looked(
        postings=state.get("postings", 0),
        series=state.get("series", 0),
        learning=state.get("learning", 0),
        newest_recorded_at=state.get("newest_recorded_at"),
        new=0,
        told=0,
    )


def note(
    work: UnitOfWork, state: Mapping[str, Any], looked: Looked, *, zone: tzinfo, heartbeat_hour: int
) -> bool:
    """Keeps the run and, once a day, says that the watch goes on; answers whether it did."""
    local = work.now.astimezone(zone)
    since = {
        "runs": state.get("runs", 0) + 1,
        "new": state.get("new", 0) + looked.new,
        "told": state.get("told", 0) + looked.told,
    }
    last = state.get("heartbeat_on", "")
    is_due = local.hour >= heartbeat_hour and last != local.date().isoformat()
    if is_due:
        work.emit(_sign_of_life(work.now, looked, since))
        work.audit("monitor.heartbeat", subject=STATE, detail={**since, "postings": looked.postings})
        since, last = {"runs": 0, "new": 0, "told": 0}, local.date().isoformat()
    if looked.postings:
        state = {"first_run_at": work.now, **state}
    kept = {"last_run_at": work.now, "heartbeat_on": last, **since}
    seen = {"postings": looked.postings, "series": looked.series, "learning": looked.learning}
    work.put(STATE, {**state, **kept, **seen, "newest_recorded_at": looked.newest_recorded_at})
    return is_due


def _sign_of_life(now: datetime, looked: Looked, since: Mapping[str, int]) -> AttentionRequested:
    newest = looked.newest_recorded_at
    is_stale = newest is None or now - newest > NO_NEWS_FOR
    came = (
        "There is no posting yet."
        if newest is None
        else f"The newest posting came in {_age(now - newest)} ago."
    )
    return AttentionRequested(
        subject=STATE,
        kind="heartbeat",
        summary=(
            f"The books are watched: {_counted(since['runs'], 'look')} at "
            f"{_counted(looked.postings, 'posting')} in {looked.series} series "
            f"({looked.learning} still learning), {_counted(since['new'], 'finding')}, "
            f"{since['told']} told. {came}"
        ),
        urgency="normal" if is_stale and newest is not None else "low",
        roles=("ceo",),
        detail=STATE,
        group="heartbeat",
    )


def _counted(number: int, what: str) -> str:
    return f"{number:,} {what}{'' if number == 1 else 's'}"


def _age(age: timedelta) -> str:
    hours = int(age.total_seconds() // 3600)
    if hours < 1:
        return "less than an hour"
    return _counted(hours, "hour") if hours < 48 else f"{hours // 24} days"
