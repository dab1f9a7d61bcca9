"""The page of a customer's link says times as people do."""

from __future__ import annotations

from datetime import timedelta

import pytest

from functions.logistics.answers import Arrival, Position, Tracked
from functions.logistics.page import page
from shared.domain.trip.view import TripState
from tests.functions.logistics.conftest import NOON


def shown(*, minutes: int = 5, age: int = 0) -> str:
    eta = Arrival(
        arrives_at=NOON + timedelta(minutes=minutes),
        minutes=minutes,
        distance_meters=1,
        computed_at=NOON,
        source="great_circle",
    )
    seen = Position(latitude=41.9, longitude=-87.6, at=NOON, age_seconds=age, is_stale=age > 120)
    told = {"message": "On the way.", "position": seen, "eta": eta, "as_of": NOON}
    return page(Tracked.model_validate({"state": TripState.MOVING, **told}))


@pytest.mark.parametrize(
    ("minutes", "words"),
    [(1, "1 minute"), (90, "90 minutes"), (121, "3 hours"), (4_940, "4 days")],
)
def test_the_time_left_is_said_in_the_unit_people_use(minutes: int, words: str) -> None:
    assert f"About {words} to go." in shown(minutes=minutes)


def test_a_position_of_long_ago_says_how_long() -> None:
    assert "Last seen 3 hours ago." in shown(age=3 * 3600)
