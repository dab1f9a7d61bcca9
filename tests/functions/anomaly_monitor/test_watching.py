"""What the watch tells and what it keeps to itself, run by run."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest

from shared.testing.harness import Harness, running
from tests.functions.anomaly_rig import (
    entry,
    findings,
    ordinary,
    post,
    recorded_long_ago,
    requests,
    run,
    today,
)


@pytest.fixture
def harness(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Harness]:
    with running(tmp_path_factory.mktemp("product")) as product:
        recorded_long_ago(product, list(ordinary(today(product))))
        yield product


def test_a_fake_transport_fee_is_told_once_with_its_row_and_the_usual_range(harness: Harness) -> None:
    assert run(harness)["told"] == 0
    post(harness, [entry("FAKE-1", today(harness), "C", "transport", 5000.0, counterparty="Nobody Inc")])
    assert run(harness)["told"] == 1
    [request] = requests(harness)
    assert request["roles"] == ["ceo"] and float(request["value_usd"]) == 5000
    assert "$5,000.00" in request["summary"] and "row FAKE-1" in request["summary"]
    assert "Usually $" in request["summary"]
    [finding] = findings(harness)
    assert finding["entry_ids"][0] == "FAKE-1"
    assert {"two_deviations", "posting"} <= set(finding["kinds"])
    [event] = harness.events("anomaly-detected")
    assert event["data"]["is_alert"] and event["data"]["entry_ids"][0] == "FAKE-1"


def test_a_second_run_tells_nothing_again(harness: Harness) -> None:
    post(harness, [entry("FAKE-1", today(harness), "C", "transport", 5000.0)])
    run(harness)
    before = findings(harness)
    assert run(harness) | {"heartbeat": False} == {
        "postings": run(harness)["postings"],
        "new": 0,
        "told": 0,
        "reminded": 0,
        "heartbeat": False,
    }
    assert findings(harness) == before
    assert len(requests(harness)) == 1


def test_an_ordinary_day_is_not_worth_a_word(harness: Harness) -> None:
    post(harness, [entry("T0", today(harness), "C", "transport", 480.0)])
    run(harness)
    assert findings(harness) == [] and requests(harness) == []


def test_the_same_episode_is_told_once_and_worse_is_told_again(harness: Harness) -> None:
    post(harness, [entry("FAKE-1", today(harness), "C", "transport", 5000.0)])
    run(harness)
    post(harness, [entry("FAKE-2", today(harness) - timedelta(days=1), "C", "transport", 4900.0)])
    assert run(harness) | {"postings": 0, "heartbeat": False} == {
        "postings": 0,
        "new": 1,
        "told": 0,
        "reminded": 0,
        "heartbeat": False,
    }
    post(harness, [entry("FAKE-3", today(harness) - timedelta(days=2), "C", "transport", 15000.0)])
    assert run(harness)["told"] == 1
    assert [one["value_usd"] for one in requests(harness)] == ["5000", "15000"]
