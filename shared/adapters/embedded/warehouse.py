"""The warehouse without a cloud: the same statements give the same answers from DuckDB."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

from shared.adapters.embedded.bigquery_sql import translated
from shared.adapters.embedded.duckdb_tables import DuckDbTables
from shared.ports import Parameter, Row
from shared.sql_catalogue import SQL_ROOT, Catalogue, NamedQuery
from shared.warehouse_values import bind, decode_rows


class DuckDbWarehouse:
    """Analytical tables in the file `path`; statements from `sql_root`.

    Translated statements are kept beside the file. `memory_mb` bounds the engine, larger work spills to disk.
    """

    def __init__(
        self, path: Path, sql_root: Path = SQL_ROOT, *, memory_mb: int = 512, threads: int = 2
    ) -> None:
        self._catalogue = Catalogue(sql_root)
        self._tables = DuckDbTables(path, self._catalogue, memory_mb=memory_mb, threads=threads)
        self._cache = path.parent / "translated-sql"
        self._statements: dict[str, str] = {}

    def query(self, name: str, parameters: Mapping[str, Parameter]) -> list[Row]:
        query = self._catalogue.query(name)
        bound = bind(query, parameters)
        columns, rows = self._tables.run(self._statement(query), bound, name=name)
        return decode_rows(query, [column for column, _ in columns], rows)

    def append(self, table: str, rows: Iterable[Row]) -> None:
        self._tables.append(table, rows)

    def close(self) -> None:
        """Ends every connection; the next use opens the file again."""
        self._tables.close()

    def _statement(self, query: NamedQuery) -> str:
        if query.name not in self._statements:
            self._statements[query.name] = translated(query, self._cache)
        return self._statements[query.name]
