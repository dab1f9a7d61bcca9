"""From a row as it was written to a position, or to what is wrong with it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from functions.logistics.written_places import is_null_island, read_degrees, read_place
from functions.logistics.written_times import Clockwork
from shared.domain.record import folded_name
from shared.domain.trip.ping import Ping, milliseconds
from shared.domain.trip.trip import DRIVER_ID
from shared.domain.written_values import shown
from shared.events.base import SAFE_ID
from shared.port_types import Place

MOST_AHEAD = timedelta(minutes=5)
"""A phone's clock errs by seconds, by a minute or two when it has no network. More is a wrong time zone."""
OLDEST = timedelta(days=2)
COARSEST_M = 1_000.0
"""A position that could be anywhere in a town would only mislead."""
MOST_VERSION = 2**62

NAMES: Mapping[str, tuple[str, ...]] = {
    "trip_id": ("tripid", "trip", "tripkey", "route", "routeid"),
    "driver_id": ("driverid", "driver", "driverstaffid", "staffid"),
    "key": ("rowid", "rowkey", "key", "pingid", "locationid", "id", "rownumber"),
    "version": ("version", "rowversion", "revision", "v"),
    "at": ("at", "takenat", "timestamp", "datetime", "capturedat", "recordedat", "changetimestamp", "time"),
    "location": ("location", "latlong", "latlng", "position", "coordinates", "gps"),
    "latitude": ("latitude", "lat"),
    "longitude": ("longitude", "lng", "lon", "long"),
    "accuracy": ("accuracy", "accuracym", "horizontalaccuracy"),
}
"""What each column may be called, without case, spaces and punctuation; the first found counts."""


class RowProblemError(ValueError):
    """What is wrong with a row; `field` is the column meant."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field


@dataclass(frozen=True)
class TakenRow:
    """A row that can be read: which trip it is of, or whose, and where the phone was. Without a time of
    its own it was taken when it came."""

    ping: Ping
    trip_id: str
    driver_id: str
    has_time: bool = True


def read_row(raw: Any, *, received_at: datetime, clockwork: Clockwork) -> TakenRow:
    """Raises `RowProblemError`."""
    if not isinstance(raw, dict):
        raise RowProblemError("", "a row is an object with a value for each column")
    row = _by_meaning(raw)
    trip_id, driver_id = _id(row, "trip_id", SAFE_ID), _id(row, "driver_id", DRIVER_ID)
    if not trip_id and not driver_id:
        raise RowProblemError("trip_id", "is required, or driver_id of somebody on a trip")
    place = _place(row)
    at = _at(row, received_at, clockwork)
    key = " ".join(str(row.get("key", "")).split())
    if len(key) > 100:
        raise RowProblemError("row_id", f"has [{len(key)}] characters; 100 are possible")
    # To a tenth of a meter, as it is stored: what is compared must be the same before and after.
    ping = Ping(
        milliseconds(at), key, _version(row, clockwork), round(place.latitude, 6), round(place.longitude, 6)
    )
    return TakenRow(ping, trip_id, driver_id, "at" in row)


def _by_meaning(raw: Mapping[str, Any]) -> dict[str, Any]:
    folded = {folded_name(str(name)): value for name, value in raw.items() if value not in (None, "")}
    found = {meaning: [n for n in names if n in folded] for meaning, names in NAMES.items()}
    return {meaning: folded[names[0]] for meaning, names in found.items() if names}


def _id(row: Mapping[str, Any], field: str, pattern: re.Pattern[str]) -> str:
    text = str(row.get(field, "")).strip()
    if text and not pattern.fullmatch(text):
        raise RowProblemError(field, f"[{shown(text)}] is no id; letters, digits and ._:- are")
    return text


def _place(row: Mapping[str, Any]) -> Place:
    try:
        place = _written_place(row)
    except ValueError as error:
        raise RowProblemError("location", str(error)) from error
    if is_null_island(place):
        raise RowProblemError(
            "location", f"[{place.latitude}, {place.longitude}] is what a phone without a fix sends"
        )
    try:
        accuracy = read_degrees(row["accuracy"]) if "accuracy" in row else 0.0
    except ValueError as error:
        raise RowProblemError("accuracy", str(error)) from error
    if accuracy > COARSEST_M:
        raise RowProblemError("accuracy", f"[{accuracy:.0f}] m is too coarse; {COARSEST_M:.0f} m is the most")
    return place


def _written_place(row: Mapping[str, Any]) -> Place:
    if "latitude" in row and "longitude" in row:
        return read_place({"latitude": row["latitude"], "longitude": row["longitude"]})
    if "location" not in row:
        raise ValueError("is required: [41.8781, -87.6298], or the columns latitude and longitude")
    return read_place(row["location"])


def _at(row: Mapping[str, Any], received_at: datetime, clockwork: Clockwork) -> datetime:
    if "at" not in row:
        return received_at
    try:
        at = clockwork.read(row["at"])
    except ValueError as error:
        raise RowProblemError("at", str(error)) from error
    if at > received_at + MOST_AHEAD:
        raise RowProblemError(
            "at",
            f"[{at:%Y-%m-%d %H:%M:%S} UTC] has not come yet, here it is [{received_at:%H:%M:%S} UTC]; "
            "set the phone's clock, or send times with their offset",
        )
    if at < received_at - OLDEST:
        raise RowProblemError("at", f"[{at:%Y-%m-%d %H:%M:%S} UTC] is more than {OLDEST.days} days ago")
    return at


def _version(row: Mapping[str, Any], clockwork: Clockwork) -> int:
    value = row.get("version", 1)
    text = str(value).strip()
    if text.isascii() and text.isdigit() and int(text[:20]) < MOST_VERSION:
        return int(text[:20])
    try:
        return milliseconds(clockwork.read(value).astimezone(UTC))
    except ValueError as error:
        raise RowProblemError(
            "version", f"a whole number or a moment is expected, not [{shown(value)}]"
        ) from error
