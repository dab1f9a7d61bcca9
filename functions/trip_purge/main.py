"""Where somebody drove is forgotten in time."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from functions.trip_purge.purging import prove, purge
from shared.domain.trip.trip import Trip
from shared.ports import Query
from shared.runtime.entry import entry_point
from shared.runtime.work import UnitOfWork

AT_ONCE = 100


def purge_trips(work: UnitOfWork) -> dict[str, int]:
    """One tenant's turn, every hour: deletes, commits, reads back, and only then writes the receipt.

    A run that dies in between leaves the trip due, and the next one proves what this one deleted. What is
    found again after its deletion fails the run, so that it is told and tried again.
    """
    due = work.query(Query("trips", (("purge_at", "<=", work.now),), ("purge_at",), AT_ONCE))
    receipts = [receipt for document in due if (receipt := _purge(work, document.path))]
    return {"purged": len(receipts), "positions": sum(receipt["positions"] for receipt in receipts)}


def _purge(work: UnitOfWork, path: str) -> Mapping[str, Any] | None:
    """None when another run was faster. A trip is a commit of its own: a day's worth would be too much."""
    trip = Trip.from_data(work.require(path).data)
    if trip.purge_at is None or trip.purge_at > work.now:
        return None
    purge(work, trip)
    work.checkpoint()
    return prove(work, Trip.from_data(work.require(path).data))


trip_purge = entry_point(__file__, purge_trips)
