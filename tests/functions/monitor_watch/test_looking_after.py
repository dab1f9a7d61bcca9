"""A watch that does not run is noticed, once an outage."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from shared.domain.anomaly.paths import STATE
from shared.ports import Write
from shared.testing.harness import Harness, running
from tests.functions.anomaly_rig import requests


@pytest.fixture
def harness(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Harness]:
    with running(tmp_path_factory.mktemp("product"), delivering=False) as product:
        yield product


def look(harness: Harness) -> str:
    answer = harness.product.run("monitor_watch")
    assert answer.status == 200, answer.text
    said: str = answer.json()["result"]["autohaus"]["watch"]
    return said


def last_ran(harness: Harness, **ago: float) -> None:
    state: dict[str, Any] = {"last_run_at": harness.platform.clock.now() - timedelta(**ago)}
    harness.tenant().documents.commit([Write(STATE, state)])


def test_a_watch_that_runs_is_no_matter(harness: Harness) -> None:
    last_ran(harness, minutes=60)
    assert look(harness) == "runs"


def test_a_new_dealership_has_time_for_its_first_run(harness: Harness) -> None:
    assert look(harness) == "missing"
    harness.product.run("anomaly_monitor")
    assert look(harness) == "runs"
    assert requests(harness, "watch_missing") == []


def test_a_missing_run_is_told_at_the_second_look_and_once_an_outage(harness: Harness) -> None:
    last_ran(harness, hours=5)
    assert [look(harness) for _ in range(4)] == ["missing", "told", "missing", "missing"]
    [request] = requests(harness, "watch_missing")
    assert "not been watched for 5 hours" in request["summary"] and request["urgency"] == "high"
    last_ran(harness, minutes=10)
    assert look(harness) == "runs"
    last_ran(harness, hours=3)
    assert [look(harness) for _ in range(2)] == ["missing", "told"]


def test_a_restart_of_everything_gives_the_watch_its_hour(harness: Harness) -> None:
    last_ran(harness, hours=12)
    assert look(harness) == "missing"
    harness.product.run("anomaly_monitor")
    assert look(harness) == "runs"
    assert requests(harness, "watch_missing") == []
