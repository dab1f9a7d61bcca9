"""What may be seen of a trip: never a position before its start, after its end or in a pause."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from shared.domain.trip.path import path_of
from shared.domain.trip.ping import Ping
from shared.domain.trip.track import Eta, Track
from shared.domain.trip.trip import Trip

STALE = timedelta(minutes=2)
"""Twice what a phone takes to report in ordinary coverage: from here on a position is called old."""
ETA_OVERDUE = timedelta(minutes=15)
"""So long after its own arrival an estimate says nothing any more."""


class TripState(StrEnum):
    """What a customer is told. `waiting`: not started, or no position yet."""

    WAITING = "waiting"
    MOVING = "moving"
    PAUSED = "paused"
    ARRIVED = "arrived"
    ENDED = "ended"


@dataclass(frozen=True)
class TripView:
    """`at` is when the position was taken, by our clock; `age_s` its age in seconds."""

    state: TripState
    position: Ping | None = None
    at: datetime | None = None
    age_s: float | None = None
    eta: Eta | None = None

    @property
    def is_stale(self) -> bool | None:
        return None if self.age_s is None else self.age_s > STALE.total_seconds()


def view(trip: Trip, track: Track, now: datetime) -> TripView:
    if trip.status == "ended":
        return TripView(TripState.ARRIVED if trip.ended_by == "arrived" else TripState.ENDED)
    if trip.is_paused:
        return TripView(TripState.PAUSED)
    if trip.started_at is None:
        return TripView(TripState.WAITING)
    believed = path_of(track.within(trip.started_at, trip.ended_at).newest()).believed
    if not believed:
        return TripView(TripState.WAITING)
    newest = believed[-1]
    at = min(track.true_time(newest), now)
    eta = track.eta if track.eta and now < track.eta.arrives_at + ETA_OVERDUE else None
    return TripView(TripState.MOVING, newest, at, (now - at).total_seconds(), eta)
