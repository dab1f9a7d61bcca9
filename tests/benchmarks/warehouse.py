"""The warehouse beside hand-written DuckDB on the same file: `python -m tests.benchmarks.warehouse`.

Ours goes through the port: parameters checked, BigQuery's dialect translated, result typed. The baseline is
the statement a DuckDB user would write for the same answer, with DuckDB's own idioms and no checks.
"""

from __future__ import annotations

import statistics
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import duckdb

from shared.adapters.embedded.warehouse import DuckDbWarehouse

NOW = datetime(2026, 6, 30, 12, tzinfo=UTC)
DAY = datetime(2026, 6, 30, tzinfo=UTC)
MONEY = "ledger.money_entry_v1"
CHART: dict[str, Any] = {
    "tenant_id": "autohaus",
    "as_of": NOW,
    "from_date": date(2025, 1, 1),
    "to_date": date(2026, 6, 30),
    "bucket": "month",
}
HEALTH: dict[str, Any] = {
    "tenant_id": "autohaus",
    "as_of": NOW,
    "from_at": DAY,
    "to_at": DAY + timedelta(days=1),
}

FILL_MONEY = """
INSERT INTO ledger.money_entry_v1
SELECT 'e' || i, 'autohaus', DATE '2025-01-01' + CAST(i % 545 AS INTEGER), substr('ABCD', 1 + i % 4, 1),
  ['sales', 'parts', 'labour', 'transport'][1 + i % 4], IF(i % 3 = 0, 'expense', 'income'),
  CAST(hash(i) % 1000000 AS DECIMAL(38, 9)) / 100, 'USD', 'posting ' || i, NULL, 'D-' || (i % 5000), NULL,
  NULL,  TIMESTAMP '2025-01-01' + INTERVAL (i % 545) DAY
FROM range($rows) AS t(i)
"""
# One row in a hundred is today's, as in a ledger that has run for three months.
FILL_AUDIT = """
INSERT INTO ledger.system_audit_ledger_v1
SELECT 'v' || i, 'autohaus', TIMESTAMP '2026-06-30' - INTERVAL (i % 100) DAY + INTERVAL (i % 40000) SECOND,
  IF(i % 3 = 0, 'plate.mounted', 'event.handled'), ['membrane', 'chat', 'plate_composer'][1 + i % 3],
  NULL, NULL, 'c' || (i // 3), 'm' || i, NULL, ['FINANCE', 'CRM'][1 + i % 2],
  IF(i % 50 = 0, 'failed', 'ok'), hash(i) % 900, '[{"hop":"membrane","ms":' || (hash(i) % 50) || '}]', NULL
FROM range($rows) AS t(i)
"""
OWN_CHART = """
WITH entries AS (
  SELECT entry_id, date_trunc('month', occurred_on) AS period, direction, amount,
    corrects, recorded_at
  FROM ledger.money_entry_v1
  WHERE tenant_id = 'autohaus' AND occurred_on BETWEEN DATE '2025-01-01' AND DATE '2026-06-30'
    AND recorded_at <= TIMESTAMP '2026-06-30 12:00:00'
  QUALIFY row_number() OVER (PARTITION BY entry_id ORDER BY recorded_at) = 1
)
SELECT period, sum(amount) FILTER (direction = 'income'), sum(amount) FILTER (direction = 'expense'),
  sum(IF(direction = 'income', amount, -amount)), count(*), count(corrects),
  max_by(entry_id, abs(amount), 20), max(recorded_at)
FROM entries GROUP BY period ORDER BY period
"""
OWN_HEALTH = """
WITH today AS (
  SELECT * FROM ledger.system_audit_ledger_v1
  WHERE tenant_id = 'autohaus' AND occurred_at >= TIMESTAMP '2026-06-30'
    AND occurred_at < TIMESTAMP '2026-07-01' AND occurred_at <= TIMESTAMP '2026-06-30 12:00:00'
  QUALIFY row_number() OVER (PARTITION BY event_id ORDER BY occurred_at) = 1
), units AS (
  SELECT capability, coalesce(causation_id, event_id) AS cause, bool_or(outcome = 'ok') AS ok,
    bool_or(outcome = 'failed') AS failed, bool_or(outcome = 'dead_lettered') AS dead,
    bool_or(outcome = 'rejected') AS rejected
  FROM today WHERE outcome IS NOT NULL GROUP BY ALL
)
SELECT (SELECT [count(*), count(*) FILTER (ok), count(*) FILTER (ok AND failed),
    count(*) FILTER (NOT ok AND rejected), count(*) FILTER (NOT ok AND dead)] FROM units),
  (SELECT quantile_disc(latency_ms, [0.5, 0.95]) FROM today WHERE type = 'plate.mounted'),
  (SELECT max_by(event_id, occurred_at, 20) FROM today
    WHERE outcome IN ('failed', 'rejected', 'dead_lettered')),
  (SELECT count(*) FROM today), (SELECT max(occurred_at) FROM today)
"""


def run(sizes: tuple[int, ...] = (10_000, 1_000_000)) -> list[dict[str, Any]]:
    """Rows `measure, ours, baseline, baseline_name, notes`; medians in milliseconds, throughput in rows/s."""
    with tempfile.TemporaryDirectory() as folder:
        measured = [row for size in sizes for row in _latencies(Path(folder) / f"{size}.duckdb", size)]
        return [*measured, *_appends(Path(folder) / "appends.duckdb")]


def _latencies(path: Path, rows: int) -> list[dict[str, Any]]:
    warehouse = DuckDbWarehouse(path)
    warehouse.query("plates/finance_chart_v1", CHART)
    warehouse.close()
    with duckdb.connect(str(path)) as bare:
        bare.execute("SET threads = 2; SET memory_limit = '512MB'")
        bare.execute(FILL_MONEY, {"rows": rows})
        bare.execute(FILL_AUDIT, {"rows": rows})
        baselines = [_median_ms(_asking(bare, statement)) for statement in (OWN_CHART, OWN_HEALTH)]
    asked = [
        ("finance_chart", "plates/finance_chart_v1", CHART),
        ("system_health", "plates/system_health_v1", HEALTH),
    ]
    measured = []
    for (label, name, parameters), baseline in zip(asked, baselines, strict=True):
        ours = _median_ms(partial(warehouse.query, name, parameters))
        measured.append(_row(f"{label}, {rows:,} rows (ms, p50)", ours, baseline, "hand-written DuckDB SQL"))
    warehouse.close()
    return measured


def _asking(connection: duckdb.DuckDBPyConnection, statement: str) -> Callable[[], Any]:
    return lambda: connection.execute(statement).fetchall()


def _median_ms(ask: Callable[[], Any], times: int = 9) -> float:
    ask()
    durations = []
    for _ in range(times):
        began = time.perf_counter()
        ask()
        durations.append((time.perf_counter() - began) * 1000)
    return round(statistics.median(durations), 1)


def _appends(path: Path) -> list[dict[str, Any]]:
    warehouse = DuckDbWarehouse(path)
    warehouse.append(MONEY, _entries(0, 1))
    ours_bulk = _per_second(lambda: warehouse.append(MONEY, _entries(1, 10_000)), 10_000)
    ours_single = _per_second(lambda: _one_by_one(lambda row: warehouse.append(MONEY, [row]), 20_000), 200)
    warehouse.close()
    with duckdb.connect(str(path)) as bare:
        columns = ", ".join(_entries(0, 1)[0])
        marks = ", ".join(f"${name}" for name in _entries(0, 1)[0])
        insert = f"INSERT INTO {MONEY} ({columns}) VALUES ({marks})"
        many = [_bare(row) for row in _entries(40_000, 1_000)]
        bare_bulk = _per_second(lambda: bare.executemany(insert, many), 1_000)
        bare_single = _per_second(
            lambda: _one_by_one(lambda row: bare.execute(insert, _bare(row)), 60_000), 200
        )
    return [
        _row("append 10,000 rows at once (rows/s)", ours_bulk, bare_bulk, "duckdb executemany, 1,000 rows"),
        _row("append row by row, each durable (rows/s)", ours_single, bare_single, "duckdb execute"),
    ]


def _one_by_one(append: Callable[[dict[str, Any]], Any], start: int) -> None:
    for row in _entries(start, 200):
        append(row)


def _bare(row: dict[str, Any]) -> dict[str, Any]:
    return row | {"recorded_at": row["recorded_at"].replace(tzinfo=None)}


def _entries(start: int, count: int) -> list[dict[str, Any]]:
    return [
        {
            "tenant_id": "autohaus",
            "entry_id": f"n{number}",
            "occurred_on": date(2026, 1, 1) + timedelta(days=number % 180),
            "lane": "ABCD"[number % 4],
            "category": "parts",
            "direction": "expense",
            "amount": number,
            "currency": "USD",
            "recorded_at": NOW,
        }
        for number in range(start, start + count)
    ]


def _per_second(work: Callable[[], Any], rows: int) -> float:
    began = time.perf_counter()
    work()
    return round(rows / (time.perf_counter() - began))


def _row(measure: str, ours: float, baseline: float, name: str) -> dict[str, Any]:
    notes = f"ours/baseline {ours / baseline:.2f}"
    return {"measure": measure, "ours": ours, "baseline": baseline, "baseline_name": name, "notes": notes}


if __name__ == "__main__":
    for row in run():
        print(" | ".join(str(value) for value in row.values()))
