"""A trip from its plan to its end. Every act may be sent again: what is done already stays as it is."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from functions.logistics.customer import filled
from functions.logistics.customer_link import give_link, link_url, withdraw
from functions.logistics.trip_request import TripRequest
from shared.domain.trip.ending import end_trip
from shared.domain.trip.trip import LONGEST, SILENT, Ending, Pause, Trip, driver_path, trip_path
from shared.domain.trip.words import text_link
from shared.errors import AlreadyExists, Rejected
from shared.events.logistics import TripStarted
from shared.runtime.work import UnitOfWork

SAME = ("kind", "vin", "driver_staff_id", "person_id", "phone", "repair_order", "deal", "destination")
"""What makes two plans of one trip the same plan."""


class NotPossibleNow(Rejected):
    status, title = 409, "Not possible now"


def find(work: UnitOfWork, trip_id: str) -> Trip:
    """Raises `NotFound`."""
    return Trip.from_data(work.require(trip_path(trip_id)).data)


def plan(work: UnitOfWork, request: TripRequest) -> tuple[Trip, bool]:
    """The trip and whether it is new; the same again answers the one that stands.

    Raises `AlreadyExists` when it stands otherwise.
    """
    trip_id = request.trip_id or work.new_id()
    wanted = filled(work, request)
    known = work.get(trip_path(trip_id))
    if known is not None:
        trip = Trip.from_data(known.data)
        differing = [name for name in SAME if getattr(wanted, name) != getattr(trip, name)]
        if differing and not trip.purge:
            raise AlreadyExists(f"the trip [{trip_id}] stands with another [{differing[0]}]")
    else:
        given = {name: getattr(wanted, name) for name in SAME}
        # One that never starts is forgotten in time too.
        purge_at = work.now + timedelta(days=work.tenant.settings.trip_retention_days) + LONGEST
        trip = Trip(trip_id=trip_id, created_at=work.now, updated_at=work.now, purge_at=purge_at, **given)
        _store(work, trip)
        work.audit("trip.planned", subject=trip.path)
    is_started = request.start and trip.status != "ended"
    return (start(work, trip) if is_started else trip), known is None


def start(work: UnitOfWork, trip: Trip) -> Trip:
    """From now on positions are taken. Raises `NotPossibleNow` when it is over, or its driver on another."""
    if trip.status == "active":
        return trip
    _require_not_ended(trip)
    _take_driver(work, trip)
    # An app's times are whole seconds, and the first position is of the second of the start.
    began = work.now.replace(microsecond=0)
    trip = replace(trip, status="active", started_at=began, check_at=work.now + SILENT, purge_at=None)
    trip = trip if trip.link else give_link(work, trip)
    _store(work, trip)
    text_link(work, trip, link_url(work, trip))
    work.emit(TripStarted(trip_id=trip.trip_id, kind=trip.kind, started_at=began))
    work.audit("trip.started", subject=trip.path)
    return trip


def pause(work: UnitOfWork, trip: Trip) -> Trip:
    _require_active(trip)
    if trip.is_paused:
        return trip
    assert trip.started_at is not None
    paused = replace(trip, pauses=(*trip.pauses, Pause(work.now)), check_at=trip.started_at + LONGEST)
    work.audit("trip.paused", subject=trip.path)
    return _store(work, paused)


def resume(work: UnitOfWork, trip: Trip) -> Trip:
    _require_active(trip)
    if not trip.is_paused:
        return trip
    pauses = (*trip.pauses[:-1], replace(trip.pauses[-1], until=work.now))
    work.audit("trip.resumed", subject=trip.path)
    return _store(work, replace(trip, pauses=pauses, check_at=work.now + SILENT))


def end(work: UnitOfWork, trip: Trip, ended_by: Ending) -> Trip:
    """Raises `NotPossibleNow` for a trip that never began."""
    if trip.status == "ended":
        return trip
    _require_active(trip)
    return end_trip(work, trip, ended_by=ended_by, ended_at=work.now)


def share(work: UnitOfWork, trip: Trip) -> Trip:
    """A new link; the old one opens nothing from the same commit on."""
    _require_not_ended(trip)
    shared = _store(work, give_link(work, withdraw(work, trip)))
    if shared.status == "active":
        text_link(work, shared, link_url(work, shared))
    work.audit("trip.shared", subject=trip.path, detail={"links": shared.links})
    return shared


def revoke(work: UnitOfWork, trip: Trip) -> Trip:
    if not trip.link:
        return trip
    work.audit("trip.link_revoked", subject=trip.path)
    return _store(work, withdraw(work, trip))


def _store(work: UnitOfWork, trip: Trip) -> Trip:
    trip = replace(trip, updated_at=work.now)
    work.put(trip.path, trip.to_data())
    return trip


def _take_driver(work: UnitOfWork, trip: Trip) -> None:
    if not trip.driver_staff_id:
        return
    path = driver_path(trip.driver_staff_id)
    busy = work.get(path)
    if busy is not None and busy.data["trip_id"] != trip.trip_id:
        raise NotPossibleNow(
            f"[{trip.driver_staff_id}] is on the trip [{busy.data['trip_id']}] still: stop that one first"
        )
    work.put(path, {"trip_id": trip.trip_id, "since": work.now})


def _require_active(trip: Trip) -> None:
    _require_not_ended(trip)
    if trip.status != "active":
        raise NotPossibleNow(f"the trip [{trip.trip_id}] has not started: start it first")


def _require_not_ended(trip: Trip) -> None:
    if trip.status == "ended":
        raise NotPossibleNow(f"the trip [{trip.trip_id}] is over: plan another one")
