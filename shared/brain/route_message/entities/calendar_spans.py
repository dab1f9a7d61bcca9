"""Spans of whole days: the arithmetic under every spoken period."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

MONTHS = (
    *("january", "february", "march", "april", "may", "june"),
    *("july", "august", "september", "october", "november", "december"),
)
WEEKDAYS = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
DAY = timedelta(days=1)


@dataclass(frozen=True)
class Span:
    """From the first to the last day, both included."""

    start: date
    end: date

    def until(self, other: Span) -> Span:
        return Span(min(self.start, other.start), max(self.end, other.end))


def one_day(day: date) -> Span:
    return Span(day, day)


def month_of(year: int, month: int) -> Span:
    """`month` may be outside 1-12: 0 is December of the year before."""
    year, index = year + (month - 1) // 12, (month - 1) % 12
    following = date(year + (index + 1) // 12, (index + 1) % 12 + 1, 1)
    return Span(date(year, index + 1, 1), following - DAY)


def months_of(year: int, first: int, count: int) -> Span:
    return Span(month_of(year, first).start, month_of(year, first + count - 1).end)


def week_of(day: date) -> Span:
    """Monday to Sunday."""
    monday = day - timedelta(days=day.weekday())
    return Span(monday, monday + 6 * DAY)


def weekend_of(day: date) -> Span:
    saturday = week_of(day).start + 5 * DAY
    return Span(saturday, saturday + DAY)


def unit_span(unit: str, day: date, offset: int) -> Span:
    """The day, week, weekend, month, quarter or year that holds `day`, moved by `offset` of them."""
    if unit == "day":
        return one_day(day + offset * DAY)
    if unit == "week":
        return week_of(day + offset * 7 * DAY)
    if unit == "weekend":
        return weekend_of(day + offset * 7 * DAY)
    if unit == "month":
        return month_of(day.year, day.month + offset)
    if unit == "quarter":
        return months_of(day.year, (day.month - 1) // 3 * 3 + 1 + 3 * offset, 3)
    return months_of(day.year + offset, 1, 12)


def moved(day: date, unit: str, count: int) -> date:
    """The day `count` units later; the 31st becomes the last day of a shorter month."""
    if unit in ("day", "week"):
        return day + count * (7 if unit == "week" else 1) * DAY
    months = {"month": 1, "quarter": 3, "year": 12}[unit]
    span = month_of(day.year, day.month + count * months)
    return min(span.start + (day.day - 1) * DAY, span.end)


def trailing(day: date, unit: str, count: int) -> Span:
    """The last `count` units up to and with `day`: 30 days are 30 days, not 31."""
    return Span(moved(day, unit, -count) + DAY, day)


def workdays(day: date, count: int, step: timedelta) -> Span:
    """`count` Mondays to Fridays, at least one, from `day` on in steps of a day forward or back."""
    days: list[date] = []
    while len(days) < max(1, count):
        days += [day] if day.weekday() < WEEKDAYS.index("saturday") else []
        day += step
    return Span(min(days), max(days))


def weekday_near(day: date, name: str, *, ahead: bool) -> date:
    """The next such weekday from `day` on, or the latest one up to it."""
    distance = (WEEKDAYS.index(name) - day.weekday()) % 7
    return day + distance * DAY if ahead else day - (-distance % 7) * DAY
