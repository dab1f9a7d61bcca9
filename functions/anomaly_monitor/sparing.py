"""The statement reads a year of everybody's postings: it is asked when its answer may have changed."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from functions.anomaly_monitor.question import Said
from shared.domain.money_entry import MoneyEntry
from shared.ports import Query
from shared.runtime.work import UnitOfWork

ON_THE_WAY = timedelta(hours=2)
"""So long after it was taken in a posting may still be on its way to the warehouse."""


def newest_posting(work: UnitOfWork) -> datetime | None:
    """When the newest of the documents came in; one read."""
    found = work.query(Query(MoneyEntry.collection, (), ("-recorded_at",), 1))
    return found[0].data["recorded_at"] if found else None


def digest(said: Said) -> str:
    """Changes with everything people said of the books."""
    parts = (said.rules.model_dump(mode="json"), *said.tuning, *said.approvals, *said.accepted)
    return hashlib.sha256(json.dumps(parts, sort_keys=True, default=str).encode()).hexdigest()


def is_worth_asking(
    state: Mapping[str, Any], *, newest: datetime | None, said: str, today: date, now: datetime
) -> bool:
    """A new day, something said, or a posting that may not have been there at the last question."""
    asked_at: datetime | None = state.get("asked_at")
    if asked_at is None or now < asked_at:
        return True
    if state.get("asked_on") != today.isoformat() or state.get("asked_with") != said:
        return True
    return newest is not None and newest > asked_at - ON_THE_WAY
