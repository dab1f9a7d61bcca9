"""The way by road, from Google's Routes API with the traffic of now."""

from __future__ import annotations

import re
from typing import Any

import httpx

from shared.adapters.google.effect_http import check_answer, check_object, lookup_errors
from shared.errors import Misconfigured, Unavailable
from shared.port_types import Drive, Place

ROUTES_URL = "https://routes.googleapis.com"
NO_KEY = "none"
"""The secret of a dealership that has no key: nobody is asked."""
_FIELDS = "routes.duration,routes.distanceMeters"
_SECONDS = re.compile(r"(\d+(?:\.\d+)?)s")


class GoogleRoutes:
    """`computeRoutes` for a car, traffic aware. `base_url` (`http://127.0.0.1:port`) instead of the cloud."""

    def __init__(self, *, key: str, base_url: str = "", timeout_s: float = 2.0) -> None:
        self._key = key
        self._url = f"{(base_url or ROUTES_URL).rstrip('/')}/directions/v2:computeRoutes"
        self._http = httpx.Client(timeout=timeout_s)

    def drive(self, start: Place, end: Place, *, observed_mps: float | None = None) -> Drive:
        if self._key == NO_KEY:
            raise Unavailable("Secret google_maps_api_key is [none], so Routes is not asked")
        asked = {
            "origin": _waypoint(start),
            "destination": _waypoint(end),
            "travelMode": "DRIVE",
            "routingPreference": "TRAFFIC_AWARE",
        }
        headers = {"X-Goog-Api-Key": self._key, "X-Goog-FieldMask": _FIELDS}
        with lookup_errors("Google Routes"):
            answer = self._http.post(self._url, json=asked, headers=headers)
        check_answer("Google Routes", answer.status_code, is_effect=False)
        if answer.status_code != 200:
            raise Misconfigured(
                f"Google Routes [{answer.status_code}]: the Secret google_maps_api_key must be a key of a "
                f"project with the Routes API, or [{NO_KEY}]"
            )
        check_object("Google Routes", answer.text, is_effect=False)
        return _shortest(answer.json())

    def close(self) -> None:
        self._http.close()


def _waypoint(place: Place) -> dict[str, Any]:
    return {"location": {"latLng": {"latitude": place.latitude, "longitude": place.longitude}}}


def _shortest(found: dict[str, Any]) -> Drive:
    """The first route is the one Google recommends; a way of no length is left out of its JSON."""
    routes = found.get("routes")
    first = routes[0] if isinstance(routes, list) and routes else None
    way = first if isinstance(first, dict) else {}
    seconds, meters = _SECONDS.fullmatch(str(way.get("duration", ""))), way.get("distanceMeters", 0)
    if seconds is None or not isinstance(meters, int | float):
        raise Unavailable("Google Routes knows no way there by road")
    return Drive(float(meters), float(seconds[1]), "google_routes")
