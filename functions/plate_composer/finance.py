"""FINANCE_CHART: money in, out and net over time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from functions.plate_composer.asked import Asked, Period, in_words
from functions.plate_composer.chart_periods import without_gaps
from functions.plate_composer.finance_wishes import stated_wishes
from functions.plate_composer.plate import Column, Plate, Row, newest
from functions.plate_composer.record_rows import ENTRY_COLUMNS
from shared.platform import Tenant

LANES = {"A": "Lane A (sales)", "B": "Lane B (service)", "C": "Lane C (transport)", "D": "Lane D (rental)"}
COLUMNS = (
    Column("period_start", "Period", "date"),
    Column("income", "Income", "USD"),
    Column("expense", "Expense", "USD"),
    Column("net", "Net", "USD"),
    Column("entry_count", "Entries"),
)
TOTAL_COLUMNS = (Column("part", "Part"), *COLUMNS[1:])
HEADINGS = {"income": "Income", "expense": "Expenses"}
PLATE, ENTRIES = "plates/finance_plate_v1", "plates/finance_entries_v1"
SUMS = (
    *("income", "expense", "net", "entry_count", "correction_count"),
    *("row_ids", "newest_recorded_at"),
)
LIST_FIELDS = {
    "chart": ("period_start", *SUMS),
    "total": ("part", *SUMS),
    "split": ("part", *SUMS),
    "entries": (
        *("entry_id", "occurred_on", "lane", "category", "direction", "amount", "currency", "description"),
        *("vin", "document_number", "counterparty", "corrects", "recorded_at"),
    ),
}
SHOWN_ENTRIES = 25
TEN_YEARS = timedelta(days=3653)


def compose(asked: Asked, tenant: Tenant) -> Plate:
    """Grouped as the message says, else as the person prefers, else by day up to five weeks, by week up to
    four months and by month beyond. Default: the last twelve months."""
    period = asked.period or _last_twelve_months(asked)
    wanted = stated_wishes(asked, period)
    about = _about(asked) | wanted.lane
    span = {"as_of": asked.as_of, **about, "from_date": period.start, "to_date": period.end}
    bucket, subject = wanted.bucket or _bucket(period), _subject(about)
    split = "category" if "lane" in about and "category" not in about else "lane"
    asked_for = {**span, "bucket": bucket, "split_by": split, "row_limit": SHOWN_ENTRIES}
    found = _lists(tenant.warehouse.query(PLATE, asked_for))
    rows = found["chart"]
    charted = without_gaps(rows, period=period, bucket=bucket, today=asked.today)
    return Plate(
        title=f"{subject}, {period.in_words}, by {bucket}",
        columns=_filled(COLUMNS, about),
        dataset=[{"id": row["period_start"].isoformat(), **row} for row in charted],
        source={"queries": [PLATE]},
        filters={"from": period.start, "to": period.end, "bucket": bucket, **about},
        newest_at=newest(rows, "newest_recorded_at"),
        note="" if rows else _nothing(asked, tenant, about, subject, period),
        details={
            "total": [{"id": row["part"], **row} for row in found["total"]],
            f"by_{split}": [{"id": row["part"], **row} for row in found["split"]],
            "entries": [{"id": row["entry_id"], **row} for row in found["entries"]],
        },
        detail_columns={
            **dict.fromkeys(("total", f"by_{split}"), _filled(TOTAL_COLUMNS, about)),
            "entries": ENTRY_COLUMNS,
        },
    ).noting(wanted.note)


def _lists(rows: Sequence[Row]) -> dict[str, list[Row]]:
    """The statement's one list as the lists it is made of, each with its own columns."""
    found: dict[str, list[Row]] = {name: [] for name in LIST_FIELDS}
    for row in rows:
        found[row["list"]].append({name: row[name] for name in LIST_FIELDS[row["list"]]})
    return found


def _about(asked: Asked) -> dict[str, Any]:
    """What was said besides the time, as the parameters of the queries."""
    amount = asked.range("money", "amount")
    said = {name: asked.text(name) for name in ("lane", "category", "direction")}
    bounds = {"amount_from": amount.low, "amount_to": amount.high}
    return {name: value for name, value in {**said, **bounds}.items() if value is not None}


def _nothing(asked: Asked, tenant: Tenant, about: Mapping[str, Any], subject: str, period: Period) -> str:
    ever: dict[str, Any] = {"from_date": asked.today - TEN_YEARS, "to_date": asked.today, "row_limit": 1}
    latest = tenant.warehouse.query(ENTRIES, {"as_of": asked.as_of, **about, **ever})
    known = (
        f"The latest entry is of {latest[0]['occurred_on']}." if latest else "There is none before either."
    )
    return f"No entries: {subject}, {period.in_words}. {known}"


def _last_twelve_months(asked: Asked) -> Period:
    months = asked.today.year * 12 + asked.today.month - 12
    return Period(
        asked.today.replace(year=months // 12, month=months % 12 + 1, day=1), asked.today, "last 12 months"
    )


def _bucket(period: Period) -> str:
    if period.days <= 35:
        return "day"
    return "week" if period.days <= 123 else "month"


def _subject(about: Mapping[str, Any]) -> str:
    """`Expenses, Lane C (transport), fuel, entries from $5,000`."""
    lane, category = about.get("lane"), about.get("category")
    named = LANES.get(lane, f"Lane {lane}") if lane else "all lanes"
    amounts = in_words(about.get("amount_from"), about.get("amount_to"), "${:,}")
    parts = [
        HEADINGS.get(about.get("direction", ""), "Financials"),
        named,
        category.replace("_", " ") if category else "",
        f"entries {amounts}" if amounts else "",
    ]
    return ", ".join(part for part in parts if part)


def _filled(columns: Sequence[Column], about: Mapping[str, Any]) -> list[Column]:
    """Who asks what was spent has no use for a column of zeros."""
    zeros = {"income": ("expense", "net"), "expense": ("income", "net")}.get(about.get("direction", ""), ())
    return [column for column in columns if column.name not in zeros]
