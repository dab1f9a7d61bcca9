"""The phrases of the period grammar and the span each one means.

The first rule that matches wins, so longer phrases stand before the shorter ones they contain.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from shared.brain.route_message.entities.calendar_spans import (
    DAY,
    MONTHS,
    WEEKDAYS,
    Span,
    month_of,
    months_of,
    moved,
    one_day,
    trailing,
    unit_span,
    week_of,
    weekday_near,
    workdays,
)

NUMBERS = {
    "a": 1,
    "an": 1,
    "one": 1,
    "two": 2,
    "three": 3,
    "four": 4,
    "five": 5,
    "six": 6,
    "seven": 7,
    "eight": 8,
    "nine": 9,
    "ten": 10,
    "eleven": 11,
    "twelve": 12,
    "couple": 2,
    "couple of": 2,
    "few": 3,
    "fourteen": 14,
    "thirty": 30,
    "sixty": 60,
    "ninety": 90,
}
ORDINALS = {"first": 1, "second": 2, "third": 3, "fourth": 4, "1st": 1, "2nd": 2, "3rd": 3, "4th": 4}
BEFORE, AFTER = ("last", "previous", "past", "prior"), ("next", "coming", "upcoming")

N = rf"(?P<n>\d{{1,3}}|{'|'.join(sorted(NUMBERS, key=len, reverse=True))})"
UNIT = r"(?P<unit>day|week|month|quarter|year)s?"
MONTH = rf"(?P<month>{'|'.join(MONTHS)}|jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec)\b\.?"
WEEKDAY = rf"(?P<weekday>{'|'.join(WEEKDAYS)}|mon|tues?|wed|thurs?|fri|sat|sun)\b"
YEAR = r"(?P<year>20\d\d)"
ORDINAL = rf"(?P<ordinal>{'|'.join(ORDINALS)})"
RELATION = rf"(?P<relation>this|current|{'|'.join(BEFORE + AFTER)})"


@dataclass(frozen=True)
class Today:
    """`ahead`: a bare weekday or month means the coming one, as in appointments, not the latest."""

    day: date
    ahead: bool = False


Rule = Callable[[re.Match[str], Today], Span | None]


def number(match: re.Match[str]) -> int:
    text = match["n"]
    return int(text) if text.isdigit() else NUMBERS[text]


def month_number(name: str) -> int:
    return next(index for index, month in enumerate(MONTHS, 1) if month.startswith(name.rstrip(".")[:3]))


def weekday_name(name: str) -> str:
    return next(day for day in WEEKDAYS if day.startswith(name[:3]))


def said(match: re.Match[str], group: str) -> str:
    """What the phrase has there; "" when it has nothing or no such place."""
    return match.groupdict().get(group) or ""


def likely_year(match: re.Match[str], today: Today, *, month: int, day: int = 1) -> int:
    """The year said, or the one that puts the date nearest on the side people mean."""
    if said(match, "year"):
        return int(match["year"])
    if today.ahead:
        return today.day.year + ((month, day) < (today.day.month, today.day.day if day > 1 else 1))
    return today.day.year - ((month, day) > (today.day.month, today.day.day))


def calendar_day(year: int, month: int, day: int) -> Span | None:
    span = month_of(year, month) if 1 <= month <= 12 else None
    return one_day(date(year, month, day)) if span and 1 <= day <= span.end.day else None


def said_month(match: re.Match[str], today: Today) -> Span:
    month = month_number(match["month"])
    return month_of(likely_year(match, today, month=month), month)


def latest_month(match: re.Match[str], today: Today) -> Span:
    return said_month(match, Today(today.day))


def said_month_day(match: re.Match[str], today: Today) -> Span | None:
    month, day = month_number(match["month"]), int(match["day"])
    return calendar_day(likely_year(match, today, month=month, day=day), month, day)


def numeric_day(match: re.Match[str], today: Today) -> Span | None:
    month, day = int(match["month"]), int(match["day"])
    if match["year"] and len(match["year"]) == 2:
        return calendar_day(2000 + int(match["year"]), month, day)
    return calendar_day(likely_year(match, today, month=month, day=day), month, day)


def week_of_day(match: re.Match[str], today: Today) -> Span | None:
    found = said_month_day(match, today)
    return week_of(found.start) if found else None


def week_of_numeric_day(match: re.Match[str], today: Today) -> Span | None:
    found = numeric_day(match, today)
    return week_of(found.start) if found else None


def weeks_of_month(match: re.Match[str], today: Today) -> Span:
    start = said_month(match, today).start
    return Span(start, start + (7 * number(match) - 1) * DAY)


def quarter(match: re.Match[str], today: Today) -> Span:
    place = int(said(match, "q") or ORDINALS.get(said(match, "ordinal"), 0))
    year = int(match["year"]) if match["year"] else today.day.year
    if not match["year"] and not today.ahead and months_of(year, 3 * place - 2, 3).start > today.day:
        year -= 1
    return months_of(year, 3 * place - 2, 3)


def half_year(match: re.Match[str], today: Today) -> Span:
    first = 1 if (said(match, "half") or said(match, "h")) in ("first", "1") else 7
    year = int(match["year"]) if match["year"] else today.day.year
    if not match["year"] and not today.ahead and date(year, first, 1) > today.day:
        year -= 1
    return months_of(year, first, 6)


def related_unit(match: re.Match[str], today: Today) -> Span:
    relation = match["relation"]
    offset = -1 if relation in BEFORE else 1 if relation in AFTER else 0
    if match["unit"] == "weekend" and relation in BEFORE and today.day.weekday() == 6:
        offset = 0  # on a Sunday, last weekend has hardly ended: it is this one
    span = unit_span(match["unit"], today.day, offset)
    return Span(span.start, max(span.start, today.day)) if match["unit"] == "year" and not offset else span


def counted_units(match: re.Match[str], today: Today) -> Span:
    """Last 30 days end today; next two weeks begin tomorrow."""
    if match["relation"] in AFTER:
        return Span(today.day + DAY, moved(today.day, match["unit"], number(match)))
    return trailing(today.day, match["unit"], number(match))


def business_days(match: re.Match[str], today: Today) -> Span:
    """The last ones end today, or on the Friday before a weekend; the next ones begin after today."""
    if match["relation"] in AFTER:
        return workdays(today.day + DAY, number(match), DAY)
    return workdays(today.day, number(match), -DAY)


def to_date(match: re.Match[str], today: Today) -> Span:
    words = {"y": "year", "q": "quarter", "m": "month", "w": "week"}
    unit = words.get(said(match, "short"), said(match, "unit") or "year")
    return Span(unit_span(unit, today.day, 0).start, today.day)


def edge_of_unit(match: re.Match[str], today: Today) -> Span:
    offset = {"last": -1, "next": 1}.get(said(match, "which").strip(), 0)
    span = unit_span(match["unit"], today.day, offset)
    return one_day(span.end if match["edge"] == "end" else span.start)


def related_weekday(match: re.Match[str], today: Today) -> Span:
    """ "Last Friday" is before today, "next Friday" in the week after this one, "this Friday" in this one."""
    name, relation = weekday_name(match["weekday"]), match["relation"]
    if relation in BEFORE:
        return one_day(weekday_near(today.day - DAY, name, ahead=False))
    week = unit_span("week", today.day, 1 if relation in AFTER else 0)
    return one_day(weekday_near(week.start, name, ahead=True))


def bare_weekday(match: re.Match[str], today: Today) -> Span:
    name = weekday_name(match["weekday"])
    return one_day(weekday_near(today.day, name, ahead=today.ahead))


def weeks_from_weekday(match: re.Match[str], today: Today) -> Span:
    """ "A week from Monday": the coming Monday, and a week more."""
    coming = weekday_near(today.day, weekday_name(match["weekday"]), ahead=True)
    return one_day(moved(coming, match["unit"], number(match)))


def last_day_and_today(_: re.Match[str], today: Today) -> Span:
    """Hours that may reach into the day before."""
    return Span(today.day - DAY, today.day)


def the_weekend(_: re.Match[str], today: Today) -> Span:
    is_on = today.day.weekday() > 4
    return unit_span("weekend", today.day, 0 if today.ahead or is_on else -1)


def the_unit(match: re.Match[str], today: Today) -> Span:
    return unit_span(match["unit"], today.day, 0)


def whole_year(match: re.Match[str], _: Today) -> Span:
    return months_of(int(match["year"]), 1, 12)


def offset_day(sign: int) -> Rule:
    return lambda match, today: one_day(moved(today.day, match["unit"], sign * number(match)))


def named_day(offset: int) -> Rule:
    return lambda match, today: one_day(today.day + offset * DAY)


RULES: tuple[tuple[re.Pattern[str], Rule], ...] = tuple(
    (re.compile(rf"\b(?:{pattern})", re.IGNORECASE), rule)
    for pattern, rule in (
        (r"day before yesterday\b", named_day(-2)),
        (r"day after tomorrow\b", named_day(2)),
        (r"(?:yesterday|last night)\b", named_day(-1)),
        (
            r"(?:todays?|tonight|this (?:morning|afternoon|evening)|since (?:midnight|noon))\b",
            named_day(0),
        ),
        (r"tomorrow\b", named_day(1)),
        (r"overnight\b", last_day_and_today),
        (
            rf"week (?:of|beginning|starting) {MONTH} (?P<day>\d{{1,2}})(?:st|nd|rd|th)?\b(?:,? {YEAR})?",
            week_of_day,
        ),
        (
            r"week (?:of|beginning|starting) "
            r"(?P<month>\d{1,2})/(?P<day>\d{1,2})(?:/(?P<year>20\d\d|\d\d))?\b",
            week_of_numeric_day,
        ),
        (r"(?P<year>20\d\d)-(?P<month>\d\d)-(?P<day>\d\d)\b", numeric_day),
        (r"(?P<month>\d{1,2})/(?P<day>\d{1,2})(?:/(?P<year>20\d\d|\d\d))?\b", numeric_day),
        (rf"{N} {UNIT} from {WEEKDAY}", weeks_from_weekday),
        (rf"{N} {UNIT} ago\b", offset_day(-1)),
        (rf"(?:in {N} {UNIT}\b(?! (?:old|in stock)))", offset_day(1)),
        (rf"{N} {UNIT} from (?:now|today)\b", offset_day(1)),
        (rf"first {N} weeks? (?:of|in) {MONTH}(?: {YEAR})?", weeks_of_month),
        (r"(?:(?P<short>[yqmw])td\b|(?:(?P<unit>year|quarter|month|week)[ -]to[ -]date))", to_date),
        (r"so far this (?P<unit>year|quarter|month|week)\b", to_date),
        (r"this (?P<unit>year|quarter|month|week) so far\b", to_date),
        (r"since (?:new years?|the (?:first|start|beginning) of the year)\b", to_date),
        (
            r"(?P<edge>end|start|beginning) of (?:the |this )?(?P<which>last |next )?"
            r"(?P<unit>week|month|quarter|year)\b",
            edge_of_unit,
        ),
        (r"(?P<unit>month|quarter|year)[ -](?P<edge>end)\b", edge_of_unit),
        (rf"{RELATION} {N} (?:business|working|work|week) ?days?\b", business_days),
        (rf"{RELATION} {N} {UNIT}\b", counted_units),
        (rf"{RELATION} \d{{1,3}} ?h(?:(?:ou)?rs?)?\b", last_day_and_today),
        (r"(?:for|in|of) the (?P<unit>week|month|quarter|year)\b", the_unit),
        (rf"{RELATION} hour\b", named_day(0)),
        (
            rf"{RELATION} (?:fiscal |calendar |full )?(?P<unit>day|weekend|week|month|quarter|year)\b",
            related_unit,
        ),
        (r"(?:over|on|at) the (?P<unit>weekend)\b", the_weekend),
        (rf"(?:q(?P<q>[1-4])|{ORDINAL} quarter)\b(?: (?:of )?{YEAR})?", quarter),
        (rf"(?:(?P<half>first|second) half|h(?P<h>[12]))\b(?: (?:of )?{YEAR})?", half_year),
        (rf"{RELATION} {WEEKDAY}", related_weekday),
        (rf"{MONTH} (?P<day>\d{{1,2}})(?:st|nd|rd|th)?\b(?!\d)(?:,? {YEAR})?", said_month_day),
        (rf"(?P<day>\d{{1,2}})(?:st|nd|rd|th)? (?:of )?{MONTH}(?: {YEAR})?", said_month_day),
        (rf"last {MONTH}", latest_month),
        (rf"(?:this )?(?!may (?:i|we|be|have|not|need)\b|mar\b){MONTH}(?: {YEAR})?", said_month),
        (WEEKDAY, bare_weekday),
        (rf"(?:in|for|during|of|year|fiscal) {YEAR}\b", whole_year),
    )
)
