from __future__ import annotations

from collections.abc import Iterator

import pytest

from shared.adapters.embedded.maps import GreatCircleMaps
from shared.adapters.google.maps import NO_KEY, GoogleRoutes
from shared.domain.travel import drive
from shared.errors import Misconfigured, Unavailable
from shared.testing.contracts.maps import HERE, THERE, MapsContract
from shared.testing.emulators import free_port
from shared.testing.routes_stub import KEY, RoutesStub, routes_stub


class TestGreatCircleMaps(MapsContract):
    @pytest.fixture
    def maps(self) -> GreatCircleMaps:
        return GreatCircleMaps()


@pytest.fixture
def routes() -> Iterator[RoutesStub]:
    with routes_stub() as stub:
        yield stub


@pytest.fixture
def google(routes: RoutesStub) -> Iterator[GoogleRoutes]:
    maps = GoogleRoutes(key=KEY, base_url=routes.url, timeout_s=0.5)
    yield maps
    maps.close()


class TestGoogleRoutes(MapsContract):
    @pytest.fixture
    def maps(self, google: GoogleRoutes) -> GoogleRoutes:
        return google


def test_routes_is_asked_for_a_car_in_the_traffic_of_now(routes: RoutesStub, google: GoogleRoutes) -> None:
    assert google.drive(HERE, THERE).source == "google_routes"
    [asked] = routes.asked
    assert asked["origin"] == {"location": {"latLng": {"latitude": 41.8, "longitude": -87.65}}}
    assert (asked["travelMode"], asked["routingPreference"]) == ("DRIVE", "TRAFFIC_AWARE")
    assert "departureTime" not in asked


@pytest.mark.parametrize("status", [429, 500, 503])
def test_routes_on_a_bad_day(routes: RoutesStub, google: GoogleRoutes, status: int) -> None:
    routes.fail_with = status
    with pytest.raises(Unavailable, match=rf"\[{status}\]"):
        google.drive(HERE, THERE)
    assert drive(google, HERE, THERE).source == "great_circle"


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"[]",
        b"{}",
        b'{"routes": []}',
        b'{"routes": ["x"]}',
        b'{"routes": [{"duration": "soon"}]}',
        b"<html>",
    ],
)
def test_an_answer_without_a_way_is_none(routes: RoutesStub, google: GoogleRoutes, answer: bytes) -> None:
    routes.answers_with = answer
    with pytest.raises(Unavailable):
        google.drive(HERE, THERE)


def test_routes_that_is_slow_or_gone_is_not_waited_for(routes: RoutesStub, google: GoogleRoutes) -> None:
    routes.stay_silent_s = 1.0
    with pytest.raises(Unavailable, match="did not answer"):
        google.drive(HERE, THERE)
    gone = GoogleRoutes(key=KEY, base_url=f"http://127.0.0.1:{free_port()}")
    with pytest.raises(Unavailable, match="did not answer"):
        gone.drive(HERE, THERE)
    gone.close()


def test_a_key_that_does_not_hold_names_the_secret_and_holds_up_no_position(routes: RoutesStub) -> None:
    maps = GoogleRoutes(key="wrong", base_url=routes.url)
    with pytest.raises(Misconfigured, match="google_maps_api_key"):
        maps.drive(HERE, THERE)
    assert drive(maps, HERE, THERE).source == "great_circle"
    maps.close()


def test_a_dealership_without_a_key_asks_nobody(routes: RoutesStub) -> None:
    maps = GoogleRoutes(key=NO_KEY, base_url=routes.url)
    with pytest.raises(Unavailable, match="none"):
        maps.drive(HERE, THERE)
    assert not routes.asked
    maps.close()
