"""However positions come - in any order, batch and number of times - the trip ends up the same."""

from __future__ import annotations

import random
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from shared.domain.trip.live import history_collection
from shared.domain.trip.track import Track, join
from tests.functions.logistics.conftest import HOME, LOT, NOON, Road

PLACES = st.sampled_from([LOT, "41.82, -87.65", "41.85, -87.65", "41.899, -87.65", HOME, "43.0, -80.0"])
PINGS = st.lists(st.tuples(st.integers(0, 600), PLACES, st.integers(1, 2)), min_size=1, max_size=12)


def batches(rows: list[dict[str, Any]], chance: random.Random) -> list[list[dict[str, Any]]]:
    """The rows in some order, some of them again, cut into batches."""
    order = [*rows, *chance.choices(rows, k=len(rows) // 2)]
    chance.shuffle(order)
    size = chance.randint(1, len(order))
    return [order[start : start + size] for start in range(0, len(order), size)]


def driven(road: Road, pings: list[tuple[int, str, int]], chance: random.Random | None) -> dict[str, Any]:
    """What is to be seen of a trip of these positions, sent in order or as chance has it."""
    road.clock.at = NOON
    trip = road.plan()
    trip_id = trip["trip_id"]
    road.clock.goes(minutes=11)
    rows = [
        road.row(trip_id, place, at=NOON + timedelta(seconds=second), row_id=f"r{second}", version=version)
        for second, place, version in pings
    ]
    in_order = [[row] for row in sorted(rows, key=lambda row: (row["at"], row["version"]))]
    for batch in batches(rows, chance) if chance else in_order:
        assert road.send(*batch).status in (200, 422)
    stored = road.trip(trip_id)
    history = sorted(str(chunk) for chunk in road.stored(history_collection(trip_id)))
    seen = {**road.seen(trip["url"]), "as_of": None, "eta": None}
    ended = len(road.told("trip-ended", trip_id))
    return {
        "trip": (stored.status, stored.ended_at, stored.ended_by, ended),
        "seen": seen,
        "pings": road.track(trip_id).newest(),
        "history": history,
    }


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(pings=PINGS, chance=st.randoms(use_true_random=False))
@example(  # the arrival falls into five seconds of which one position came before and one after it
    pings=[(595, LOT, 1), (0, LOT, 1), (0, "41.899, -87.65", 1), (596, "41.899, -87.65", 1)],
    chance=random.Random(1),
)
def test_any_order_and_duplication_give_the_same_trip(
    road: Road, pings: list[tuple[int, str, int]], chance: random.Random
) -> None:
    assert driven(road, pings, chance) == driven(road, pings, None)


def kept(road: Road, trip_id: str) -> list[str]:
    """Every position of a trip, wherever it lies."""
    chunks = [Track.from_data(chunk) for chunk in road.stored(history_collection(trip_id))]
    return [ping.line() for ping in join([road.track(trip_id), *chunks]).newest(10_000)]


@pytest.mark.parametrize("seed", range(3))
def test_a_long_trip_in_any_order_is_the_same_trip_with_the_same_history(road: Road, seed: int) -> None:
    """Far more than the live documents hold, over both of them and the history."""
    chance, found = random.Random(seed), []
    for is_shuffled in (False, True):
        road.clock.at = NOON
        trip = road.plan(destination="")
        rows = [
            road.row(
                trip["trip_id"], f"41.{80000 + n}, -87.65", at=NOON + timedelta(seconds=4 * n), row_id=str(n)
            )
            for n in range(300)
        ]
        road.clock.goes(minutes=21)
        for batch in batches(rows, chance) if is_shuffled else [rows[n : n + 7] for n in range(0, 300, 7)]:
            road.clock.goes(milliseconds=400)
            road.sent(*batch)
        seen = road.seen(trip["url"])["position"]["latitude"]
        found.append((kept(road, trip["trip_id"]), road.track(trip["trip_id"]).newest(), seen))
    assert found[0] == found[1]
    assert len(found[0][0]) == 240
