"""LOGISTICS_MAP: vehicles on their way, trips under way, and what transport cost."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from functions.plate_composer.asked import Asked, Period
from functions.plate_composer.plate import MOST_ROWS, Column, Plate, Row, newest, picked
from functions.plate_composer.plate_kinds import kinds_by_intent
from functions.plate_composer.record_rows import ENTRY_COLUMNS
from functions.plate_composer.records import is_described, read, read_by_keys, read_one
from shared.domain.trip.live import live_tracks
from shared.domain.trip.trip import Trip
from shared.domain.trip.view import TripView, view
from shared.platform import Tenant

COLUMNS = (
    Column("vin", "VIN"),
    Column("year", "Year"),
    Column("make", "Make"),
    Column("model", "Model"),
    Column("status", "Status"),
    Column("location", "Location"),
    Column("latitude", "Latitude"),
    Column("longitude", "Longitude"),
)
TRIP_COLUMNS = (
    Column("trip_id", "Trip"),
    Column("state", "State"),
    Column("vin", "VIN"),
    Column("driver", "Driver"),
    Column("latitude", "Latitude"),
    Column("longitude", "Longitude"),
    Column("seen_at", "Seen", "time"),
    Column("age_seconds", "Age in seconds"),
    Column("is_stale", "Old"),
    Column("arrives_at", "Arrives", "time"),
    Column("started_at", "Started", "time"),
)
ENTRIES = "plates/finance_entries_v1"
DEFAULT_DAYS = 30
SHOWN_ENTRIES = 50


def compose(asked: Asked, tenant: Tenant) -> Plate:
    """Vehicles in transit now; trips under way; transport postings, by default of the last 30 days.

    The postings are money, so they are shown only to those who may see the financials.
    """
    trips = _trips(asked, tenant)
    vehicles, what = _vehicles(asked, tenant, trips)
    start = asked.today - timedelta(days=DEFAULT_DAYS - 1)
    period = asked.period or Period(start, asked.today, f"last {DEFAULT_DAYS} days")
    sees_money = kinds_by_intent()["FINANCE"].is_for(asked.roles)
    entries = _entries(asked, tenant, period) if sees_money else []
    queries = {"queries": [ENTRIES]} if sees_money else {}
    return Plate(
        title=f"{what}; transport costs of {period.in_words}" if sees_money else what,
        columns=COLUMNS,
        dataset=[_shown(vehicle, trips) for vehicle in vehicles[:MOST_ROWS]],
        source={"collections": ["vehicles", "trips"], **queries},
        filters=_filters(asked, period if sees_money else None),
        newest_at=max(
            filter(None, (newest([*vehicles, *entries], "recorded_at"), newest(trips, "seen_at"))),
            default=None,
        ),
        note=_note(asked, what, vehicles, trips),
        total=len(vehicles),
        details={
            "trips": trips,
            "transport_entries": entries,
        },
        detail_columns={"trips": TRIP_COLUMNS, "transport_entries": ENTRY_COLUMNS},
    )


def _note(asked: Asked, what: str, vehicles: Sequence[Row], trips: Sequence[Row]) -> str:
    if asked.text("trip_number"):
        return "" if trips else f"{what} is not under way."
    none = [] if vehicles else [f"{what}: there are none."]
    under_way = {0: [], 1: ["One trip is under way."]}.get(len(trips), [f"{len(trips)} trips are under way."])
    return " ".join([*none, *under_way])


def _filters(asked: Asked, costs_of: Period | None) -> dict[str, Any]:
    span = {"from": costs_of.start, "to": costs_of.end} if costs_of else {}
    named = {"vin": vin.upper()} if (vin := asked.text("vin")) else asked.vehicle_words
    trip = {"trip_number": number} if (number := asked.text("trip_number")) else {}
    return {**span, **named, **trip}


def _vehicles(asked: Asked, tenant: Tenant, trips: Sequence[Row]) -> tuple[list[dict[str, Any]], str]:
    if number := asked.text("trip_number"):
        return [*read_by_keys(tenant, "vehicles", (trip["vin"] for trip in trips)).values()], f"Trip {number}"
    if vin := asked.text("vin"):
        found = read_one(tenant, "vehicles", vin.upper())
        return [found] if found else [], f"Vehicle {vin.upper()}"
    wanted = asked.vehicle_words
    moving = read(tenant, "vehicles", ("status", "==", "in_transit"))
    words = " ".join(wanted.values())
    return [one for one in moving if is_described(one, wanted)], f"{words or 'Vehicles'} in transit"


def _trips(asked: Asked, tenant: Tenant) -> list[dict[str, Any]]:
    """Trips under way, each with what may be seen of it; never whom it goes to."""
    found = [
        Trip.from_data(one) for one in read(tenant, "trips", ("status", "==", "active"), limit=MOST_ROWS)
    ]
    vin = (asked.text("vin") or "").upper()
    number = (asked.text("trip_number") or "").lower()
    trips = [t for t in found if vin in ("", t.vin) and number in ("", t.trip_id.lower())]
    tracks = live_tracks(tenant.documents, [trip.trip_id for trip in trips])
    staff = read_by_keys(tenant, "staff", (trip.driver_staff_id for trip in trips))
    return [
        _shown_trip(trip, view(trip, track, asked.as_of), staff.get(trip.driver_staff_id or "", {}))
        for trip, track in zip(trips, tracks, strict=True)
    ]


def _shown_trip(trip: Trip, seen: TripView, driver: Row) -> dict[str, Any]:
    return {
        "id": trip.trip_id,
        "trip_id": trip.trip_id,
        "status": trip.status,
        "state": str(seen.state),
        "vin": trip.vin,
        "driver": driver.get("name"),
        "latitude": seen.position and round(seen.position.latitude, 5),
        "longitude": seen.position and round(seen.position.longitude, 5),
        "seen_at": seen.at,
        "age_seconds": None if seen.age_s is None else round(seen.age_s),
        "is_stale": seen.is_stale,
        "arrives_at": seen.eta and seen.eta.arrives_at,
        "started_at": trip.started_at,
    }


def _entries(asked: Asked, tenant: Tenant, period: Period) -> list[dict[str, Any]]:
    span: dict[str, Any] = {"as_of": asked.as_of, "from_date": period.start, "to_date": period.end}
    if vin := asked.text("vin"):
        span["vin"] = vin.upper()
    rows = tenant.warehouse.query(ENTRIES, {**span, "category": "transport", "row_limit": SHOWN_ENTRIES})
    return [{"id": row["entry_id"], **row} for row in rows]


def _shown(vehicle: Row, trips: Sequence[Row]) -> dict[str, Any]:
    """A vehicle on a trip is where the trip was last seen."""
    same = ("vin", "year", "make", "model", "status", "location", "latitude", "longitude", "stock_number")
    on_trip = (trip for trip in trips if trip["vin"] == vehicle["vin"] and trip["latitude"] is not None)
    seen = picked(next(on_trip, vehicle), "latitude", "longitude")
    return {"id": vehicle["vin"], **picked(vehicle, *same), **seen}
