"""A tenant's rows of a table, in DuckDB: the statements of the cloud, translated as every other is."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime
from itertools import islice
from typing import BinaryIO

from shared.adapters import table_statements
from shared.adapters.embedded.bigquery_sql import translate
from shared.adapters.embedded.duckdb_tables import DuckDbTables
from shared.ports import Row
from shared.sql_catalogue import NamedQuery, Table
from shared.warehouse_values import decode_rows

_BATCH = 2_000


class DuckDbRowArchive:
    """There is no past to be read here: `at` reads the present, and nobody else has the file."""

    def __init__(self, tables: DuckDbTables) -> None:
        self._tables = tables

    def rows(self, table: Table, tenant_id: str, *, at: datetime | None = None) -> Iterator[Row]:
        if table.partition is None:
            yield from self._read(table_statements.rows(table, None, None), tenant_id)
            return
        for month in list(self._read(table_statements.months(table, None), tenant_id)):
            yield from self._read(table_statements.rows(table, None, month["month"]), tenant_id)

    def count(self, table: Table, tenant_id: str) -> int:
        (row,) = self._read(table_statements.count(table), tenant_id)
        return int(row["row_count"])

    def delete(self, table: Table, tenant_id: str) -> int:
        query = table_statements.delete(table)
        _, rows = self._tables.run(translate(query), {"tenant_id": tenant_id}, name=query.name)
        return int(rows[0][0])

    def load(self, table: Table, lines: BinaryIO, *, job: str) -> None:
        """In one transaction; what a killed process began is not there."""
        with self._tables.at_once(table.full_name) as append:
            while batch := [json.loads(line) for line in islice(lines, _BATCH)]:
                append(batch)

    def close(self) -> None:
        self._tables.close()

    def _read(self, query: NamedQuery, tenant_id: str) -> Iterator[Row]:
        names = [column.name for column in query.result]
        pages = self._tables.pages(translate(query), {"tenant_id": tenant_id}, name=query.name)
        for page in pages:
            yield from decode_rows(query, names, page)
