"""Places on earth and how far apart they are."""

from __future__ import annotations

from math import asin, cos, radians, sin, sqrt

from shared.port_types import Place

EARTH_M = 6_371_008.8
"""Mean radius (IUGG 1980)."""


def meters_between(one: Place, other: Place) -> float:
    """Great-circle distance by the haversine formula, exact to 0.6 % on the ellipsoid."""
    up, across = radians(other.latitude - one.latitude), radians(other.longitude - one.longitude)
    low, high = radians(one.latitude), radians(other.latitude)
    half_chord = sin(up / 2) ** 2 + cos(low) * cos(high) * sin(across / 2) ** 2
    return 2 * EARTH_M * asin(sqrt(min(1.0, half_chord)))
