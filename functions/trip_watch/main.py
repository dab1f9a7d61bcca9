"""Trips that nothing was heard of are looked at."""

from __future__ import annotations

from dataclasses import replace

from functions.trip_watch.silence import Finding, find_out
from shared.domain.trip.ending import end_trip
from shared.domain.trip.live import live_tracks
from shared.domain.trip.trip import SILENT, Trip
from shared.events.conversation import AttentionRequested
from shared.ports import Query
from shared.runtime.entry import entry_point
from shared.runtime.work import UnitOfWork

AT_ONCE = 100
"""More wait a minute; a trip is looked at once in ten minutes, not at every position."""


def watch_trips(work: UnitOfWork) -> dict[str, int]:
    """One tenant's turn, every minute. A trip that changes meanwhile conflicts and is read again."""
    due = work.query(Query("trips", (("check_at", "<=", work.now),), ("check_at",), AT_ONCE))
    trips = [Trip.from_data(document.data) for document in due]
    tracks = live_tracks(work, [trip.trip_id for trip in trips])
    findings = [find_out(trip, track, work.now) for trip, track in zip(trips, tracks, strict=True)]
    for trip, finding in zip(trips, findings, strict=True):
        _act(work, trip, finding)
    return {"looked_at": len(trips), "ended": sum(1 for finding in findings if finding.ended_by)}


def _act(work: UnitOfWork, trip: Trip, finding: Finding) -> None:
    if finding.ended_by:
        end_trip(work, trip, ended_by=finding.ended_by, ended_at=finding.ended_at or work.now)
        return
    told_at = trip.attention_at
    if finding.is_silent and told_at is None:
        told_at = work.now
        _ask(work, trip)
    work.put(trip.path, replace(trip, attention_at=told_at, check_at=finding.check_at).to_data())


def _ask(work: UnitOfWork, trip: Trip) -> None:
    work.emit(
        AttentionRequested(
            subject=trip.path,
            kind="trip_problem",
            summary=f"A trip under way has sent no position for {SILENT.seconds // 60} minutes",
            roles=("operator", "advisor"),
            detail=trip.path,
            link=f"/logistics/{trip.trip_id}",
        )
    )
    work.audit("trip.silent", subject=trip.path)


trip_watch = entry_point(__file__, watch_trips)
