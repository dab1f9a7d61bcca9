"""The `sql/` folder says everything the tables need, and a mistake in it is named with its file."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import sqlglot
from sqlglot import exp

from shared.errors import Misconfigured, NotFound
from shared.sql_catalogue import SQL_ROOT, Catalogue, NamedQuery, Table

CATALOGUE = Catalogue()
TABLES = list(CATALOGUE.tables.values())
QUERIES = list(CATALOGUE.queries())
COMPARISONS = (exp.EQ, exp.GT, exp.GTE, exp.LT, exp.LTE, exp.Between)


def test_the_tables_of_the_architecture_are_there() -> None:
    assert set(CATALOGUE.tables) == {
        "ledger.system_audit_ledger_v1",
        "ledger.money_entry_v1",
        "crm.master_person_graph_v1",
        "twins.inventory_master_v1",
        "brain.model_usage_v1",
    }


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.full_name)
def test_a_table_belongs_to_a_tenant_and_says_what_each_value_means(table: Table) -> None:
    assert table.by_name["tenant_id"].mode == "REQUIRED"
    assert "tenant_id" in table.natural_key
    assert table.clustering[0] == "tenant_id"
    for column in table.columns:
        words = re.findall(r"\w+", column.description.lower())
        assert len(words) >= 3, column.name
        assert " ".join(words) != column.name.replace("_", " "), (
            "a description that repeats the name says nothing"
        )
        assert column.description.endswith("."), column.name


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.full_name)
def test_what_identifies_or_partitions_a_row_is_never_empty(table: Table) -> None:
    named = [*table.natural_key, *([table.partition.field] if table.partition else [])]
    assert {name for name in named if table.by_name[name].mode != "REQUIRED"} == set()


def test_terraform_gets_each_column_in_the_words_of_its_api() -> None:
    schema = CATALOGUE.table("twins.inventory_master_v1").bigquery_schema()
    by_name = {column["name"]: column for column in schema}
    assert by_name["year"]["type"] == "INTEGER"
    assert by_name["removed"]["type"] == "BOOLEAN"
    assert by_name["price"]["type"] == "NUMERIC"
    assert by_name["vin"]["mode"] == "REQUIRED"
    assert all(set(column) == {"name", "type", "mode", "description"} for column in schema)


def test_every_folder_below_sql_is_a_table_or_a_query() -> None:
    folders = {path for path in SQL_ROOT.glob("*/*") if path.is_dir()}
    tables = {table.folder for table in TABLES}
    queries = {query.path.parent for query in QUERIES}
    assert folders == tables | queries
    files = {path.name for path in SQL_ROOT.glob("*/*/*")}
    assert files == {"schema.yaml", "metadata.yaml", "query.sql", "checks.sql"}


@pytest.mark.parametrize("query", QUERIES, ids=lambda query: query.name)
def test_a_statement_uses_each_parameter_it_declares_and_no_other(query: NamedQuery) -> None:
    used = {node.name for node in _parsed(query).find_all(exp.Parameter)}
    assert used == {parameter.name for parameter in query.parameters}


@pytest.mark.parametrize("query", QUERIES, ids=lambda query: query.name)
def test_a_statement_reads_one_tenant_and_filters_each_partition(query: NamedQuery) -> None:
    assert _unfiltered(_parsed(query)) == []


@pytest.mark.parametrize("query", QUERIES, ids=lambda query: query.name)
def test_qualify_stands_beside_a_filter_or_a_group_as_bigquery_asks(query: NamedQuery) -> None:
    alone = [
        select
        for select in _parsed(query).find_all(exp.Select)
        if select.args.get("qualify") and not (select.args.get("where") or select.args.get("group"))
    ]
    assert alone == []


def test_a_scan_without_its_filters_would_be_found() -> None:
    sql = QUERIES[0].sql
    assert _unfiltered(sqlglot.parse_one("SELECT 1 FROM `ledger.money_entry_v1`", read="bigquery"))
    only_tenant = "SELECT 1 FROM `ledger.money_entry_v1` WHERE tenant_id = @t AND occurred_on IS NOT NULL"
    assert _unfiltered(sqlglot.parse_one(only_tenant, read="bigquery")) == [
        "ledger.money_entry_v1.occurred_on"
    ]
    assert _unfiltered(sqlglot.parse_one(sql, read="bigquery")) == []


def _parsed(query: NamedQuery) -> exp.Expr:
    return sqlglot.parse_one(query.sql, read="bigquery")


def _unfiltered(tree: exp.Expr) -> list[str]:
    """Scans of a table without a comparison of its tenant and partition to a parameter."""
    missing = []
    for scan in tree.find_all(exp.Table):
        if not scan.db:
            continue
        table = CATALOGUE.table(f"{scan.db}.{scan.name}")
        select = scan.find_ancestor(exp.Select)
        compared = _compared_to_parameters(select)
        needed = ["tenant_id", *([table.partition.field] if table.partition else [])]
        missing += [f"{table.full_name}.{name}" for name in needed if name not in compared]
    return missing


def _compared_to_parameters(select: exp.Select | None) -> set[str]:
    where = select.args.get("where") if select else None
    conditions = (
        where.this.flatten() if where and isinstance(where.this, exp.And) else [where.this] if where else []
    )
    return {
        condition.this.name
        for condition in conditions
        if isinstance(condition, COMPARISONS) and condition.find(exp.Parameter)
    }


def _table(folder: Path, metadata: str = "", schema: str = "", name: str = "thing_v1") -> Catalogue:
    target = folder / "data" / name
    target.mkdir(parents=True)
    (target / "metadata.yaml").write_text(metadata or METADATA)
    (target / "schema.yaml").write_text(schema or SCHEMA)
    return Catalogue(folder)


SCHEMA = """
columns:
  - {name: tenant_id, type: STRING, mode: REQUIRED, description: Whose it is.}
  - {name: day, type: DATE, mode: REQUIRED, description: The day it was.}
"""
METADATA = """
description: Things that happened.
owner: tests
grain: One row per thing.
users: [tests]
partition: {field: day, granularity: DAY}
natural_key: [tenant_id, day]
retention_days: 30
"""


def test_a_good_table_loads(tmp_path: Path) -> None:
    assert list(_table(tmp_path).tables) == ["data.thing_v1"]


@pytest.mark.parametrize(
    ("metadata", "schema", "name", "message"),
    [
        ("", "", "thing", r"data/thing\] must be named"),
        ("", SCHEMA.replace("DATE", "DATETIME"), "thing_v1", r"thing_v1\]: field \[columns.1.type\]"),
        ("", SCHEMA.replace("description: The day it was.", "mode: NULLABLE"), "thing_v1", "thing_v1"),
        ("", SCHEMA.replace(", description: The day it was.", ""), "thing_v1", r"\[columns.1.description\]"),
        ("", "columns: [", "thing_v1", r"schema.yaml\] is not YAML"),
        ("", "[]", "thing_v1", r"schema.yaml\] must hold a mapping"),
        (METADATA.replace("field: day", "field: night"), "", "thing_v1", r"names \['night'\]"),
        (METADATA + "colour: red\n", "", "thing_v1", r"field \[colour\]"),
        (METADATA.replace("grain: One row per thing.", ""), "", "thing_v1", r"field \[grain\]"),
        ("", SCHEMA + SCHEMA.splitlines()[2], "thing_v1", "has a column twice"),
        (METADATA.replace("field: day", "field: tenant_id"), "", "thing_v1", r"\[tenant_id\] is \[STRING\]"),
        (
            METADATA + "clustering: [day]\n",
            SCHEMA.replace("DATE", "JSON"),
            "thing_v1",
            r"\[day\] is \[JSON\]",
        ),
        (
            METADATA.replace("partition: {field: day, granularity: DAY}\n", "clustering: [tenant_id, day]\n"),
            SCHEMA.replace("DATE", "FLOAT64"),
            "thing_v1",
            r"field \[clustering\]: \[day\] is \[FLOAT64\]",
        ),
    ],
)
def test_a_mistake_in_a_folder_is_named(
    tmp_path: Path, metadata: str, schema: str, name: str, message: str
) -> None:
    with pytest.raises(Misconfigured, match=message):
        _ = _table(tmp_path, metadata, schema, name).tables


def test_a_missing_file_or_root_is_named(tmp_path: Path) -> None:
    catalogue = _table(tmp_path)
    (tmp_path / "data" / "thing_v1" / "metadata.yaml").unlink()
    with pytest.raises(Misconfigured, match=r"metadata.yaml\] is missing"):
        _ = catalogue.tables
    with pytest.raises(Misconfigured, match=r"SQL folder \[.*nowhere\] does not exist"):
        Catalogue(tmp_path / "nowhere")


def test_an_unknown_name_is_not_found() -> None:
    with pytest.raises(NotFound, match=r"\[ledger.none_v1\]"):
        CATALOGUE.table("ledger.none_v1")
    for name in (
        "plates/none_v1",
        "../etc/passwd",
        "plates/../plates/finance_chart_v1",
        "ledger/money_entry_v1",
    ):
        with pytest.raises(NotFound, match="No query"):
            CATALOGUE.query(name)
