from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.brain.route_message.entities.calendar_spans import month_of, moved, unit_span
from shared.brain.route_message.entities.periods import find_period

FRIDAY = date(2026, 11, 20)

SAID = """
today                             2026-11-20 2026-11-20
what is our error rate today      2026-11-20 2026-11-20
yesterday                         2026-11-19 2026-11-19
day before yesterday              2026-11-18 2026-11-18
last night                        2026-11-19 2026-11-19
overnight                         2026-11-19 2026-11-20
this week                         2026-11-16 2026-11-22
last week                         2026-11-09 2026-11-15
last week's spending              2026-11-09 2026-11-15
last weekend                      2026-11-14 2026-11-15
over the weekend                  2026-11-14 2026-11-15
this month                        2026-11-01 2026-11-30
for the month                     2026-11-01 2026-11-30
last month                        2026-10-01 2026-10-31
last quarter                      2026-07-01 2026-09-30
last year                         2025-01-01 2025-12-31
this year                         2026-01-01 2026-11-20
Q2                                2026-04-01 2026-06-30
q3 2025                           2025-07-01 2025-09-30
second quarter                    2026-04-01 2026-06-30
first half                        2026-01-01 2026-06-30
March                             2026-03-01 2026-03-31
december                          2025-12-01 2025-12-31
last march                        2026-03-01 2026-03-31
march 2025                        2025-03-01 2025-03-31
how did may look                  2026-05-01 2026-05-31
march 15th                        2026-03-15 2026-03-15
15 march                          2026-03-15 2026-03-15
3/15                              2026-03-15 2026-03-15
3/15/25                           2025-03-15 2025-03-15
2026-03-15                        2026-03-15 2026-03-15
last 30 days                      2026-10-22 2026-11-20
past six months                   2026-05-21 2026-11-20
last two weeks                    2026-11-07 2026-11-20
the last 24 hours                 2026-11-19 2026-11-20
3 days ago                        2026-11-17 2026-11-17
year to date                      2026-01-01 2026-11-20
ytd                               2026-01-01 2026-11-20
so far this month                 2026-11-01 2026-11-20
since new years                   2026-01-01 2026-11-20
since monday                      2026-11-16 2026-11-20
since january                     2026-01-01 2026-11-20
between march 1 and march 15      2026-03-01 2026-03-15
between 3/1 and 3/15              2026-03-01 2026-03-15
from january to march             2026-01-01 2026-03-31
from monday to friday             2026-11-16 2026-11-20
first two weeks of october        2026-10-01 2026-10-14
end of the month                  2026-11-30 2026-11-30
beginning of next month           2026-12-01 2026-12-01
a week from Monday                2026-11-30 2026-11-30
two weeks from friday             2026-12-04 2026-12-04
last friday                       2026-11-13 2026-11-13
on monday                         2026-11-16 2026-11-16
next tuesday                      2026-11-24 2026-11-24
in 2025                           2025-01-01 2025-12-31
"""
NOT_SAID = [
    "",
    "show me the 2022 rav4",
    "may i see the lot",
    "over 90 days in stock",
    "2/30",
    "13/45",
    "lane a",
]


@pytest.mark.parametrize("line", SAID.strip().splitlines(), ids=lambda line: line[:30].strip())
def test_a_period_is_read_as_it_is_said(line: str) -> None:
    words, start, end = line.rsplit(maxsplit=2)
    period = find_period(words.strip(), today=FRIDAY)
    assert period, words
    assert (period.start.isoformat(), period.end.isoformat()) == (start, end)


@pytest.mark.parametrize("text", NOT_SAID)
def test_no_period_is_invented(text: str) -> None:
    assert find_period(text, today=FRIDAY) is None


@pytest.mark.parametrize(
    ("text", "day"),
    [("appointments on friday", "2026-11-20"), ("on monday", "2026-11-23"), ("3/15", "2027-03-15")],
)
def test_appointments_look_ahead(text: str, day: str) -> None:
    period = find_period(text, today=FRIDAY, ahead=True)
    assert period and period.start.isoformat() == day


@given(text=st.text(max_size=80), day=st.dates(date(2000, 1, 1), date(2090, 1, 1)), ahead=st.booleans())
def test_no_text_breaks_the_grammar(text: str, day: date, ahead: bool) -> None:
    period = find_period(text, today=day, ahead=ahead)
    assert period is None or period.start <= period.end


WORDS = [
    "last",
    "next",
    "this",
    "week",
    "month",
    "quarter",
    "q4",
    "31",
    "2/29",
    "march",
    "friday",
    "between",
    "and",
]
WORDS += [
    "from",
    "since",
    "end of",
    "the",
    "30 days",
    "a week",
    "12/31",
    "2028",
    "year",
    "first",
    "half",
    "of",
    "ago",
]


@given(words=st.lists(st.sampled_from(WORDS), max_size=8), day=st.dates(date(2000, 1, 1), date(2090, 1, 1)))
def test_no_mixture_of_date_words_breaks_the_grammar(words: list[str], day: date) -> None:
    period = find_period(" ".join(words), today=day)
    assert period is None or period.start <= period.end


@given(
    day=st.dates(date(1990, 1, 1), date(2090, 1, 1)),
    unit=st.sampled_from(["week", "month", "quarter", "year"]),
)
def test_a_unit_holds_its_day_and_the_next_begins_where_it_ends(day: date, unit: str) -> None:
    span, following = unit_span(unit, day, 0), unit_span(unit, day, 1)
    assert span.start <= day <= span.end
    assert (following.start - span.end).days == 1


def test_the_31st_becomes_the_last_day_of_a_shorter_month() -> None:
    assert moved(date(2026, 1, 31), "month", 1) == date(2026, 2, 28)
    assert month_of(2026, 0).start == date(2025, 12, 1)


@pytest.mark.parametrize(
    ("text", "start", "end", "label"),
    [
        ("revenue May to July", "2026-05-01", "2026-07-31", "May to July"),
        ("Mar 3 - Mar 9", "2026-03-03", "2026-03-09", "Mar 3 - Mar 9"),
        ("errors yesterday and today", "2026-11-19", "2026-11-20", "yesterday and today"),
        ("Last Month and This Month", "2026-10-01", "2026-11-30", "Last Month and This Month"),
        ("for the week of November 9", "2026-11-09", "2026-11-15", "week of November 9"),
        ("week of 11/12", "2026-11-09", "2026-11-15", "week of 11/12"),
        ("since the first of the month", "2026-11-01", "2026-11-20", "since the first of the month"),
        ("Since January", "2026-01-01", "2026-11-20", "Since January"),
        ("last fiscal quarter", "2026-07-01", "2026-09-30", "last fiscal quarter"),
        ("last 3 business days", "2026-11-18", "2026-11-20", "last 3 business days"),
        ("past 6 working days", "2026-11-13", "2026-11-20", "past 6 working days"),
        ("next 2 business days", "2026-11-23", "2026-11-24", "next 2 business days"),
        ("in October", "2026-10-01", "2026-10-31", "October"),
    ],
)
def test_a_span_keeps_the_words_that_said_it(text: str, start: str, end: str, label: str) -> None:
    period = find_period(text, today=FRIDAY)
    assert period and period.as_entity() == {"start": start, "end": end, "label": label}


def test_two_months_apart_are_no_span() -> None:
    period = find_period("march and may", today=FRIDAY)
    assert period and period.label == "march"
