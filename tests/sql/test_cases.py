"""Each statement gives the expected rows on DuckDB and on GoogleSQL's own reference implementation."""

from __future__ import annotations

from pathlib import Path

import pytest

from shared.adapters.embedded.warehouse import DuckDbWarehouse
from tests.sql.cases import CASES, CATALOGUE, NAMES, Case, written
from tests.sql.googlesql.reference import GoogleSqlReference


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("warehouses")


@pytest.fixture(scope="module")
def reference() -> GoogleSqlReference:
    return GoogleSqlReference(CATALOGUE.tables.values())


@pytest.mark.parametrize("case", CASES, ids=str)
def test_a_statement_gives_the_expected_rows(case: Case, folder: Path) -> None:
    name = f"{case.query_name}/{case.folder.name}".replace("/", "-")
    warehouse = DuckDbWarehouse(folder / f"{name}.duckdb")
    try:
        for table, rows in case.tables().items():
            warehouse.append(table, rows)
        found = warehouse.query(case.query_name, case.parameters())
    finally:
        warehouse.close()
    assert written(found) == case.expected()


ASKED = ("plates/", "monitors/")


@pytest.mark.parametrize("case", [case for case in CASES if case.query_name.startswith(ASKED)], ids=str)
def test_rows_that_were_delivered_twice_change_no_figure(case: Case, folder: Path) -> None:
    name = f"twice-{case.query_name}/{case.folder.name}".replace("/", "-")
    warehouse = DuckDbWarehouse(folder / f"{name}.duckdb")
    try:
        for table, rows in case.tables().items():
            warehouse.append(table, rows)
            warehouse.append(table, rows[::-1])
        found = warehouse.query(case.query_name, case.parameters())
    finally:
        warehouse.close()
    assert written(found) == case.expected()


@pytest.mark.parametrize("case", CASES, ids=str)
def test_googlesql_itself_gives_the_same_rows(case: Case, reference: GoogleSqlReference) -> None:
    found = reference.rows(case.query, case.tables(), case.parameters())
    assert written(found) == case.expected()


def test_every_statement_has_cases() -> None:
    counted = {name: sum(case.query_name == name for case in CASES) for name in NAMES}
    assert {name: count for name, count in counted.items() if count < 2} == {}


def test_every_query_has_a_case_with_another_dealerships_rows() -> None:
    covered = {case.query_name for case in CASES if case.folder.name.startswith("another_dealership")}
    assert {name for name in NAMES if name.startswith(ASKED)} <= covered
