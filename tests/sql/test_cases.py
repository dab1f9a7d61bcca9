"""Each statement on DuckDB, with cases as data: `tests/sql/<query>/<case>/`.

`input.<dataset>.<table>.yaml` holds rows (`defaults.yaml` fills what a case does not care about),
`params.yaml` the parameters, `expect.yaml` the whole result in order.
"""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import yaml

from shared.adapters.embedded.warehouse import DuckDbWarehouse
from shared.sql_catalogue import Catalogue, NamedQuery

HERE = Path(__file__).parent
CASES = sorted(path.parent for path in HERE.rglob("expect.yaml"))
CATALOGUE = Catalogue()


def _read(path: Path) -> Any:
    return yaml.safe_load(path.read_text(encoding="utf-8"))


def _query_name(case: Path) -> str:
    return case.parent.relative_to(HERE).as_posix()


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("warehouses")


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{_query_name(case)}: {case.name}")
def test_a_statement_gives_the_expected_rows(case: Path, folder: Path) -> None:
    name = _query_name(case)
    warehouse = DuckDbWarehouse(folder / f"{name.replace('/', '-')}-{case.name}.duckdb")
    defaults = _read(HERE / "defaults.yaml")
    for path in sorted(case.glob("input.*.yaml")):
        table = path.name.removeprefix("input.").removesuffix(".yaml")
        warehouse.append(table, [{**defaults[table], **row} for row in _read(path) or ()])
    try:
        found = warehouse.query(name, _parameters(CATALOGUE.query(name), _read(case / "params.yaml")))
    finally:
        warehouse.close()
    assert [_written(row) for row in found] == (_read(case / "expect.yaml") or [])


def _parameters(query: NamedQuery, given: dict[str, Any]) -> dict[str, Any]:
    types = {parameter.name: parameter.type for parameter in query.parameters}
    return {name: _typed(types[name], value) for name, value in given.items()}


def _typed(kind: str, value: Any) -> Any:
    if kind == "TIMESTAMP":
        return datetime.fromisoformat(value)
    return date.fromisoformat(value) if kind == "DATE" else value


def _written(value: Any) -> Any:
    """As a case file writes it: figures and times as text."""
    if isinstance(value, dict):
        return {key: _written(one) for key, one in value.items()}
    if isinstance(value, list):
        return [_written(one) for one in value]
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, datetime):
        return value.isoformat().replace("+00:00", "Z")
    return value.isoformat() if isinstance(value, date) else value


def test_every_statement_has_cases() -> None:
    counted = {name: [_query_name(case) for case in CASES].count(name) for name in _names()}
    assert {name: count for name, count in counted.items() if count < 2} == {}


def test_every_plate_query_has_a_case_with_another_dealerships_rows() -> None:
    covered = {_query_name(case) for case in CASES if case.name.startswith("another_dealership")}
    assert {name for name in _names() if name.startswith("plates/")} <= covered


def _names() -> list[str]:
    return [query.name for query in CATALOGUE.queries()]
