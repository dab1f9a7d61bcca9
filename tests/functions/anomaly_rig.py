"""A dealership's books for tests of the watch: a year of ordinary days, and what is posted on top."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

from shared.ports import Query
from shared.testing.harness import Harness

ZONE = ZoneInfo("America/Chicago")


def today(harness: Harness) -> date:
    return harness.platform.clock.now().astimezone(ZONE).date()


def ordinary(last: date, *, days: int = 200, seed: int = 7) -> Iterator[dict[str, Any]]:
    """Fees, fuel and labour of every open day up to the day before `last`."""
    random = Random(seed)
    for back in range(days, 0, -1):
        on = last - timedelta(days=back)
        if on.weekday() == 6:
            continue
        for number in range(random.choice((1, 1, 2, 2, 3))):
            fee = round(random.gauss(465, 60), 2)
            yield entry(f"T{back}-{number}", on, "C", "transport", fee, counterparty="Lake Haulage")
        yield entry(f"F{back}", on, "C", "fuel", round(random.gauss(170, 25), 2), counterparty="FleetFuel")
        for number in range(4):
            yield entry(f"L{back}-{number}", on, "B", "labour", round(random.lognormvariate(5.6, 0.4), 2))


def entry(entry_id: str, on: date, lane: str, category: str, amount: float, **more: str) -> dict[str, Any]:
    row = {"entry_id": entry_id, "occurred_on": on.isoformat(), "lane": lane, "category": category}
    return {**row, "amount": f"{amount:.2f}", "description": f"{category} of the day", **more}


def post(harness: Harness, rows: list[dict[str, Any]], tenant: str = "autohaus") -> None:
    """As accounting does it; the rows reach the warehouse before this returns."""
    for start in range(0, len(rows), 2000):
        answer = harness.call(
            "POST",
            "/api/records/ledger_entries",
            json=rows[start : start + 2000],
            api_key=True,
            tenant=tenant,
        )
        assert answer.status == 200, answer.text
        assert answer.json()["rejected"] == 0, answer.text
    harness.settle()


def recorded_long_ago(harness: Harness, rows: list[dict[str, Any]], tenant: str = "autohaus") -> None:
    """Straight into the warehouse, each as if it had come in on the evening of its day."""
    from shared.domain.money_entry import MoneyEntry

    found = [MoneyEntry.model_validate(row) for row in rows]
    harness.tenant(tenant).warehouse.append(
        "ledger.money_entry_v1",
        [{**one.to_document(), "recorded_at": _evening(one.occurred_on)} for one in found],
    )


def _evening(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 18, tzinfo=ZONE)


def run(harness: Harness, tenant: str = "autohaus") -> dict[str, Any]:
    """What the tenant's run of the watch answered."""
    answer = harness.product.run("anomaly_monitor")
    assert answer.status == 200, answer.text
    result: dict[str, Any] = answer.json()["result"][tenant]
    return result


def findings(harness: Harness, tenant: str = "autohaus") -> list[Mapping[str, Any]]:
    return [one.data for one in harness.tenant(tenant).documents.query(Query("anomalies"))]


def requests(harness: Harness, kind: str = "anomaly", tenant: str = "autohaus") -> list[dict[str, Any]]:
    return [
        one["data"]
        for one in harness.events("attention-requested")
        if one["data"]["kind"] == kind and one["tenantid"] == tenant
    ]
