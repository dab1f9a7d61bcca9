"""The watch goes on: its sign of life, a warehouse that is away, a crash, two runs at once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from shared.domain.anomaly.paths import RULES, STATE
from shared.errors import Unavailable
from shared.platform import Platform
from shared.ports import Parameter, Row, Warehouse, Write
from shared.testing.harness import Harness, running
from shared.wiring import EMBEDDED
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
def harness(tmp_path: Path) -> Iterator[Harness]:
    with running(tmp_path) as product:
        yield product


def always_due(harness: Harness, tenant: str = "autohaus") -> None:
    harness.tenant(tenant).documents.commit([Write(RULES, {"heartbeat_hour": 0})])


def state(harness: Harness) -> Mapping[str, Any]:
    stored = harness.tenant().documents.get(STATE)
    assert stored is not None
    return stored.data


class TestSignOfLife:
    def test_it_is_given_once_a_day_and_says_what_was_looked_at(self, harness: Harness) -> None:
        always_due(harness)
        recorded_long_ago(harness, list(ordinary(today(harness), days=30)))
        assert [run(harness)["heartbeat"] for _ in range(3)] == [True, False, False]
        [request] = requests(harness, "heartbeat")
        assert "1 look at" in request["summary"] and "0 told" in request["summary"]
        assert (request["urgency"], request["roles"]) == ("low", ["ceo"])
        assert state(harness)["runs"] == 2

    def test_the_next_day_counts_the_runs_since(self, harness: Harness) -> None:
        always_due(harness)
        for _ in range(3):
            run(harness)
        yesterday = {**state(harness), "heartbeat_on": "2020-01-01"}
        harness.tenant().documents.commit([Write(STATE, yesterday)])
        run(harness)
        assert requests(harness, "heartbeat")[-1]["summary"].startswith("The books are watched: 3 looks")

    def test_books_that_nobody_keeps_are_no_quiet_books(self, harness: Harness) -> None:
        always_due(harness)
        old = today(harness) - timedelta(days=9)
        recorded_long_ago(harness, list(ordinary(old, days=30)))
        run(harness)
        [request] = requests(harness, "heartbeat")
        assert request["urgency"] == "normal"
        assert "came in 10 days ago" in request["summary"] or "came in 9 days ago" in request["summary"]

    def test_before_its_hour_nothing_is_said(self, harness: Harness) -> None:
        from functions.anomaly_monitor.heartbeat import Looked, note
        from shared.runtime.cause import Cause
        from shared.runtime.work import UnitOfWork

        now = harness.platform.clock.now()
        work = UnitOfWork(
            tenant=harness.tenant(), cause=Cause("c", "anomaly_monitor", "autohaus", "c"), now=now
        )
        looked = Looked(postings=1, series=1, learning=0, newest_recorded_at=now, new=0, told=0)
        later = (now.hour + 1) % 24
        assert note(work, {}, looked, zone=now.tzinfo, heartbeat_hour=later) is (later <= now.hour)  # type: ignore[arg-type]  # UTC


class Gone:
    """A warehouse that does not answer until it is back."""

    def __init__(self, real: Warehouse) -> None:
        self.real, self.is_away = real, True

    def query(self, name: str, parameters: Mapping[str, Parameter]) -> list[Row]:
        if self.is_away:
            raise Unavailable("the warehouse does not answer")
        return self.real.query(name, parameters)

    def append(self, table: str, rows: Any) -> None:
        self.real.append(table, rows)

    def close(self) -> None:
        self.real.close()  # type: ignore[attr-defined]  # adapters that hold files have one


def test_a_warehouse_that_is_away_is_asked_again_and_nothing_is_lost(tmp_path: Path) -> None:
    gone: list[Gone] = []

    def factory(platform: Platform) -> Gone:
        gone.append(Gone(EMBEDDED["warehouse"](platform)))
        return gone[0]

    with running(tmp_path, replaced={"warehouse": factory}) as harness:
        recorded_long_ago(harness, list(ordinary(today(harness))))
        post(harness, [entry("FAKE-1", today(harness), "C", "transport", 5000.0)])
        assert harness.product.run("anomaly_monitor").status == 500
        assert harness.tenant().documents.get(STATE) is None
        gone[0].is_away = False
        assert run(harness)["told"] == 1


def test_of_many_runs_at_once_one_tells(harness: Harness) -> None:
    recorded_long_ago(harness, list(ordinary(today(harness))))
    post(harness, [entry("FAKE-1", today(harness), "C", "transport", 5000.0)])
    with ThreadPoolExecutor(4) as pool:
        results = list(pool.map(lambda _: run(harness), range(4)))
    assert sorted(result["told"] for result in results) == [0, 0, 0, 1]
    assert len(requests(harness)) == 1 and state(harness)["runs"] == 4


def test_what_a_crash_left_unpublished_is_told_once(tmp_path: Path) -> None:
    """Killed between commit and publish: the sweeper tells it; the next run adds nothing."""

    class Dead:
        def publish(self, messages: Any) -> None:
            raise Unavailable("killed here")

    with running(tmp_path, replaced={"bus": lambda _: Dead()}, delivering=False) as harness:
        recorded_long_ago(harness, list(ordinary(today(harness))))
        fake = entry("FAKE-1", today(harness) - timedelta(days=1), "C", "transport", 5000.0)
        recorded_long_ago(harness, [fake])
        harness.product.run("anomaly_monitor")
        assert len(findings(harness)) == 1
    with running(tmp_path, delivering=False) as harness:
        # A start sweeps the outbox; in the cloud the sweeper's schedule does.
        assert run(harness)["told"] == 0
        assert len(requests(harness)) == 1


def test_one_dealerships_books_are_no_matter_of_anothers(harness: Harness) -> None:
    recorded_long_ago(harness, list(ordinary(today(harness))), "northside")
    post(harness, [entry("FAKE-1", today(harness), "C", "transport", 5000.0)], "northside")
    assert run(harness)["postings"] == 0
    assert findings(harness) == []
    assert len(findings(harness, "northside")) == 1
    assert requests(harness) == [] and len(requests(harness, tenant="northside")) == 1


def test_a_ledger_that_was_just_brought_in_is_judged_by_its_last_fortnight_alone(harness: Harness) -> None:
    rows = list(ordinary(today(harness), days=120))
    old = entry("OLD-1", today(harness) - timedelta(days=40), "C", "transport", 5000.0)
    fresh = entry("NEW-1", today(harness) - timedelta(days=3), "C", "transport", 5000.0)
    post(harness, [*rows, old, fresh])
    run(harness)
    assert [one["entry_ids"][0] for one in findings(harness)] == ["NEW-1"]


def test_after_the_first_look_a_fee_for_a_day_weeks_back_is_news(harness: Harness) -> None:
    post(harness, list(ordinary(today(harness), days=120)))
    run(harness)
    post(harness, [entry("LATE-1", today(harness) - timedelta(days=40), "C", "transport", 5000.0)])
    assert run(harness)["told"] == 1
    assert findings(harness)[0]["entry_ids"][0] == "LATE-1"


def test_a_file_that_was_posted_twice_is_one_matter_and_every_document_is_listed(harness: Harness) -> None:
    on = today(harness) - timedelta(days=2)
    for copy in ("A", "B"):
        post(
            harness,
            [
                entry(
                    f"{copy}{number}",
                    on,
                    "B",
                    "parts_purchase",
                    200.0 + number,
                    document_number=f"PO-{number}",
                )
                for number in range(70)
            ],
        )
    assert run(harness) | {"postings": 0, "heartbeat": False} == {
        "postings": 0,
        "new": 60,
        "told": 1,
        "reminded": 0,
        "heartbeat": False,
    }
    assert requests(harness)[0]["summary"].endswith("And 59 more like it.")
    again = run(harness)
    assert (again["new"], again["told"]) == (10, 0)
    assert len(findings(harness)) == 70
    assert {one["link_uuid"] != "" for one in findings(harness) if one["alerted_at"]} == {True}


def test_two_odd_days_of_one_series_in_one_run_are_one_telling(harness: Harness) -> None:
    recorded_long_ago(harness, list(ordinary(today(harness))))
    days = [today(harness) - timedelta(days=back) for back in (2, 3)]
    post(harness, [entry(f"FAKE-{on.day}", on, "C", "transport", 5000.0) for on in days])
    result = run(harness)
    assert (result["new"], result["told"]) == (2, 1)
    assert len({one["episode_id"] for one in findings(harness)}) == 1


def test_a_quiet_hour_asks_the_warehouse_nothing(tmp_path: Path) -> None:
    asked: list[str] = []

    class Counting(Gone):
        def query(self, name: str, parameters: Mapping[str, Parameter]) -> list[Row]:
            asked.append(name)
            return self.real.query(name, parameters)

    with running(tmp_path, replaced={"warehouse": lambda p: Counting(EMBEDDED["warehouse"](p))}) as harness:
        recorded_long_ago(harness, list(ordinary(today(harness), days=30)))
        assert run(harness)["postings"] == run(harness)["postings"] > 0
        assert len(asked) == 2  # one for each dealership
        post(harness, [entry("T0", today(harness), "C", "transport", 480.0)])
        run(harness)
        assert len(asked) == 3
        assert state(harness)["runs"] == 3


@pytest.mark.parametrize(
    ("age", "words"),
    [
        (timedelta(minutes=40), "less than an hour"),
        (timedelta(minutes=100), "1 hour"),
        (timedelta(days=3), "3 days"),
    ],
)
def test_how_long_ago_is_said_as_people_say_it(age: timedelta, words: str) -> None:
    from functions.anomaly_monitor.heartbeat import _age

    assert _age(age) == words
