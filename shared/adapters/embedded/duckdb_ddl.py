"""Tables and inserts in DuckDB's words, from the `schema.yaml` files.

TIMESTAMP columns are DuckDB's zoneless TIMESTAMP holding UTC: its zoned type needs a further Python package
to read.
"""

from __future__ import annotations

from shared.sql_catalogue import Table

TYPES = {
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
    return TYPES[name] + ("[]" if mode == "REPEATED" else "")


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


def row_statement(table: Table) -> str:
    """Inserts one encoded row given as parameters by column: for a single row a third faster than JSON."""
    columns = ", ".join(f'"{column.name}"' for column in table.columns)
    values = ", ".join(
        f"CAST(${column.name} AS {duckdb_type(column.type, column.mode)})" for column in table.columns
    )
    return f'INSERT INTO "{table.dataset}"."{table.name}" ({columns}) VALUES ({values})'


def _json_shape(name: str) -> str:
    return {"INT64": "BIGINT", "FLOAT64": "DOUBLE", "BOOL": "BOOLEAN"}.get(name, "VARCHAR")
