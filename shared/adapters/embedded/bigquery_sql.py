"""BigQuery statements in DuckDB's words, for the part of the dialect that means the same in both.

sqlglot translates; what it translates to something else is rewritten here or refused, never let through.
TIMESTAMP columns are stored as DuckDB's zoneless TIMESTAMP holding UTC: DuckDB's zoned type needs a time zone
of the session and a further Python package to read.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

from shared.errors import Misconfigured
from shared.sql_catalogue import NamedQuery, Table

if TYPE_CHECKING:
    from sqlglot import exp

# Raised with every change of the rules below, so that no translation of older rules is read from the cache.
_RULES = "1"
_TYPES = {
    "STRING": "VARCHAR",
    "INT64": "BIGINT",
    "FLOAT64": "DOUBLE",
    "NUMERIC": "DECIMAL(38, 9)",
    "BOOL": "BOOLEAN",
    "DATE": "DATE",
    "TIMESTAMP": "TIMESTAMP",
    "JSON": "JSON",
    "ARRAY<STRING>": "VARCHAR[]",
}


def table_ddl(table: Table) -> str:
    """`CREATE TABLE` of a table; a repeated column becomes a list."""
    columns = ", ".join(
        f'"{column.name}" {duckdb_type(column.type, column.mode)}'
        + (" NOT NULL" if column.mode == "REQUIRED" else "")
        for column in table.columns
    )
    return f'CREATE TABLE IF NOT EXISTS "{table.dataset}"."{table.name}" ({columns})'


def duckdb_type(name: str, mode: str = "NULLABLE") -> str:
    return _TYPES[name] + ("[]" if mode == "REPEATED" else "")


def insert_statement(table: Table) -> str:
    """Inserts the rows of one JSON array `$rows`, encoded as `encode_rows` gives them.

    One statement for all rows is two orders of magnitude faster than `executemany` and needs no Arrow.
    """
    shape = ", ".join(f'"{column.name}": "{_json_shape(column.type)}"' for column in table.columns)
    columns = ", ".join(f'"{column.name}"' for column in table.columns)
    values = ", ".join(
        f'CAST(r."{column.name}" AS {duckdb_type(column.type, column.mode)})' for column in table.columns
    )
    return (
        f'INSERT INTO "{table.dataset}"."{table.name}" ({columns}) '
        f"SELECT {values} FROM (SELECT UNNEST(from_json($rows, '[{{{shape}}}]')) AS r)"
    )


def _json_shape(name: str) -> str:
    return {"INT64": "BIGINT", "FLOAT64": "DOUBLE", "BOOL": "BOOLEAN"}.get(name, "VARCHAR")


def cache_key(query: NamedQuery) -> str:
    types = ",".join(f"{parameter.name}:{parameter.type}" for parameter in query.parameters)
    content = "\n".join((_RULES, _sqlglot_version(), types, query.sql))
    return hashlib.sha256(content.encode()).hexdigest()


@cache
def _sqlglot_version() -> str:
    return version("sqlglot")


def translated(query: NamedQuery, cache_folder: Path | None) -> str:
    """The statement for DuckDB, from the cache where it has been translated before.

    The first plate after a start then pays no import of sqlglot.
    """
    if cache_folder is None:
        return translate(query)
    path = cache_folder / f"{cache_key(query)}.sql"
    if path.is_file():
        return path.read_text(encoding="utf-8")
    statement = translate(query)
    cache_folder.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_suffix(f".{id(statement)}.part")
    unfinished.write_text(statement, encoding="utf-8")
    unfinished.replace(path)
    return statement


def translate(query: NamedQuery) -> str:
    """Raises `Misconfigured` naming the file for a statement outside the safe part."""
    types = {parameter.name: parameter.type for parameter in query.parameters}
    return translate_statement(query.sql, types, origin=str(query.path))


def translate_statement(sql: str, types: Mapping[str, str], *, origin: str) -> str:
    """`types` gives the BigQuery type of each parameter, `origin` names the statement in errors."""
    import sqlglot

    try:
        tree = sqlglot.parse_one(sql, read="bigquery")
    except sqlglot.ParseError as error:
        raise Misconfigured(f"[{origin}] is not BigQuery SQL: {error}") from error
    _refuse_what_means_something_else(tree, origin)
    # From the leaves up: what is rewritten may hold what was.
    for node in reversed(list(tree.walk())):
        if (rewritten := _rewritten(node, types, origin)) is not node:
            node.replace(rewritten)
    return str(tree.sql(dialect="duckdb", comments=False))


def _refuse_what_means_something_else(tree: exp.Expr, origin: str) -> None:
    for node in tree.walk():
        if way_out := _refusal(node):
            raise Misconfigured(f"[{origin}]: [{node.sql(dialect='bigquery')}]: {way_out}.")


def _refusal(node: exp.Expr) -> str | None:
    """Why the node may not be used, with the way out; None where it may."""
    from sqlglot import exp

    for kind, way_out in _refused_kinds():
        if isinstance(node, kind):
            return way_out
    if node.args.get("zone"):
        return "the time zone would be ignored: give the instants of a local day as parameters"
    if isinstance(node, exp.DataType) and node.this == exp.DataType.Type.TIMESTAMP:
        return "DATETIME has no zone: use TIMESTAMP or DATE"
    if isinstance(node, exp.Extract) and node.name.upper() == "DAYOFWEEK":
        return "DAYOFWEEK counts from another day: compare with DATE_TRUNC(…, WEEK(MONDAY))"
    if isinstance(node, exp.Unnest) and node.args.get("offset"):
        return "WITH OFFSET counts from 1 here: number rows with ROW_NUMBER()"
    if isinstance(node, exp.ArrayAgg) and node.find(exp.Limit):
        return "LIMIT is not known here: rank rows first and aggregate IF(place <= n, …)"
    if isinstance(node, (exp.Avg, exp.Stddev, exp.StddevSamp)) and not node.this.is_type("DOUBLE"):
        return "of an exact number it is exact there and a float here: CAST(… AS FLOAT64) inside"
    return None


@cache
def _refused_kinds() -> tuple[tuple[type[Any], str], ...]:
    from sqlglot import exp

    return (
        (exp.Div, "`/` gives infinity instead of an error: use SAFE_DIVIDE"),
        (exp.ApproxQuantile, "it differs: rank rows and take the nearest"),
        (exp.ApproxQuantiles, "it differs: rank rows and take the nearest"),
        (exp.CurrentDate, "the time comes in as a parameter"),
        (exp.CurrentTimestamp, "the time comes in as a parameter"),
        (exp.CurrentDatetime, "the time comes in as a parameter"),
        (exp.Rand, "a result must be the same each time"),
        (exp.Merge, "tables are append-only"),
        (exp.TsOrDsToDatetime, "DATETIME has no zone: use TIMESTAMP or DATE"),
    )


def _rewritten(node: exp.Expr, types: Mapping[str, str], origin: str) -> exp.Expr:
    from sqlglot import exp

    if isinstance(node, exp.Parameter):
        name = node.name
        if name not in types:
            raise Misconfigured(f"[{origin}] uses parameter [@{name}], which its metadata does not declare.")
        kind = exp.DataType.build(_TYPES[types[name]], dialect="duckdb")
        # Typed, so that NULL and whole numbers compare as the declared type and not as a guess.
        return exp.Cast(this=exp.Placeholder(this=name), to=kind)
    if isinstance(node, exp.DataType) and node.this == exp.DataType.Type.DECIMAL and not node.expressions:
        return exp.DataType.build(_TYPES["NUMERIC"], dialect="duckdb")
    if isinstance(node, exp.Cast) and node.to.this == exp.DataType.Type.TIMESTAMPTZ:
        return _without_zone(node.this)
    if isinstance(node, exp.CountIf):
        # DuckDB's count_if gives NULL over no rows, BigQuery's COUNTIF 0.
        return exp.Count(this=exp.Case(ifs=[exp.If(this=node.this, true=exp.Literal.number(1))]))
    if isinstance(node, exp.Timestamp):
        return _without_zone(node.this)
    return node


def _without_zone(value: exp.Expr) -> exp.Expr:
    """Through the zoned type, so that an offset written in a text counts; the session's zone is UTC."""
    from sqlglot import exp

    zoned = exp.Cast(this=value, to=exp.DataType.build("TIMESTAMPTZ", dialect="duckdb"))
    return exp.Cast(this=zoned, to=exp.DataType.build("TIMESTAMP", dialect="duckdb"))
