"""What to think of a trip that is due to be looked at."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from shared.domain.place import meters_between
from shared.domain.trip.path import path_of
from shared.domain.trip.track import ARRIVAL_M, Track
from shared.domain.trip.trip import LONGEST, SILENT, Ending, Trip


@dataclass(frozen=True)
class Finding:
    """`check_at` is when to look again."""

    check_at: datetime | None = None
    is_silent: bool = False
    ended_by: Ending | None = None
    ended_at: datetime | None = None


def find_out(trip: Trip, track: Track, now: datetime) -> Finding:
    """`track` is the trip's live one."""
    assert trip.started_at is not None, "only a trip under way is due to be looked at"
    last = trip.started_at + LONGEST
    if now >= last:
        return Finding(ended_by="forgotten", ended_at=last)
    if trip.is_paused:
        return Finding(check_at=last)
    believed = path_of(track.newest()).believed
    newest = track.true_time(believed[-1]) if believed else None
    quiet_since = min(now, trip.quiet_since(newest))
    if now < quiet_since + SILENT:
        return Finding(check_at=quiet_since + SILENT)
    if newest and track.left_at is not None and _is_there(trip, track):
        # The phone went to sleep as soon as it stood still, before it had been there long enough.
        return Finding(ended_by="arrived", ended_at=newest)
    return Finding(check_at=last, is_silent=True)


def _is_there(trip: Trip, track: Track) -> bool:
    believed = path_of(track.newest()).believed
    destination = trip.destination
    return destination is not None and meters_between(believed[-1].place, destination) <= ARRIVAL_M
