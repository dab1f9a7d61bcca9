"""Time as the dealership's customers feel it: minutes in which somebody could have answered."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from itertools import islice

from shared.inbox.rules import InboxRules, Weekday

_DAYS: tuple[Weekday, ...] = (
    "monday",
    "tuesday",
    "wednesday",
    "thursday",
    "friday",
    "saturday",
    "sunday",
)
MOST_DAYS = 400
"""Looked ahead; a dealership that is closed for longer promises nothing."""


def is_open(now: datetime, rules: InboxRules, zone: tzinfo) -> bool:
    return any(opens <= now < closes for opens, closes in islice(_openings(now, rules, zone), 2))


def due_after(start: datetime, minutes: float, rules: InboxRules, zone: tzinfo) -> datetime:
    """The moment at which the dealership has been open for so many minutes since `start`, UTC."""
    left = timedelta(minutes=minutes)
    for opens, closes in _openings(start, rules, zone):
        begins = max(opens, start)
        if closes - begins >= left:
            return begins + left
        left -= max(closes - begins, timedelta(0))
    return start + timedelta(days=MOST_DAYS)


def _openings(start: datetime, rules: InboxRules, zone: tzinfo) -> Iterator[tuple[datetime, datetime]]:
    """The openings that end after `start`, in order, as moments in UTC."""
    first = start.astimezone(zone).date() - timedelta(days=1)
    for number in range(MOST_DAYS):
        day = first + timedelta(days=number)
        hours = rules.hours.get(_DAYS[day.weekday()])
        if hours is None or day in rules.closed_on:
            continue
        opens, closes = (_moment(day, at, zone) for at in hours)
        if closes > start:
            yield opens, closes


def _moment(day: date, at: time, zone: tzinfo) -> datetime:
    return datetime.combine(day, at, zone).astimezone(UTC)
