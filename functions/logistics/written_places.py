"""Reading places as apps write them: AppSheet's LatLong text, separate columns, decimal commas."""

from __future__ import annotations

import re
from collections.abc import Mapping
from math import isfinite
from typing import Any

from shared.domain.record import folded_name
from shared.domain.written_values import shown
from shared.port_types import Place

_NUMBER = r"[+-]?\d{1,15}(?:[.,]\d{1,20})?"
_PAIR = re.compile(rf"\s*\(?\s*({_NUMBER})\s*°?(?:\s*[,;]\s*|\s+)({_NUMBER})\s*°?\s*\)?\s*")
_NAMES = {"latitude": "latitude", "lat": "latitude", "longitude": "longitude", "lng": "longitude"}
NULL_ISLAND_DEGREES = 0.01
"""A kilometre around the point that phones without a fix report; there is only sea."""


def read_place(value: Any) -> Place:
    """`41.8781, -87.6298`, `41,8781; -87,6298`, or an object with both. Raises `ValueError`."""
    if isinstance(value, Mapping):
        words = {**_NAMES, "lon": "longitude", "long": "longitude"}
        found = {words.get(folded_name(str(name))): part for name, part in value.items()}
        if "latitude" not in found or "longitude" not in found:
            raise ValueError("latitude and longitude are required")
        return _place(read_degrees(found["latitude"]), read_degrees(found["longitude"]))
    pair = _PAIR.fullmatch(value) if isinstance(value, str) else None
    if pair is None:
        raise ValueError(f"a position such as 41.8781, -87.6298 is expected, not [{shown(value)}]")
    return _place(read_degrees(pair[1]), read_degrees(pair[2]))


def read_degrees(value: Any) -> float:
    """A number, also with a decimal comma. Raises `ValueError`."""
    if isinstance(value, str) and re.fullmatch(rf"\s*{_NUMBER}\s*", value):
        value = float(value.replace(",", "."))
    if isinstance(value, bool) or not isinstance(value, int | float) or abs(value) > 1e15:
        raise ValueError(f"a number is expected, not [{shown(value)}]")
    if not isfinite(value):
        raise ValueError(f"a number is expected, not [{value}]")
    return float(value)


def is_null_island(place: Place) -> bool:
    return abs(place.latitude) < NULL_ISLAND_DEGREES and abs(place.longitude) < NULL_ISLAND_DEGREES


def _place(latitude: float, longitude: float) -> Place:
    if not -90 <= latitude <= 90:
        raise ValueError(f"the latitude [{latitude}] is not between -90 and 90")
    if not -180 <= longitude <= 180:
        raise ValueError(f"the longitude [{longitude}] is not between -180 and 180")
    return Place(latitude, longitude)
