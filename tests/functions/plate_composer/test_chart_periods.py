"""A chart has no gaps, and no zeros where nothing can be yet."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.plate_composer.asked import Period
from functions.plate_composer.chart_periods import period_starts, without_gaps
from shared.testing.harness import Harness
from tests.functions.plate_composer.conftest import Asking, take_in

YEAR = Period(date(2026, 1, 1), date(2026, 12, 31))


def row(start: date) -> dict[str, Any]:
    return {"period_start": start, "income": Decimal(5), "row_ids": ["E-1"], "entry_count": 1}


def test_months_without_entries_are_zeros_without_row_ids(harness: Harness) -> None:
    entry = {"lane": "A", "category": "sales", "amount": "5.50"}
    take_in(
        harness,
        "ledger_entries",
        {**entry, "entry_id": "E-1", "occurred_on": "2025-02-10"},
        {**entry, "entry_id": "E-2", "occurred_on": "2025-04-10"},
    )
    frame = Asking(harness, "gaps").ask("FINANCE", period={"start": "2025-01-15", "end": "2025-06-30"})
    found = [(r["id"], r["income"], r["row_ids"]) for r in frame["dataset"]]
    assert found == [
        ("2025-01-01", 0.0, []),
        ("2025-02-01", 5.5, ["E-1"]),
        ("2025-03-01", 0.0, []),
        ("2025-04-01", 5.5, ["E-2"]),
        ("2025-05-01", 0.0, []),
        ("2025-06-01", 0.0, []),
    ]
    assert len({frozenset(r) for r in frame["dataset"]}) == 1, "every row has the same fields"


def test_periods_to_come_are_left_out_unless_something_is_posted_there() -> None:
    today, march = date(2026, 4, 10), row(date(2026, 3, 1))
    months = [
        r["period_start"].month for r in without_gaps([march], period=YEAR, bucket="month", today=today)
    ]
    assert months == [1, 2, 3, 4]
    ahead = [march, row(date(2026, 6, 1))]
    assert len(without_gaps(ahead, period=YEAR, bucket="month", today=today)) == 6


def test_no_entry_at_all_is_no_row() -> None:
    assert without_gaps([], period=YEAR, bucket="month", today=date(2026, 4, 10)) == []


def test_a_range_of_more_periods_than_a_plate_holds_shows_the_entries() -> None:
    ages = Period(date(1, 1, 1), date(9999, 12, 31))
    rows = [row(date(2026, 3, 1)), row(date(9999, 12, 1))]
    assert without_gaps(rows, period=ages, bucket="month", today=date(2026, 4, 10)) == rows


@given(st.dates(date(2020, 1, 1), date(2026, 1, 1)), st.integers(0, 190), st.data())
@pytest.mark.parametrize("bucket", ["day", "week", "month"])
def test_every_day_of_the_range_belongs_to_a_period_of_the_chart(
    bucket: str, first: date, length: int, data: st.DataObject
) -> None:
    last = date.fromordinal(first.toordinal() + length)
    day = date.fromordinal(data.draw(st.integers(first.toordinal(), last.toordinal())))
    monday = date.fromordinal(day.toordinal() - day.weekday())
    # As the query says: `DATE_TRUNC`, a week not before the range.
    named = {"day": day, "week": max(monday, first), "month": day.replace(day=1)}[bucket]
    starts = period_starts(first, last, bucket)
    assert named in starts and starts == sorted(set(starts))
