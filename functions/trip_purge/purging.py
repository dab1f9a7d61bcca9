"""Deleting what is known of a trip's way, and the proof that it is gone."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from shared.domain.trip.live import history_collection, live_collection
from shared.domain.trip.trip import Trip
from shared.errors import Unavailable
from shared.ports import Document, Query
from shared.runtime.work import UnitOfWork


def purge(work: UnitOfWork, trip: Trip) -> None:
    """Takes the way from the trip, and whom it went to; what was deleted is counted in `purge`.

    Counts add up over runs, for one that died after its commit has counted already.
    """
    found = [*_positions(work, trip)]
    for document in found:
        work.delete(document.path)
    before = trip.purge or {"documents": 0, "positions": 0, "digest": "", "deleted_at": work.now}
    counted = {
        "documents": before["documents"] + len(found),
        "positions": before["positions"] + sum(len(document.data["pings"]) for document in found),
        "digest": _digest(before["digest"], found),
        "deleted_at": work.now if found else before["deleted_at"],
    }
    if trip.status == "planned":
        trip = replace(trip, status="ended", ended_by="forgotten", ended_at=work.now, closed_at=work.now)
    gone = replace(trip, phone=None, person_id=None, destination=None, link="", purge=counted)
    work.put(trip.path, gone.to_data())


def prove(work: UnitOfWork, trip: Trip) -> Mapping[str, Any]:
    """Reads back that nothing is there, then writes the receipt and answers it.

    Raises `Unavailable` when something is there again."""
    left = [*_positions(work, trip)]
    if left:
        raise Unavailable(f"[{len(left)}] documents of [{trip.path}] are there again after their deletion")
    receipt = {**trip.purge, "read_back_at": work.now, "found": 0}
    work.put(trip.path, replace(trip, purge_at=None, purge=receipt, updated_at=work.now).to_data())
    shown = {name: receipt[name] for name in ("documents", "positions", "digest", "found")}
    work.audit("trip.purged", subject=trip.path, detail=shown)
    return receipt


def _positions(work: UnitOfWork, trip: Trip) -> Iterable[Document]:
    for collection in (live_collection(trip.trip_id), history_collection(trip.trip_id)):
        yield from work.query(Query(collection))


def _digest(before: str, deleted: Iterable[Document]) -> str:
    """SHA-256 over paths and versions of what was deleted: it says what was, not where anybody drove."""
    chain = hashlib.sha256(before.encode())
    for document in sorted(deleted, key=lambda one: one.path):
        chain.update(f"{document.path}\n{document.version}\n".encode())
    return chain.hexdigest()
