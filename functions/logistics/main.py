"""A driver's trip: planned, followed while it lasts, over."""

from __future__ import annotations

from typing import Annotated

from functions.logistics import trips
from functions.logistics.answers import Tracked, TripAnswer, Trips, answer, answers, tracked
from functions.logistics.page import HEADERS, page
from functions.logistics.position_rows import PositionRows
from functions.logistics.positions import take_in
from functions.logistics.report import PositionsReport, report
from functions.logistics.trip_request import TripRequest
from shared.domain.trip.live import live_tracks
from shared.domain.trip.trip import Trip
from shared.ports import Query
from shared.runtime.auth import Caller
from shared.runtime.entry import entry_point
from shared.runtime.reply import Answer, Says
from shared.runtime.work import UnitOfWork

MOST_TRIPS = 200


def take_positions(rows: PositionRows, work: UnitOfWork) -> PositionsReport:
    """Keeps the good rows, says what is wrong with the others. Safe to send again and in any order."""
    return report(take_in(work, rows))


def plan_trip(request: TripRequest, work: UnitOfWork) -> Annotated[Answer, Says(TripAnswer, 201, 200)]:
    """201 for a new trip, 200 for one that stands already."""
    trip, is_new = trips.plan(work, request)
    return Answer(201 if is_new else 200, answer(work, trip))


def list_trips(work: UnitOfWork) -> Trips:
    found = work.query(Query("trips", (("status", "==", "active"),), limit=MOST_TRIPS))
    under_way = [Trip.from_data(document.data) for document in found]
    return Trips(trips=answers(work, under_way))


def show_trip(trip_id: str, work: UnitOfWork) -> TripAnswer:
    return answer(work, trips.find(work, trip_id))


def start(trip_id: str, work: UnitOfWork) -> TripAnswer:
    return answer(work, trips.start(work, trips.find(work, trip_id)))


def pause(trip_id: str, work: UnitOfWork) -> TripAnswer:
    return answer(work, trips.pause(work, trips.find(work, trip_id)))


def resume(trip_id: str, work: UnitOfWork) -> TripAnswer:
    return answer(work, trips.resume(work, trips.find(work, trip_id)))


def arrive(trip_id: str, work: UnitOfWork) -> TripAnswer:
    return answer(work, trips.end(work, trips.find(work, trip_id), "arrived"))


def stop(trip_id: str, work: UnitOfWork) -> TripAnswer:
    return answer(work, trips.end(work, trips.find(work, trip_id), "stopped"))


def share(trip_id: str, work: UnitOfWork) -> TripAnswer:
    return answer(work, trips.share(work, trips.find(work, trip_id)))


def revoke(trip_id: str, work: UnitOfWork) -> TripAnswer:
    return answer(work, trips.revoke(work, trips.find(work, trip_id)))


def track(uuid: str, caller: Caller, work: UnitOfWork) -> Tracked:
    """The link says which trip; nothing else of the dealership can be asked with it."""
    trip = Trip.from_data(work.require(caller.subject).data)
    return tracked(trip, live_tracks(work, [trip.trip_id])[0], work.now)


def track_page(uuid: str, caller: Caller, work: UnitOfWork) -> Annotated[Answer, Says("text/html")]:
    return Answer(200, page(track(uuid, caller, work)), HEADERS, "text/html; charset=utf-8")


logistics = entry_point(
    __file__,
    take_positions,
    plan_trip,
    list_trips,
    show_trip,
    start,
    pause,
    resume,
    arrive,
    stop,
    share,
    revoke,
    track,
    track_page,
)
