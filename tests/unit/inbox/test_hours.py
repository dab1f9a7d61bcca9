"""Minutes in which somebody could have answered: nights, weekends, holidays and changes of the clock."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from shared.inbox.hours import due_after, is_open
from shared.inbox.rules import rules_of, shipped_rules

CHICAGO = ZoneInfo("America/Chicago")
RULES = shipped_rules()


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=CHICAGO).astimezone(UTC)


@pytest.mark.parametrize(
    ("said", "minutes", "due"),
    [
        ("2026-11-17 10:00", 15, "2026-11-17 10:15"),
        ("2026-11-17 18:50", 15, "2026-11-18 08:05"),
        ("2026-11-17 18:45", 15, "2026-11-17 19:00"),
        ("2026-11-17 22:00", 15, "2026-11-18 08:15"),
        ("2026-11-17 03:00", 15, "2026-11-17 08:15"),
        ("2026-11-21 16:50", 15, "2026-11-23 08:05"),
        ("2026-11-22 12:00", 30, "2026-11-23 08:30"),
        ("2026-10-31 16:59", 2, "2026-11-02 08:01"),
        ("2026-03-07 16:59", 2, "2026-03-09 08:01"),
        ("2026-11-17 10:00", 11 * 60, "2026-11-18 10:00"),
    ],
)
def test_an_answer_is_due_after_so_many_minutes_of_opening(said: str, minutes: float, due: str) -> None:
    assert due_after(at(said), minutes, RULES, CHICAGO) == at(due)


def test_a_closed_day_does_not_count() -> None:
    rules = rules_of({"closed_on": ["2026-11-26"]})
    assert due_after(at("2026-11-25 18:55"), 15, rules, CHICAGO) == at("2026-11-27 08:10")
    assert not is_open(at("2026-11-26 12:00"), rules, CHICAGO) and is_open(
        at("2026-11-26 12:00"), RULES, CHICAGO
    )


MOMENTS = st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31)).map(lambda d: d.replace(tzinfo=UTC))


@given(MOMENTS, st.integers(1, 2_000), st.integers(1, 2_000))
def test_an_answer_is_never_due_at_once_nor_outside_of_hours_and_minutes_add_up(
    start: datetime, minutes: int, more: int
) -> None:
    due = due_after(start, minutes, RULES, CHICAGO)
    assert due >= start + timedelta(minutes=minutes)
    assert is_open(due - timedelta(microseconds=1), RULES, CHICAGO)
    assert due_after(due, more, RULES, CHICAGO) == due_after(start, minutes + more, RULES, CHICAGO)


@pytest.mark.parametrize(
    "own",
    [
        {"hours": {}},
        {"hours": {"monday": ["19:00", "08:00"]}},
        {"departments": {"service": {"label": "x", "roles": ["advisor"], "minutes": 5}}},
        {"floods": {}},
        {"flood": {"most": 0, "minutes": 1, "hold_minutes": 1}},
    ],
)
def test_rules_that_cannot_hold_are_refused(own: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        rules_of(own)


def test_a_dealership_s_own_section_replaces_ours() -> None:
    rules = rules_of({"flood": {"most": 3, "minutes": 1, "hold_minutes": 1}})
    assert rules.flood.most == 3 and rules.departments == RULES.departments


def test_a_dealership_may_be_open_round_the_clock() -> None:
    days = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
    rules = rules_of({"hours": {day: ["00:00", "24:00"] for day in days}})
    late = at("2026-11-17 23:59") + timedelta(seconds=59)
    assert is_open(late, rules, CHICAGO)
    assert abs(due_after(late, 15, rules, CHICAGO) - late - timedelta(minutes=15)) < timedelta(seconds=1)
