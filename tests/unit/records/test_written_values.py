"""Values as spreadsheets and programs write them."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.domain.written_values import read_count, read_day, read_moment, read_money

CHICAGO = ZoneInfo("America/Chicago")


@pytest.mark.parametrize(
    ("written", "amount"),
    [
        ("1234.5", "1234.50"),
        ("$1,234.50", "1234.50"),
        ("1.234,50", "1234.50"),
        ("1.234.567,5", "1234567.50"),
        ("1 234,50 €", "1234.50"),
        ("1'234.50", "1234.50"),
        ("1,234", "1234.00"),
        ("12,5", "12.50"),
        ("USD 99", "99.00"),
        ("(120.00)", "-120.00"),
        ("-0.01", "-0.01"),
        ("-0", "0.00"),
        (1200, "1200.00"),
        (0.1, "0.10"),
        (Decimal("7.10"), "7.10"),
    ],
)
def test_money_is_read_as_people_write_it(written: object, amount: str) -> None:
    assert str(read_money(written)) == amount


@pytest.mark.parametrize(
    "written",
    [
        *("", "abc", "1.234", "1,2,3", "1.2.3", "1,23.45", "12,34,567", "1e5", "٣", "--5", "(5", "1.005"),
        *("NaN", "Infinity", float("nan"), float("inf"), 1e300, 10**12, True, None, [], {}, 10**4000),
    ],
)
def test_money_that_could_mean_two_things_or_nothing_is_refused(written: object) -> None:
    with pytest.raises(ValueError, match="amount"):
        read_money(written)


@given(st.decimals(min_value=-(10**11), max_value=10**11, places=2))
def test_money_survives_every_way_of_writing_it(amount: Decimal) -> None:
    american = f"${amount:,.2f}"
    european = f"{amount:,.2f}".translate(str.maketrans(",.", ".,"))
    assert read_money(str(amount)) == read_money(american) == read_money(european) == amount


@given(st.text(max_size=30) | st.floats() | st.integers() | st.booleans() | st.none())
def test_a_reader_answers_or_says_what_it_expected(written: object) -> None:
    for read in (read_money, read_count, read_day, read_moment):
        try:
            read(written)
        except ValueError as error:
            assert "expected" in str(error) or "decimals" in str(error)


@pytest.mark.parametrize(
    ("written", "count"), [("45,000", 45_000), ("45 000", 45_000), (7, 7), (7.0, 7), ("0", 0)]
)
def test_counts_may_be_grouped(written: object, count: int) -> None:
    assert read_count(written) == count


@pytest.mark.parametrize("written", ["-1", "4.5", 4.5, True, "", "1,00", "٣"])
def test_what_is_no_count_is_refused(written: object) -> None:
    with pytest.raises(ValueError, match="whole number"):
        read_count(written)


@pytest.mark.parametrize(
    "written", ["2026-03-04", "3/4/2026", "04.03.2026", "20260304", "2026-03-04T23:00:00"]
)
def test_days_are_iso_american_with_slashes_or_european_with_dots(written: str) -> None:
    assert read_day(written) == date(2026, 3, 4)


@pytest.mark.parametrize(
    "written", ["2026-02-30", "13/13/2026", "yesterday", "", 20260304, None, "0001-01-01"]
)
def test_what_is_no_day_is_refused(written: object) -> None:
    with pytest.raises(ValueError, match="a day such as"):
        read_day(written)


@pytest.mark.parametrize(
    "written",
    [
        *("2026-07-01T15:30:00Z", "2026-07-01T10:30:00-05:00", "2026-07-01 10:30", "2026-07-01T10:30:00"),
        *("7/1/2026 10:30 AM", "7/1/2026 10:30:00", "01.07.2026 10:30"),
    ],
)
def test_a_time_without_an_offset_is_the_dealerships_own(written: str) -> None:
    assert read_moment(written, CHICAGO) == datetime(2026, 7, 1, 15, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    "written", ["10:30", "7/1/2026 13:30 PM", "7/1/2026 25:00", "", 5, None, "9999-12-31T23:59:59-12:00"]
)
def test_what_is_no_moment_is_refused(written: object) -> None:
    with pytest.raises(ValueError, match=r"a moment such as|years run"):
        read_moment(written, CHICAGO)
