"""A trip nothing is heard of is told once; one that is there or forgotten ends by itself."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from shared.adapters.embedded.documents import SqliteDocuments
from shared.errors import Unavailable
from shared.ports import Document, Query
from shared.testing.harness import running
from tests.functions.logistics.conftest import HOME, LOT, NOON, CountingMaps, Road, SetClock


@pytest.fixture
def road(tmp_path: Any) -> Iterator[Road]:
    clock, maps = SetClock(), CountingMaps()
    replaced = {"clock": lambda _: clock, "maps": lambda _: maps}
    with running(tmp_path, replaced=replaced, delivering=False) as harness:
        yield Road(harness, clock, maps)


def watch(road: Road) -> dict[str, int]:
    answer = road.harness.product.run("trip_watch")
    assert answer.status == 200, answer.text
    return dict(answer.json()["result"]["autohaus"])


def asked(road: Road) -> list[dict[str, Any]]:
    return [event["data"] for event in road.harness.events("attention-requested")]


def test_a_trip_without_positions_asks_for_attention_once(road: Road) -> None:
    trip = road.plan()
    road.clock.goes(minutes=9)
    watch(road)
    assert not asked(road)
    for _ in range(3):
        road.clock.goes(minutes=1)
        watch(road)
    [request] = asked(road)
    assert (request["kind"], request["subject"]) == ("trip_problem", f"trips/{trip['trip_id']}")
    assert "41." not in str(request) and "312" not in str(request)


def test_a_trip_that_was_told_and_goes_silent_again_is_not_told_again(road: Road) -> None:
    trip = road.plan()
    for act in ("pause", "resume"):
        road.clock.goes(minutes=11)
        watch(road)
        road.done(trip["trip_id"], act)
    road.clock.goes(minutes=11)
    watch(road)
    assert len(asked(road)) == 1


def test_a_trip_that_sends_is_left_alone_and_looked_at_rarely(road: Road) -> None:
    trip = road.plan()
    looks = 0
    for _ in range(30):
        road.drive(trip["trip_id"], [LOT], seconds=60)
        looks += watch(road)["looked_at"]
    assert not asked(road) and 1 <= looks <= 4


def test_a_pause_is_no_silence_and_its_end_begins_a_new_one(road: Road) -> None:
    trip = road.plan()
    road.done(trip["trip_id"], "pause")
    road.clock.goes(minutes=40)
    watch(road)
    road.done(trip["trip_id"], "resume")
    road.clock.goes(minutes=9)
    watch(road)
    assert not asked(road)
    road.clock.goes(minutes=2)
    watch(road)
    assert len(asked(road)) == 1


def test_a_phone_that_slept_at_the_destination_has_arrived(road: Road) -> None:
    trip = road.plan()
    road.drive(trip["trip_id"], [LOT, HOME], seconds=300)
    road.clock.goes(minutes=11)
    assert watch(road)["ended"] == 1
    ended = road.trip(trip["trip_id"])
    assert (ended.ended_by, ended.ended_at) == ("arrived", NOON + timedelta(minutes=10))
    assert not asked(road)
    assert road.seen(trip["url"])["state"] == "arrived"


def test_a_trip_somebody_forgot_ends_by_itself(road: Road) -> None:
    trip = road.plan(destination="")
    road.clock.goes(hours=17)
    watch(road)
    ended = road.trip(trip["trip_id"])
    assert (ended.ended_by, ended.ended_at) == ("forgotten", NOON + timedelta(hours=16))
    assert watch(road) == {"looked_at": 0, "ended": 0}


class SlowStore(SqliteDocuments):
    is_away = False

    def query(self, query: Query) -> list[Document]:
        if self.is_away and query.collection.endswith("/trips"):
            raise Unavailable("away")
        return super().query(query)


def test_a_store_that_is_away_fails_the_run_and_the_next_one_does_the_work(tmp_path: Any) -> None:
    store, clock = SlowStore(tmp_path / "documents.db"), SetClock()
    replaced = {"documents": lambda _: store, "clock": lambda _: clock}
    with running(tmp_path, replaced=replaced, delivering=False) as harness:
        road = Road(harness, clock, CountingMaps())
        road.plan()
        clock.goes(minutes=11)
        store.is_away = True
        assert harness.product.run("trip_watch").status == 500
        store.is_away = False
        watch(road)
        assert len(asked(road)) == 1
