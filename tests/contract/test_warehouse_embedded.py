"""What only the DuckDB warehouse promises: durability, one process, growth of its tables, a light start."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from shared.adapters.embedded.warehouse import DuckDbWarehouse
from shared.errors import Misconfigured, Unavailable

PROBES = Path(__file__).parent / "warehouse_sql"
ROOT = Path(__file__).resolve().parents[2]
TABLE, BACK = "probe.every_type_v1", "probe/every_type_back_v1"
MONEY = "ledger.money_entry_v1"
ENTRY: dict[str, Any] = {
    "tenant_id": "autohaus",
    "occurred_on": date(2026, 3, 10),
    "lane": "C",
    "category": "transport",
    "direction": "expense",
    "amount": 250,
    "currency": "USD",
    "recorded_at": datetime(2026, 3, 11, tzinfo=UTC),
}
CHART: dict[str, Any] = {
    "tenant_id": "autohaus",
    "as_of": datetime(2026, 4, 1, tzinfo=UTC),
    "from_date": date(2026, 1, 1),
    "to_date": date(2026, 12, 31),
    "bucket": "month",
}
WRITER = """
import sys
from pathlib import Path
from shared.adapters.embedded.warehouse import DuckDbWarehouse

warehouse = DuckDbWarehouse(Path(sys.argv[1]), Path(sys.argv[2]))
for number in range(1_000_000):
    warehouse.append("probe.every_type_v1", [{"tenant_id": "t", "probe_id": f"p{number:07d}"}])
    print(number, flush=True)
"""


def _probes(warehouse: DuckDbWarehouse) -> list[str]:
    return [row["probe_id"] for row in warehouse.query(BACK, {"tenant_id": "t"})]


def _started(path: Path) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", WRITER, str(path), str(PROBES)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT)


def _lines(process: subprocess.Popen[str]) -> Iterator[str]:
    assert process.stdout is not None
    yield from process.stdout


@pytest.mark.parametrize("rows_before", [1, 40])
def test_a_row_survives_a_kill_right_after_append_returned(tmp_path: Path, rows_before: int) -> None:
    path = tmp_path / "warehouse.duckdb"
    with _started(path) as process:
        lines = _lines(process)
        acknowledged = [int(next(lines)) for _ in range(rows_before)]
        os.kill(process.pid, signal.SIGKILL)
        acknowledged += [int(line) for line in lines]
    found = _probes(DuckDbWarehouse(path, PROBES))
    # One more may have reached the disk before its line was printed.
    assert len(found) - len(acknowledged) in (0, 1)
    assert found == [f"p{number:07d}" for number in range(len(found))]


def test_a_second_process_is_told_who_holds_the_file(tmp_path: Path) -> None:
    path = tmp_path / "warehouse.duckdb"
    with _started(path) as process:
        next(_lines(process))
        with pytest.raises(Unavailable, match=r"warehouse.duckdb\] cannot be opened; is another process"):
            _probes(DuckDbWarehouse(path, PROBES))
        os.kill(process.pid, signal.SIGKILL)


def test_closing_and_using_again_reopens_the_file(tmp_path: Path) -> None:
    warehouse = DuckDbWarehouse(tmp_path / "warehouse.duckdb", PROBES)
    warehouse.append(TABLE, [{"tenant_id": "t", "probe_id": "p1"}])
    warehouse.close()
    assert _probes(warehouse) == ["p1"]
    warehouse.close()


def _copied_probes(folder: Path, schema: str) -> Path:
    for source in PROBES.rglob("*.*"):
        target = folder / source.relative_to(PROBES)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(source.read_text(encoding="utf-8"), encoding="utf-8")
    (folder / "probe" / "every_type_v1" / "schema.yaml").write_text(schema, encoding="utf-8")
    return folder


def test_a_column_the_schema_gained_is_added_to_the_file(tmp_path: Path) -> None:
    path = tmp_path / "warehouse.duckdb"
    schema = (PROBES / "probe/every_type_v1/schema.yaml").read_text(encoding="utf-8")
    older = "".join(line for line in schema.splitlines(keepends=True) if "document" not in line)
    before = DuckDbWarehouse(path, _copied_probes(tmp_path / "older", older))
    before.append(TABLE, [{"tenant_id": "t", "probe_id": "p1"}])
    before.close()
    after = DuckDbWarehouse(path, PROBES)
    after.append(TABLE, [{"tenant_id": "t", "probe_id": "p2", "document": {"new": True}}])
    assert [row["document"] for row in after.query(BACK, {"tenant_id": "t"})] == [None, {"new": True}]
    after.close()


def test_a_column_whose_type_changed_stops_the_start_and_is_named(tmp_path: Path) -> None:
    path = tmp_path / "warehouse.duckdb"
    before = DuckDbWarehouse(path, PROBES)
    before.append(TABLE, [{"tenant_id": "t", "probe_id": "p1"}])
    before.close()
    schema = (PROBES / "probe/every_type_v1/schema.yaml").read_text(encoding="utf-8")
    changed = _copied_probes(
        tmp_path / "changed", schema.replace("name: whole, type: INT64", "name: whole, type: DATE")
    )
    with pytest.raises(Misconfigured, match=r"\[probe.every_type_v1\].*\[whole\].*BIGINT.*DATE.*reset"):
        _probes(DuckDbWarehouse(path, changed))


def test_a_statement_the_engine_refuses_is_named(tmp_path: Path) -> None:
    schema = (PROBES / "probe/every_type_v1/schema.yaml").read_text(encoding="utf-8")
    root = _copied_probes(tmp_path / "sql", schema)
    query = root / "probe" / "every_type_back_v1" / "query.sql"
    query.write_text(query.read_text(encoding="utf-8").replace("whole,", "hole,"), encoding="utf-8")
    with pytest.raises(Misconfigured, match=r"refuses \[probe/every_type_back_v1\].*hole"):
        _probes(DuckDbWarehouse(tmp_path / "warehouse.duckdb", root))


def test_ten_thousand_entries_are_appended_in_well_under_a_second(tmp_path: Path) -> None:
    warehouse = DuckDbWarehouse(tmp_path / "warehouse.duckdb")
    warehouse.append(MONEY, [ENTRY | {"entry_id": "first"}])
    entries = [ENTRY | {"entry_id": f"e{number}"} for number in range(10_000)]
    began = time.process_time()
    warehouse.append(MONEY, entries)
    assert time.process_time() - began < 1
    assert warehouse.query("plates/finance_chart_v1", CHART)[0]["entry_count"] == 10_001
    warehouse.close()


def _modules_after(program: str, path: Path) -> set[str]:
    program += "\nprint(' '.join(__import__('sys').modules))"
    command = [sys.executable, "-c", program, str(path)]
    done = subprocess.run(command, capture_output=True, text=True, check=True, cwd=ROOT, timeout=60)
    return {name.partition(".")[0] for name in done.stdout.split()}


START = """
import sys
from datetime import UTC, date, datetime
from pathlib import Path
from shared.adapters.embedded.warehouse import DuckDbWarehouse

warehouse = DuckDbWarehouse(Path(sys.argv[1]))
"""
FIRST_PLATE = START + f"warehouse.query('plates/finance_chart_v1', {CHART!r})".replace(
    "datetime.datetime(2026, 4, 1, 0, 0, tzinfo=datetime.timezone.utc)", "datetime(2026, 4, 1, tzinfo=UTC)"
).replace("datetime.date", "date")


def test_a_warehouse_nobody_asks_loads_no_engine(tmp_path: Path) -> None:
    assert not _modules_after(START, tmp_path / "w.duckdb") & {"duckdb", "sqlglot", "numpy", "pandas"}


def test_the_translator_is_loaded_for_a_statement_it_has_not_seen_and_never_again(tmp_path: Path) -> None:
    assert "sqlglot" in _modules_after(FIRST_PLATE, tmp_path / "w.duckdb")
    again = _modules_after(FIRST_PLATE, tmp_path / "w.duckdb")
    assert "duckdb" in again
    assert not again & {"sqlglot", "pandas", "pyarrow"}


def test_the_machines_time_zone_moves_no_instant(tmp_path: Path) -> None:
    program = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from shared.adapters.embedded.warehouse import DuckDbWarehouse

row = DuckDbWarehouse(Path(sys.argv[1]), Path(sys.argv[2])).query(
    "probe/echo_v1", {"instant": datetime(2026, 3, 10, 23, 30, tzinfo=UTC)}
)[0]
print(row["instant"].isoformat(), row["instant_day"])
"""
    command = [sys.executable, "-c", program, str(tmp_path / "w.duckdb"), str(PROBES)]
    environment = os.environ | {"TZ": "Pacific/Kiritimati"}
    done = subprocess.run(
        command, capture_output=True, text=True, check=True, cwd=ROOT, timeout=60, env=environment
    )
    assert done.stdout.strip() == "2026-03-10T23:30:00+00:00 2026-03-10"
