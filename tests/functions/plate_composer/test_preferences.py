"""A money chart is made as the person said once for all, unless this message says otherwise."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from shared.ports import Write
from shared.testing.harness import Harness
from tests.functions.plate_composer.conftest import Asking, take_in

NAMES = itertools.count()
MARCH = {"start": "2026-03-01", "end": "2026-03-31"}
YEAR = {"start": "2025-12-01", "end": "2026-11-20"}


def stated(
    harness: Harness, values: Mapping[str, str], *, person: str = "ceo", tenant: str = "autohaus"
) -> None:
    now = harness.platform.clock.now()
    entries = {
        key.replace(".", "_"): {"key": key, "value": value, "memory_id": f"m-{key}", "stated_at": now}
        for key, value in values.items()
    }
    document = {"values": entries, "person_id": person, "updated_at": now}
    harness.tenant(tenant).documents.commit([Write(f"preferences/{person}", document)])


@pytest.fixture
def asking(harness: Harness) -> Iterator[Asking]:
    rows = [
        {
            "entry_id": f"P-{lane}",
            "occurred_on": "2026-03-04",
            "lane": lane,
            "category": "sales",
            "amount": "9",
        }
        for lane in "AB"
    ]
    take_in(harness, "ledger_entries", *rows)
    yield Asking(harness, f"preferring-{next(NAMES)}")
    for tenant in ("autohaus", "northside"):
        documents = harness.tenant(tenant).documents
        documents.commit([Write(f"preferences/{person}", None) for person in ("ceo", "sales")])


def frame(asking: Asking, said: str = "", noted: str = "", **entities: Any) -> dict[str, Any]:
    event = asking.event("FINANCE", **entities).model_copy(update={"text": said, "noted": noted})
    assert asking.deliver(event).status == 200
    return asking.frames()[-1]


def test_without_a_preference_the_period_decides(asking: Asking) -> None:
    shown = frame(asking, period=MARCH)
    assert (shown["filters"]["bucket"], shown["note"]) == ("day", "")


def test_a_stated_bucket_is_applied_and_said(asking: Asking, harness: Harness) -> None:
    stated(harness, {"finance.bucket": "week"})
    shown = frame(asking, period=MARCH)
    assert shown["filters"]["bucket"] == "week" and shown["title"].endswith("by week")
    assert shown["note"] == "Grouped by week, as you prefer."
    assert [row["period_start"] for row in shown["dataset"]][:2] == ["2026-03-01", "2026-03-02"]


def test_what_the_message_says_goes_before_the_preference(asking: Asking, harness: Harness) -> None:
    stated(harness, {"finance.bucket": "week", "finance.lane": "B"})
    shown = frame(asking, said="Show me Lane A by month", period=MARCH, lane="A")
    assert (shown["filters"]["bucket"], shown["filters"]["lane"], shown["note"]) == ("month", "A", "")


def test_a_single_question_by_week_is_grouped_so_without_a_preference(asking: Asking) -> None:
    assert frame(asking, said="revenue by week", period=MARCH)["filters"]["bucket"] == "week"


def test_a_period_too_long_for_the_preference_is_grouped_as_ever(asking: Asking, harness: Harness) -> None:
    stated(harness, {"finance.bucket": "day"})
    shown = frame(asking, period=YEAR)
    assert shown["filters"]["bucket"] == "month"
    assert shown["note"] == "The period is too long to be grouped by day."


def test_a_stated_lane_is_applied_unless_all_are_asked_for(asking: Asking, harness: Harness) -> None:
    stated(harness, {"finance.lane": "B"})
    shown = frame(asking, said="Show me the financials", period=MARCH)
    assert shown["filters"]["lane"] == "B" and "Of Lane B, as you prefer." in shown["note"]
    assert "lane" not in frame(asking, said="financials of all lanes", period=MARCH)["filters"]


def test_somebody_elses_preference_changes_nothing(asking: Asking, harness: Harness) -> None:
    stated(harness, {"finance.bucket": "week"}, person="sales")
    stated(harness, {"finance.bucket": "week"}, tenant="northside")
    assert frame(asking, period=MARCH)["filters"]["bucket"] == "day"


def test_a_preference_that_is_not_the_persons_own_is_not_applied(asking: Asking, harness: Harness) -> None:
    planted = {"values": {"finance_bucket": {"key": "finance.bucket", "value": "week", "memory_id": "m"}}}
    documents = harness.tenant().documents
    documents.commit([Write("preferences/ceo", {**planted, "person_id": "sales"})])
    assert frame(asking, period=MARCH)["filters"]["bucket"] == "day"


def test_a_value_nobody_knows_any_more_is_not_applied(asking: Asking, harness: Harness) -> None:
    stated(harness, {"finance.bucket": "fortnight", "finance.colour": "red"})
    assert frame(asking, period=MARCH)["filters"]["bucket"] == "day"


def test_what_was_noted_besides_stands_in_the_answer(asking: Asking) -> None:
    assert "I will remember that." in frame(asking, noted="I will remember that.", period=MARCH)["note"]
