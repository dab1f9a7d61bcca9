"""A night's trip: its text waits for the morning, and when the trip is over by then nobody gets it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from shared.ports import Query
from shared.testing.harness import running
from tests.functions.logistics.conftest import NOON, CountingMaps, Road, SetClock


@pytest.fixture
def road(tmp_path: Path) -> Iterator[Road]:
    clock = SetClock()
    with running(tmp_path, replaced={"clock": lambda _: clock}) as harness:
        yield Road(harness, clock, CountingMaps())


def text_of(road: Road) -> dict[str, Any]:
    road.harness.settle()
    [text] = road.harness.tenant().documents.query(Query("texts", (("purpose", "==", "service"),)))
    return dict(text.data)


@pytest.mark.parametrize(("is_over", "state"), [(True, "refused"), (False, "sent")])
def test_in_the_morning_only_a_trip_that_still_goes_on_is_told(road: Road, is_over: bool, state: str) -> None:
    road.clock.at = NOON.replace(hour=9)  # three in the morning in Chicago
    trip_id = road.plan()["trip_id"]
    assert text_of(road)["state"] == "deferred"
    if is_over:
        road.done(trip_id, "stop")
    road.clock.goes(hours=6)
    assert road.harness.product.run("text_clock").status == 200
    found = text_of(road)["state"]
    assert found == state or (state == "sent" and found in ("queued", "sent", "delivered"))
