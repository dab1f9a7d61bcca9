"""How busy a dealership is on a day: weekday, end of month, season, and slow growth over the years."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterator
from datetime import date, timedelta

SUNDAY = 6

_SALES_BY_WEEKDAY = (0.75, 0.75, 0.8, 0.95, 1.25, 1.9, 0.0)
_SERVICE_BY_WEEKDAY = (1.25, 1.05, 1.0, 1.0, 1.1, 0.6, 0.0)
_SALES_BY_MONTH = (0.8, 0.86, 1.12, 1.06, 1.08, 1.04, 1.02, 1.06, 1.0, 0.96, 0.92, 1.14)
_SERVICE_BY_MONTH = (0.94, 0.92, 1.02, 1.08, 1.08, 1.04, 0.98, 0.98, 0.98, 1.06, 1.12, 0.9)
_GROWTH_A_YEAR = 0.06


def days(first: date, last: date) -> Iterator[date]:
    """Every day from `first` to `last`."""
    for offset in range((last - first).days + 1):
        yield first + timedelta(days=offset)


def months_before(day: date, months: int) -> date:
    """The first day of the month so many months before."""
    month = day.year * 12 + day.month - 1 - months
    return date(month // 12, month % 12 + 1, 1)


def days_to_month_end(day: date) -> int:
    return monthrange(day.year, day.month)[1] - day.day


def sales_factor(day: date, today: date) -> float:
    """Around 1: Saturdays and the last days of a month, when targets are met, sell twice as well."""
    month_end = 1.65 if days_to_month_end(day) < 3 else 0.85 if day.day <= 4 else 1.0
    return _SALES_BY_WEEKDAY[day.weekday()] * _SALES_BY_MONTH[day.month - 1] * month_end * _growth(day, today)


def service_factor(day: date, today: date) -> float:
    """Around 1: the workshop is fullest on Mondays and before winter."""
    return _SERVICE_BY_WEEKDAY[day.weekday()] * _SERVICE_BY_MONTH[day.month - 1] * _growth(day, today)


def _growth(day: date, today: date) -> float:
    return 1.0 + _GROWTH_A_YEAR * (day - today).days / 365
