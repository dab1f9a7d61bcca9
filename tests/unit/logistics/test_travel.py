"""How long the way is when nobody who knows the roads answers."""

from __future__ import annotations

import pytest

from shared.domain.place import meters_between
from shared.domain.travel import FASTEST_MPS, ROAD_FACTOR, SLOWEST_MPS, USUAL_MPS, drive, straight_drive
from shared.errors import Misconfigured, Unavailable
from shared.port_types import Drive, Place

HERE, THERE = Place(41.8, -87.65), Place(41.9, -87.65)


class SilentMaps:
    def __init__(self, error: Exception) -> None:
        self.error = error

    def drive(self, start: Place, end: Place, *, observed_mps: float | None = None) -> Drive:
        raise self.error


@pytest.mark.parametrize("observed", [None, 10.0])
def test_the_way_is_the_great_circle_with_the_detour_of_roads(observed: float | None) -> None:
    way = straight_drive(HERE, THERE, observed_mps=observed)
    assert way.meters == pytest.approx(meters_between(HERE, THERE) * ROAD_FACTOR)
    assert way.seconds == pytest.approx(way.meters / (observed or USUAL_MPS))


def test_a_traffic_light_and_a_motorway_do_not_decide_alone() -> None:
    slow, fast = (straight_drive(HERE, THERE, observed_mps=speed) for speed in (0.0, 90.0))
    assert slow.seconds == pytest.approx(slow.meters / SLOWEST_MPS)
    assert fast.seconds == pytest.approx(fast.meters / FASTEST_MPS)


@pytest.mark.parametrize("error", [Unavailable("away"), Misconfigured("no key")])
def test_maps_that_do_not_answer_are_estimated_past(error: Exception) -> None:
    assert drive(SilentMaps(error), HERE, THERE, observed_mps=10) == straight_drive(
        HERE, THERE, observed_mps=10
    )


def test_a_mistake_in_our_own_code_is_not_estimated_past() -> None:
    with pytest.raises(ZeroDivisionError):
        drive(SilentMaps(ZeroDivisionError()), HERE, THERE)
