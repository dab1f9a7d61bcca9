"""Trips inside the whole product, with a clock that is set by hand."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from shared.adapters.embedded.maps import GreatCircleMaps
from shared.domain.trip.live import live_tracks
from shared.domain.trip.track import Track
from shared.domain.trip.trip import Trip, trip_path
from shared.errors import Unavailable
from shared.local.wsgi_call import Response
from shared.platform import Platform
from shared.port_types import Drive, Place
from shared.ports import Query
from shared.testing.harness import Harness, running

NOON = datetime(2026, 11, 20, 18, tzinfo=UTC)
HOME, LOT = "41.9, -87.65", "41.8, -87.65"
PHONE = "+13125550142"


class SetClock:
    """A clock that stands until it is set."""

    def __init__(self) -> None:
        self.at = NOON

    def now(self) -> datetime:
        return self.at

    def goes(self, **by: float) -> datetime:
        self.at += timedelta(**by)
        return self.at


class CountingMaps(GreatCircleMaps):
    """Counts its questions; away when told so."""

    def __init__(self) -> None:
        self.asked = 0
        self.is_away = False

    def drive(self, start: Place, end: Place, *, observed_mps: float | None = None) -> Drive:
        self.asked += 1
        if self.is_away:
            raise Unavailable("away")
        return super().drive(start, end, observed_mps=observed_mps)


class Road:
    """Plans trips, drives them and looks at what anybody sees."""

    def __init__(self, harness: Harness, clock: SetClock, maps: CountingMaps) -> None:
        self.harness, self.clock, self.maps = harness, clock, maps
        self.trips = 0

    def plan(self, *, start: bool = True, **fields: Any) -> dict[str, Any]:
        self.trips += 1
        trip = {"trip_id": f"t{self.trips}", "destination": HOME, "phone": PHONE, "start": start, **fields}
        response = self.harness.call("POST", "/api/logistics/trips", json=trip, api_key=True)
        assert response.status in (200, 201), response.text
        return dict(response.json())

    def act(self, trip_id: str, act: str, **how: Any) -> Response:
        how = how or {"persona": "driver"}
        return self.harness.call("POST", f"/api/logistics/trips/{trip_id}/{act}", **how)

    def done(self, trip_id: str, act: str) -> dict[str, Any]:
        response = self.act(trip_id, act)
        assert response.status == 200, response.text
        return dict(response.json())

    def row(self, trip_id: str, place: str = LOT, **fields: Any) -> dict[str, Any]:
        at = fields.pop("at", self.clock.at)
        key = f"{trip_id}-{at:%H%M%S.%f}"
        return {
            "row_id": key,
            "version": 1,
            "trip_id": trip_id,
            "location": place,
            "at": at.isoformat(),
        } | fields

    def send(self, *rows: Any, **how: Any) -> Response:
        return self.harness.call(
            "POST", "/api/logistics/location", json={"Rows": list(rows)}, **(how or {"api_key": True})
        )

    def sent(self, *rows: Any) -> dict[str, Any]:
        response = self.send(*rows)
        assert response.status == 200, response.text
        return dict(response.json())

    def seen(self, url: str) -> dict[str, Any]:
        response = self.look(url)
        assert response.status == 200, response.text
        return dict(response.json())

    def look(self, url: str) -> Response:
        return self.harness.call("GET", f"/api/public/track/{url.rsplit('/', 1)[1]}")

    def trip(self, trip_id: str) -> Trip:
        found = self.harness.tenant().documents.get(trip_path(trip_id))
        assert found
        return Trip.from_data(found.data)

    def track(self, trip_id: str) -> Track:
        return live_tracks(self.harness.tenant().documents, [trip_id])[0]

    def stored(self, collection: str) -> list[dict[str, Any]]:
        return [dict(one.data) for one in self.harness.tenant().documents.query(Query(collection))]

    def told(self, topic: str, trip_id: str) -> list[dict[str, Any]]:
        return [e["data"] for e in self.harness.events(topic) if e["data"].get("trip_id") == trip_id]

    def drive(self, trip_id: str, places: Sequence[str], *, seconds: float = 5) -> None:
        for place in places:
            self.clock.goes(seconds=seconds)
            assert self.sent(self.row(trip_id, place))["kept"] == 1


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Road]:
    clock, maps = SetClock(), CountingMaps()

    def at_hand(_: Platform) -> SetClock:
        return clock

    replaced = {"clock": at_hand, "maps": lambda _: maps}
    with running(tmp_path_factory.mktemp("road"), replaced=replaced, delivering=False) as harness:
        yield Road(harness, clock, maps)


@pytest.fixture
def road(whole: Road) -> Road:
    whole.clock.at = NOON
    whole.maps.is_away = False
    return whole
