"""Where somebody drove is deleted in time, and that it is gone is proved."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Any

import pytest

from shared.adapters.embedded.documents import SqliteDocuments
from shared.domain.trip.live import history_collection, live_collection
from shared.errors import Unavailable
from shared.ports import Write
from shared.testing.harness import running
from tests.functions.logistics.conftest import LOT, CountingMaps, Road, SetClock

STEPS = 180


class Store(SqliteDocuments):
    """Loses its connection after the next deletion, or does not delete, when told so."""

    dies_after_deleting = is_dead = keeps_everything = False

    def commit(self, writes: Sequence[Write]) -> list[str]:
        if self.is_dead:
            raise Unavailable("away")
        if self.keeps_everything:
            writes = [write for write in writes if write.data is not None]
        versions = super().commit(writes)
        self.is_dead = self.dies_after_deleting and any(
            "/history/" in w.path for w in writes if w.data is None
        )
        return versions


@pytest.fixture
def store(tmp_path: Any) -> Store:
    return Store(tmp_path / "documents.db")


@pytest.fixture
def road(tmp_path: Any, store: Store) -> Iterator[Road]:
    clock = SetClock()
    replaced = {"clock": lambda _: clock, "documents": lambda _: store}
    with running(tmp_path, replaced=replaced, delivering=False) as harness:
        yield Road(harness, clock, CountingMaps())


def driven(road: Road) -> str:
    """A trip with live positions and history, over and past its time."""
    trip_id = str(road.plan()["trip_id"])
    road.drive(trip_id, [f"41.8{step:03d}, -87.65" for step in range(STEPS)])
    road.done(trip_id, "stop")
    road.clock.goes(days=29)
    return trip_id


def run(road: Road, status: int = 200) -> dict[str, Any]:
    answer = road.harness.product.run("trip_purge")
    assert answer.status == status, answer.text
    return dict(answer.json()["result"])


def receipts(road: Road) -> list[dict[str, Any]]:
    told = [event["data"] for event in road.harness.events("audit-recorded")]
    return [row for row in told if row["type"] == "trip.purged"]


def positions(road: Road, trip_id: str) -> list[dict[str, Any]]:
    return [*road.stored(live_collection(trip_id)), *road.stored(history_collection(trip_id))]


def test_before_its_time_nothing_is_deleted(road: Road) -> None:
    trip_id = driven(road)
    assert run(road)["autohaus"] == {"purged": 0, "positions": 0}
    assert positions(road, trip_id) and not receipts(road)


def test_after_its_time_every_position_is_gone_and_a_receipt_says_so(road: Road) -> None:
    trip_id = driven(road)
    kept = {line for document in positions(road, trip_id) for line in document["pings"]}
    road.clock.goes(days=2)
    assert run(road)["autohaus"]["purged"] == 1
    assert not positions(road, trip_id)
    [receipt] = receipts(road)
    assert receipt["subject"] == f"trips/{trip_id}"
    shown = json.loads(receipt["detail"])
    assert shown["positions"] >= len(kept) >= STEPS and shown["found"] == 0 and len(shown["digest"]) == 64
    trip = road.trip(trip_id)
    assert (trip.phone, trip.person_id, trip.destination, trip.link, trip.purge_at) == (
        None,
        None,
        None,
        "",
        None,
    )
    assert trip.purge["found"] == 0 and trip.purge["read_back_at"] == road.clock.at


def test_the_next_run_has_nothing_to_do(road: Road) -> None:
    driven(road)
    road.clock.goes(days=2)
    run(road)
    assert run(road)["autohaus"]["purged"] == 0
    assert len(receipts(road)) == 1


def test_a_run_that_died_after_deleting_is_proved_by_the_next(road: Road, store: Store) -> None:
    trip_id = driven(road)
    road.clock.goes(days=2)
    store.dies_after_deleting = True
    run(road, 500)
    assert not receipts(road)
    store.dies_after_deleting = store.is_dead = False
    run(road)
    [receipt] = receipts(road)
    assert json.loads(receipt["detail"])["positions"] >= STEPS and not positions(road, trip_id)


def test_what_is_there_after_its_deletion_gets_no_receipt(road: Road, store: Store) -> None:
    trip_id = driven(road)
    road.clock.goes(days=2)
    store.keeps_everything = True
    assert "there again" in run(road, 500)["autohaus"]
    assert not receipts(road) and positions(road, trip_id)
    store.keeps_everything = False
    run(road)
    assert len(receipts(road)) == 1 and not positions(road, trip_id)


def test_the_other_dealership_s_trips_are_left(road: Road) -> None:
    trip = {"trip_id": "theirs", "start": True}
    road.harness.call("POST", "/api/logistics/trips", json=trip, api_key=True, tenant="northside")
    driven(road)
    road.clock.goes(days=2)
    assert run(road)["northside"] == {"purged": 0, "positions": 0}


def test_positions_of_a_trip_under_way_are_never_deleted(road: Road) -> None:
    trip_id = str(road.plan()["trip_id"])
    road.drive(trip_id, [LOT])
    road.clock.goes(days=60)
    run(road)
    assert positions(road, trip_id)


def test_a_trip_that_never_began_is_forgotten_too(road: Road) -> None:
    trip_id = str(road.plan(start=False)["trip_id"])
    road.clock.goes(days=32)
    run(road)
    trip = road.trip(trip_id)
    assert (trip.status, trip.phone, trip.destination, trip.purge_at) == ("ended", None, None, None)
