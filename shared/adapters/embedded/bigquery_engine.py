"""What stands behind the local BigQuery server: any statement of the dialect, run on DuckDB."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from shared.adapters.embedded.bigquery_rewrites import translate_statement
from shared.adapters.embedded.duckdb_tables import DuckDbTables
from shared.ports import Row
from shared.sql_catalogue import SQL_ROOT, Catalogue

_TYPES = {
    "VARCHAR": "STRING",
    "DOUBLE": "FLOAT",
    "BOOLEAN": "BOOLEAN",
    "HUGEINT": "INTEGER",
    "BIGINT": "INTEGER",
}


class BigQueryEngine:
    """Statements as text with the BigQuery type of each parameter."""

    def __init__(self, path: Path, sql_root: Path = SQL_ROOT) -> None:
        self._tables = DuckDbTables(path, Catalogue(sql_root))

    def run(
        self, sql: str, types: Mapping[str, str], values: Mapping[str, Any]
    ) -> tuple[list[dict[str, str]], list[tuple[Any, ...]]]:
        """The result's schema as the REST API writes it, and the rows."""
        statement = translate_statement(sql, types, origin="request")
        columns, rows = self._tables.run(statement, values, name="request")
        return [_field(name, kind) for name, kind in columns], rows

    def append(self, table: str, rows: Iterable[Row]) -> None:
        self._tables.append(table, rows)

    def close(self) -> None:
        self._tables.close()


def _field(name: str, kind: str) -> dict[str, str]:
    element = kind.removesuffix("[]")
    base = re.sub(r"\(.*", "", element)
    named = "NUMERIC" if base == "DECIMAL" else _TYPES.get(base, base)
    return {"name": name, "type": named, "mode": "REPEATED" if kind.endswith("[]") else "NULLABLE"}
