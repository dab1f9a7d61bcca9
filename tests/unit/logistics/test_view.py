"""What may be seen of a trip at a moment."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from shared.domain.trip.ping import Ping, milliseconds
from shared.domain.trip.track import Eta, Track
from shared.domain.trip.trip import Pause, Trip
from shared.domain.trip.view import ETA_OVERDUE, STALE, TripState, view

START = datetime(2026, 11, 20, 16, tzinfo=UTC)
TRIP = Trip("t", START, START, status="active", started_at=START)
PING = Ping(milliseconds(START) + 60_000, "a", 1, 41.8, -87.65)
ETA = Eta(START, START + timedelta(minutes=10), 9_000, "great_circle")
TRACK = Track({PING.bucket: PING}, eta=ETA)
TAKEN = START + timedelta(minutes=1)


def test_a_position_is_called_old_only_after_its_time() -> None:
    assert view(TRIP, TRACK, TAKEN + STALE).is_stale is False
    assert view(TRIP, TRACK, TAKEN + STALE + timedelta(seconds=1)).is_stale is True
    assert view(TRIP, Track(), TAKEN).is_stale is None


def test_an_estimate_that_is_long_over_says_nothing_any_more() -> None:
    over = ETA.arrives_at + ETA_OVERDUE
    assert view(TRIP, TRACK, over - timedelta(seconds=1)).eta == ETA
    assert view(TRIP, TRACK, over).eta is None


@pytest.mark.parametrize(
    ("changes", "state"),
    [
        ({"status": "planned", "started_at": None}, TripState.WAITING),
        ({"pauses": (Pause(TAKEN),)}, TripState.PAUSED),
        ({"status": "ended", "ended_by": "arrived", "ended_at": TAKEN}, TripState.ARRIVED),
        ({"status": "ended", "ended_by": "stopped", "ended_at": TAKEN}, TripState.ENDED),
        ({"status": "ended", "ended_by": "forgotten", "ended_at": TAKEN}, TripState.ENDED),
        ({"started_at": TAKEN + timedelta(seconds=1)}, TripState.WAITING),
    ],
)
def test_only_a_moving_trip_has_a_position(changes: dict[str, object], state: TripState) -> None:
    found = view(replace(TRIP, **changes), TRACK, TAKEN)  # type: ignore[arg-type]  # fields by name
    assert (found.state, found.position, found.at, found.eta) == (state, None, None, None)


def test_a_phone_s_clock_makes_no_position_of_the_future() -> None:
    assert view(TRIP, TRACK, START).age_s == 0


def test_a_stored_trip_is_the_same_trip_and_what_it_does_not_know_is_left() -> None:
    trip = replace(TRIP, pauses=(Pause(START, TAKEN), Pause(TAKEN)), purge={"documents": 1})
    assert Trip.from_data({**trip.to_data(), "somebody_elses": 1}) == trip
