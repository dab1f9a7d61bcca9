"""What staff and customers are answered about a trip."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from pydantic import BaseModel, Field

from functions.logistics.customer_link import link_url
from shared.domain.trip.live import live_tracks
from shared.domain.trip.track import Track
from shared.domain.trip.trip import Trip
from shared.domain.trip.view import TripState, TripView, view
from shared.domain.trip.words import text_key
from shared.runtime.work import UnitOfWork
from shared.texting.request import text_id_of, text_path

POLL_S = 5
"""As often as a position is kept."""
WORDS = {
    TripState.WAITING: "The trip has not begun, or no position has come yet.",
    TripState.MOVING: "On the way.",
    TripState.PAUSED: "The driver is taking a break; the map goes on afterwards.",
    TripState.ARRIVED: "Arrived.",
    TripState.ENDED: "The trip is over.",
}


class Position(BaseModel):
    """Where the vehicle is. `is_stale`: nothing newer has come for two minutes."""

    latitude: float
    longitude: float
    at: datetime = Field(description="When it was taken.")
    age_seconds: int
    is_stale: bool


class Arrival(BaseModel):
    """When it should be there. `source`: `google_routes` knows the traffic, `great_circle` estimates."""

    arrives_at: datetime
    minutes: int
    distance_meters: int = Field(description="The way left when it was estimated.")
    computed_at: datetime
    source: str


class Tracked(BaseModel):
    """A trip as whoever holds its link sees it: nothing of the driver, nothing of the customer."""

    state: TripState
    message: str
    position: Position | None = None
    eta: Arrival | None = None
    as_of: datetime
    poll_after_seconds: int | None = Field(None, description="When to ask again; nothing once it is over.")


class TripAnswer(BaseModel):
    """A trip as staff see it."""

    trip_id: str
    kind: str
    status: str
    state: TripState
    vin: str | None
    driver_staff_id: str | None
    repair_order: str | None
    deal: str | None
    started_at: datetime | None
    ended_at: datetime | None
    ended_by: str | None
    url: str = Field(description="The customer's link; empty when there is none.")
    is_texted: bool = Field(description="The customer has a number, so the link was asked to be texted.")
    text_state: str = Field(
        description="What became of that text: requested, deferred (until morning), refused, sent, …; "
        "empty when none was asked for."
    )
    position: Position | None = None
    eta: Arrival | None = None


class Trips(BaseModel):
    trips: list[TripAnswer]


def tracked(trip: Trip, track: Track, now: datetime) -> Tracked:
    seen = view(trip, track, now)
    goes_on = seen.state not in (TripState.ARRIVED, TripState.ENDED)
    return Tracked(
        state=seen.state,
        message=WORDS[seen.state],
        position=_position(seen),
        eta=_arrival(seen, now),
        as_of=now,
        poll_after_seconds=POLL_S if goes_on else None,
    )


def answer(work: UnitOfWork, trip: Trip) -> TripAnswer:
    return answers(work, [trip])[0]


def answers(work: UnitOfWork, trips: Sequence[Trip]) -> list[TripAnswer]:
    live = live_tracks(work, [trip.trip_id for trip in trips])
    tenant_id = work.tenant.tenant_id
    texts = work.get_many([text_path(text_id_of(tenant_id, text_key(trip))) for trip in trips])
    return [
        _answer(work, trip, view(trip, track, work.now), str(text.data["state"]) if text else "")
        for trip, track, text in zip(trips, live, texts, strict=True)
    ]


def _answer(work: UnitOfWork, trip: Trip, seen: TripView, text_state: str) -> TripAnswer:
    return TripAnswer(
        trip_id=trip.trip_id,
        kind=trip.kind,
        status=trip.status,
        state=seen.state,
        vin=trip.vin,
        driver_staff_id=trip.driver_staff_id,
        repair_order=trip.repair_order,
        deal=trip.deal,
        started_at=trip.started_at,
        ended_at=trip.ended_at,
        ended_by=trip.ended_by,
        url=link_url(work, trip),
        is_texted=bool(trip.phone and trip.started_at),
        text_state=text_state,
        position=_position(seen),
        eta=_arrival(seen, work.now),
    )


def _position(seen: TripView) -> Position | None:
    if seen.position is None or seen.at is None or seen.age_s is None:
        return None
    return Position(
        latitude=round(seen.position.latitude, 5),
        longitude=round(seen.position.longitude, 5),
        at=seen.at,
        age_seconds=round(seen.age_s),
        is_stale=bool(seen.is_stale),
    )


def _arrival(seen: TripView, now: datetime) -> Arrival | None:
    if seen.eta is None:
        return None
    left = max(0.0, (seen.eta.arrives_at - now).total_seconds())
    return Arrival(
        arrives_at=seen.eta.arrives_at,
        minutes=-(-round(left) // 60),
        distance_meters=round(seen.eta.meters),
        computed_at=seen.eta.computed_at,
        source=seen.eta.source,
    )
