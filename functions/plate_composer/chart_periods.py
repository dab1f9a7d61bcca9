"""The periods of a chart, those without an entry too: a line across a gap would tell of money there."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from functions.plate_composer.asked import Period
from functions.plate_composer.plate import MOST_ROWS, Row

WEEK = 7
NOTHING = {
    "income": Decimal(0),
    "expense": Decimal(0),
    "net": Decimal(0),
    "entry_count": 0,
    "correction_count": 0,
    "newest_recorded_at": None,
}


def without_gaps(rows: Sequence[Row], *, period: Period, bucket: str, today: date) -> list[dict[str, Any]]:
    """The rows with one of zeros, without row ids, for each period of the range that has none.

    Until today, or the last entry when that is later: what has not happened yet is not zero. No entry at
    all gives no row. A range of more periods than a plate holds stays as it is: zeros would push entries out.
    """
    if not rows:
        return []
    known = {row["period_start"]: row for row in rows}
    last = max([min(period.end, today), *known])
    starts = period_starts(period.start, last, bucket)
    if len(starts) > MOST_ROWS:
        return [dict(row) for row in rows]
    return [dict(known.get(start) or {"period_start": start, **NOTHING, "row_ids": []}) for start in starts]


def period_starts(first: date, last: date, bucket: str) -> list[date]:
    """First days, as `plates/finance_chart_v1` names periods: a week that began earlier, by the first day."""
    if bucket == "month":
        months = range(_month(first), _month(last) + 1)
        return [date(month // 12, month % 12 + 1, 1) for month in months]
    if bucket == "week":
        mondays = range(first.toordinal() - first.weekday(), last.toordinal() + 1, WEEK)
        return [date.fromordinal(max(monday, first.toordinal())) for monday in mondays]
    return [date.fromordinal(day) for day in range(first.toordinal(), last.toordinal() + 1)]


def _month(day: date) -> int:
    return day.year * 12 + day.month - 1
