"""The one statement of the money plate gives what one statement a list gives."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from random import Random
from typing import Any

import pytest

from shared.adapters.embedded.warehouse import DuckDbWarehouse

AS_OF = datetime(2026, 6, 1, tzinfo=UTC)
RANGE = {"tenant_id": "autohaus", "as_of": AS_OF, "from_date": date(2026, 1, 5), "to_date": date(2026, 4, 20)}


@pytest.fixture(scope="module")
def warehouse(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DuckDbWarehouse]:
    warehouse = DuckDbWarehouse(tmp_path_factory.mktemp("warehouse") / "warehouse.duckdb")
    rows = [_row(Random(number), number) for number in range(400)]
    warehouse.append("ledger.money_entry_v1", [*rows, *rows[:50]])
    yield warehouse
    warehouse.close()


def _row(random: Random, number: int) -> dict[str, Any]:
    return {
        "entry_id": f"E-{number}",
        "tenant_id": random.choice(("autohaus", "autohaus", "northside")),
        "occurred_on": date(2026, random.randint(1, 5), random.randint(1, 28)),
        "lane": random.choice("ABCD"),
        "category": random.choice(("sales", "transport", "fuel")),
        "direction": random.choice(("income", "expense")),
        "amount": f"{random.randint(1, 900_000) / 100:.2f}",
        "currency": "USD",
        "recorded_at": datetime(2026, random.randint(5, 6), random.randint(1, 28), tzinfo=UTC),
    }


@pytest.mark.parametrize("bucket", ["day", "week", "month"])
@pytest.mark.parametrize("split", ["lane", "category"])
@pytest.mark.parametrize(
    "narrowed", [{}, {"lane": "C"}, {"direction": "expense", "category": "fuel"}], ids=str
)
def test_every_list_is_the_same(
    warehouse: DuckDbWarehouse, bucket: str, split: str, narrowed: dict[str, Any]
) -> None:
    about = {**RANGE, **narrowed}
    whole = warehouse.query(
        "plates/finance_plate_v1", {**about, "bucket": bucket, "split_by": split, "row_limit": 25}
    )
    alone = {
        "chart": warehouse.query("plates/finance_chart_v1", {**about, "bucket": bucket}),
        "split": warehouse.query("plates/money_totals_v1", {**about, "group_by": split}),
        "total": warehouse.query("plates/money_totals_v1", {**about, "group_by": "all"}),
        "entries": warehouse.query("plates/finance_entries_v1", {**about, "row_limit": 25}),
    }
    for name, rows in alone.items():
        assert rows, name
        assert [{key: row[key] for key in rows[0]} for row in whole if row["list"] == name] == rows
