"""Half a year of a made dealership's books, day by day through the watch; plain two-sigma beside it."""

from __future__ import annotations

import statistics
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from functions.anomaly_monitor.main import watch_books
from shared.adapters.embedded.documents import SqliteDocuments
from shared.adapters.embedded.warehouse import DuckDbWarehouse
from shared.adapters.signed_links import HmacLinks
from shared.adapters.system import RandomIds
from shared.domain.anomaly.paths import APPROVALS
from shared.platform import Platform
from shared.ports import Write
from shared.runtime.cause import Cause
from shared.runtime.work import UnitOfWork
from shared.settings import load
from tests.benchmarks.made_books.books import TENANT
from tests.benchmarks.made_books.posting import Books, Label

MONEY = "ledger.money_entry_v1"


@dataclass
class ReplayClock:
    at: datetime

    def now(self) -> datetime:
        return self.at


@dataclass(frozen=True)
class Alert:
    """Something a person is told on `told_on`: rows, or a day of a series."""

    told_on: date
    series: str
    occurred_on: date
    family: str
    entry_ids: frozenset[str]


def replay(books: Books, folder: Path, *, every: int = 1) -> list[Alert]:
    """What the watch tells, run each `every`th evening of the watched half-year."""
    clock = ReplayClock(datetime.combine(books.first_watched, datetime.min.time(), UTC))
    platform = _platform(folder, clock)
    platform.warehouse.append(MONEY, books.rows)
    _approve(platform, books)
    alerts: list[Alert] = []
    for day in _days(books.first_watched, books.last_watched, every):
        clock.at = datetime(day.year, day.month, day.day, 23, tzinfo=UTC)
        cause = Cause(day.isoformat(), "anomaly_monitor", TENANT, day.isoformat())
        work = UnitOfWork(tenant=platform.tenant(TENANT), cause=cause, now=clock.at)
        watch_books(work, platform.tenant(TENANT))
        alerts += _told(work, day)
        work.commit()
    platform.close()
    return alerts


def two_sigma(books: Books, *, cool_down_days: int = 0) -> list[Alert]:
    """A series' day above its 30-day mean by two standard deviations, days without postings as 0."""
    sums: dict[str, dict[date, float]] = defaultdict(lambda: defaultdict(float))
    ids: dict[tuple[str, date], set[str]] = defaultdict(set)
    for row in books.rows:
        series = f"{row['lane']}.{row['category']}.{row['direction']}"
        sums[series][row["occurred_on"]] += float(row["amount"])
        ids[series, row["occurred_on"]].add(row["entry_id"])
    alerts = []
    for series, by_day in sums.items():
        quiet_until = date.min
        for day in _days(books.first_watched, books.last_watched, 1):
            before = [by_day.get(day - timedelta(days=back), 0.0) for back in range(1, 31)]
            limit = statistics.mean(before) + 2 * statistics.stdev(before)
            if day in by_day and by_day[day] > limit and day >= quiet_until:
                found = frozenset(ids[series, day])
                alerts.append(Alert(day, series, day, "two_sigma", found))
                quiet_until = day + timedelta(days=cool_down_days)
    return alerts


def score(books: Books, alerts: Sequence[Alert]) -> dict[str, Any]:
    """How many labels some alert is right about, how many alerts are right about some label."""
    found = [any(is_right(alert, label) for alert in alerts) for label in books.labels]
    right = [any(is_right(alert, label) for label in books.labels) for alert in alerts]
    weeks = ((books.last_watched - books.first_watched).days + 1) / 7
    return {
        "labels": len(books.labels),
        "found": sum(found),
        "alerts": len(alerts),
        "right": sum(right),
        "weeks": weeks,
        "missed": [label for label, hit in zip(books.labels, found, strict=True) if not hit],
        "wrong": [alert for alert, hit in zip(alerts, right, strict=True) if not hit],
    }


def is_right(alert: Alert, label: Label) -> bool:
    if label.kind == "slow_drift":
        series = f"{label.lane}.{label.category}.{label.direction}"
        return alert.series == series and label.first_on <= alert.told_on <= label.last_on
    return bool(alert.entry_ids & set(label.entry_ids))


def _told(work: UnitOfWork, day: date) -> Iterator[Alert]:
    for envelope in work.emitted:
        if envelope.type == "anomaly-detected" and envelope.data["is_alert"]:
            one = envelope.data
            series = f"{one['lane']}.{one['category']}.{one['direction']}"
            family = ",".join(one["kinds"])
            yield Alert(
                day, series, date.fromisoformat(one["occurred_on"]), family, frozenset(one["entry_ids"])
            )


def _platform(folder: Path, clock: ReplayClock) -> Platform:
    folder.mkdir(parents=True, exist_ok=True)
    return Platform(
        load({}),
        {
            "documents": lambda _: SqliteDocuments(folder / "documents.db"),
            "warehouse": lambda _: DuckDbWarehouse(folder / "warehouse.duckdb"),
            "links": lambda _: HmacLinks(keys="key-" * 12, base_url="http://localhost"),
            "clock": lambda _: clock,
            "ids": lambda _: RandomIds(),
        },
    )


def _approve(platform: Platform, books: Books) -> None:
    writes = []
    for number, one in enumerate(books.approvals):
        approval = {
            "covers": f"document|{one['document_number']}",
            "amount_usd": f"{one['amount_usd']:.2f}",
            "valid_from": one["valid_from"].isoformat(),
            "valid_to": one["valid_to"].isoformat(),
            "state": "valid",
        }
        writes.append(Write(f"tenants/{TENANT}/{APPROVALS}/a{number}", approval))
    platform.documents.commit(writes)


def _days(first: date, last: date, every: int) -> Iterator[date]:
    return (first + timedelta(days=number) for number in range(0, (last - first).days + 1, every))
