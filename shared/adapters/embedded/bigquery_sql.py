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
    tree = tree.transform(lambda node: _rewritten(node, types, origin))
    return str(tree.sql(dialect="duckdb", comments=False))


def _refuse_what_means_something_else(tree: exp.Expr, origin: str) -> None:
    from sqlglot import exp

    refused: tuple[tuple[type[Any], str], ...] = (
        (exp.Div, "`/` gives infinity instead of an error: use SAFE_DIVIDE"),
        (exp.DayOfWeek, "DAYOFWEEK counts from another day: compare DATE_TRUNC(…, WEEK(MONDAY))"),
        (exp.ApproxQuantile, "APPROX_QUANTILES differs: rank rows and take the nearest"),
        (exp.ApproxQuantiles, "APPROX_QUANTILES differs: rank rows and take the nearest"),
        (exp.CurrentDate, "the time comes in as a parameter"),
        (exp.CurrentTimestamp, "the time comes in as a parameter"),
        (exp.CurrentDatetime, "the time comes in as a parameter"),
        (exp.Rand, "a result must be the same each time"),
        (exp.Merge, "tables are append-only"),
    )
    for node in tree.walk():
        for kind, way_out in refused:
            if isinstance(node, kind):
                raise Misconfigured(f"[{origin}]: [{node.sql(dialect='bigquery')}]: {way_out}.")
        if isinstance(node, exp.Unnest) and node.args.get("offset"):
            raise Misconfigured(
                f"[{origin}]: [WITH OFFSET] counts from 1 here: number rows with ROW_NUMBER()."
            )
        if isinstance(node, exp.ArrayAgg) and node.find(exp.Limit):
            raise Misconfigured(
                f"[{origin}]: [ARRAY_AGG … LIMIT]: rank rows first and aggregate IF(place <= n, …)."
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
    if isinstance(node, exp.DataType):
        if node.this in (exp.DataType.Type.TIMESTAMPTZ, exp.DataType.Type.TIMESTAMPLTZ):
            return exp.DataType.build("TIMESTAMP", dialect="duckdb")
        if node.this == exp.DataType.Type.DECIMAL and not node.expressions:
            return exp.DataType.build(_TYPES["NUMERIC"], dialect="duckdb")
    if isinstance(node, exp.CountIf):
        # DuckDB's count_if gives NULL over no rows, BigQuery's COUNTIF 0.
        return exp.Count(this=exp.Case(ifs=[exp.If(this=node.this, true=exp.Literal.number(1))]))
    if isinstance(node, exp.Timestamp) and node.this is not None and not node.args.get("zone"):
        return exp.Cast(this=node.this, to=exp.DataType.build("TIMESTAMP", dialect="duckdb"))
    return node
