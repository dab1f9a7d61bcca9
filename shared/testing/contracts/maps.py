"""Maps: a way has a length and a time, whoever says so."""

from __future__ import annotations

import pytest

from shared.domain.place import meters_between
from shared.ports import Maps, Place

HERE, THERE = Place(41.8, -87.65), Place(41.9, -87.65)


class MapsContract:
    def test_a_way_by_road_is_longer_than_the_straight_line_and_takes_time(self, maps: Maps) -> None:
        way = maps.drive(HERE, THERE)
        assert meters_between(HERE, THERE) <= way.meters < 3 * meters_between(HERE, THERE)
        assert 5 < way.meters / way.seconds < 40, "meters a second of a car"
        assert way.source

    def test_nowhere_to_go_takes_no_time(self, maps: Maps) -> None:
        way = maps.drive(HERE, HERE)
        assert (way.meters, way.seconds) == (0, 0)

    @pytest.mark.parametrize("observed", [None, 0.0, 12.5, 500.0])
    def test_any_observed_speed_is_taken(self, maps: Maps, observed: float | None) -> None:
        assert maps.drive(HERE, THERE, observed_mps=observed).seconds > 0

    def test_the_ends_of_the_earth_are_places_too(self, maps: Maps) -> None:
        assert maps.drive(Place(-54.8, -68.3), Place(71.2, 25.8)).meters > 10_000_000
