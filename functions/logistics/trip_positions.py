"""The positions of one trip: which are its own, what they change, where they are kept."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from functions.logistics.history import add_to_history, forget_after
from functions.logistics.report import Outcome
from functions.logistics.row_reading import TakenRow
from shared.domain.place import meters_between
from shared.domain.travel import drive
from shared.domain.trip.ending import end_trip
from shared.domain.trip.live import lane_path, lane_paths
from shared.domain.trip.path import Path, path_of
from shared.domain.trip.ping import Ping, milliseconds
from shared.domain.trip.track import Eta, Track, join, track_of
from shared.domain.trip.trip import Trip
from shared.runtime.work import UnitOfWork

ETA_EVERY = timedelta(seconds=60)
ETA_WRONG = timedelta(seconds=5)
"""At most one question to the maps a trip and minute, whoever looks at the map however often."""

Told = Mapping[Ping, tuple[Outcome, str]]


@dataclass(frozen=True)
class Live:
    """A trip with its live documents; `lane` is the one this second's positions go to."""

    trip: Trip
    lanes: Sequence[Track]
    lane: int


def keep(work: UnitOfWork, live: Live, rows: Sequence[TakenRow]) -> Told:
    """What became of each. Sent again, or in another order, they make no difference."""
    trip, known = live.trip, join(live.lanes)
    again = {row.ping for row in rows if _is_again(row, known)}
    pings = [row.ping for row in rows if row.ping not in again]
    found = {ping: track_of(ping, received_at=work.now, destination=trip.destination) for ping in pings}
    ahead_ms = max([known.ahead_ms, *(track.ahead_ms for track in found.values())])
    outside = {p: _why_outside(work, trip, replace(known, ahead_ms=ahead_ms), p) for p in found}
    own = [ping for ping in found if not outside[ping]]
    joined = join([known, *(found[ping] for ping in own)])
    path = path_of(joined.newest())
    if own and joined != known:
        _store(work, live, join([live.lanes[live.lane], *(found[ping] for ping in own)]), joined, path)
    jumps = set(path.jumps)
    told: dict[Ping, tuple[Outcome, str]] = dict.fromkeys(again, ("unchanged", ""))
    return told | {
        p: (("outside", outside[p]) if outside[p] else _kept(p, known, joined, jumps)) for p in found
    }


def _is_again(row: TakenRow, known: Track) -> bool:
    """A row without a time, sent a second time, must not make an old place look fresh."""
    if row.has_time or not row.ping.key:
        return False
    same = (ping for ping in known.steps.values() if ping.key == row.ping.key)
    return any(ping.version >= row.ping.version for ping in same)


def _why_outside(work: UnitOfWork, trip: Trip, track: Track, ping: Ping) -> str:
    if not trip.takes_positions(work.now):
        return f"the trip [{trip.trip_id}] is {trip.status}; nothing is kept outside of a trip"
    at = track.true_time(ping)
    if trip.started_at is None or milliseconds(at) < milliseconds(trip.started_at):
        return "it was taken before the trip; nothing is kept outside of a trip"
    if trip.ended_at is not None and at > trip.ended_at:
        return "it was taken after the trip; nothing is kept outside of a trip"
    if trip.is_paused_at(at):
        return "it was taken in a pause; nothing is kept of a pause"
    return ""


def _kept(ping: Ping, known: Track, joined: Track, jumps: set[Ping]) -> tuple[Outcome, str]:
    if joined.steps.get(ping.bucket) != ping or known.steps.get(ping.bucket) == ping:
        return "unchanged", ""
    if ping in jumps:
        return "flagged", "it is farther from the others than anybody drives, so it is not shown"
    return "kept", ""


def _store(work: UnitOfWork, live: Live, lane: Track, joined: Track, path: Path) -> None:
    trip = live.trip
    if joined.arrived_at is not None:
        _arrive(work, live, joined)
        return
    eta = _eta(work, trip, joined, path) if trip.status == "active" else None
    kept, old = replace(lane, eta=eta or lane.eta).split()
    add_to_history(work, trip.trip_id, old)
    work.put(lane_path(trip.trip_id, live.lane), kept.to_data())


def _arrive(work: UnitOfWork, live: Live, joined: Track) -> None:
    """Also when rows that came late show that it was there earlier. What was taken after is forgotten."""
    arrived_at = joined.arrived_at
    assert arrived_at is not None
    trip = end_trip(work, live.trip, ended_by="arrived", ended_at=arrived_at)
    assert trip.started_at is not None
    kept, old = joined.within(trip.started_at, arrived_at).split()
    forget_after(work, trip.trip_id, kept, arrived_at)
    add_to_history(work, trip.trip_id, old)
    for path in lane_paths(trip.trip_id):
        work.put(path, (kept if path.endswith(f"/{live.lane}") else replace(kept, steps={})).to_data())


def _holds(eta: Eta, straight: float) -> timedelta:
    """How long an estimate is not asked for anew. No road is shorter than the straight line, few are so much
    longer: one that does not fit was made for a position that is believed no more."""
    fits = straight <= eta.meters + 2_000 and eta.meters <= 4 * straight + 20_000
    return ETA_EVERY if fits else ETA_WRONG


def _eta(work: UnitOfWork, trip: Trip, joined: Track, path: Path) -> Eta | None:
    """Asked once, also when a conflict has the handler run again."""
    if trip.destination is None or not path.believed:
        return None
    left = meters_between(path.believed[-1].place, trip.destination)
    if joined.eta is not None and work.now - joined.eta.computed_at < _holds(joined.eta, left):
        return None
    start, end, speed = path.believed[-1].place, trip.destination, path.speed_mps
    way = work.once(f"drive {trip.trip_id}", lambda: drive(work.tenant.maps, start, end, observed_mps=speed))
    return Eta(work.now, work.now + timedelta(seconds=round(way.seconds)), round(way.meters), way.source)
