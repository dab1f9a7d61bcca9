"""A tenant's rows of a table, in BigQuery.

Read month by month of the partition, so no result is too large to be ordered. Loaded by load jobs, not
streamed: a job appends all or nothing, runs once under its id, costs nothing, and its rows can be deleted
at once. Streamed rows cannot be for 30 to 90 minutes
(cloud.google.com/bigquery/docs/data-manipulation-language, limitations).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any, BinaryIO

from shared.adapters import table_statements
from shared.adapters.google.warehouse import typed_errors
from shared.admin.ports import StillWriting
from shared.errors import Misconfigured
from shared.ports import Row
from shared.sql_catalogue import NamedQuery, Table
from shared.warehouse_values import decode_rows

if TYPE_CHECKING:
    from google.cloud import bigquery
    from google.cloud.bigquery.table import RowIterator

_PAGE = 2_000
_BUFFER = "streaming buffer"
_ATTEMPTS = 5
"""A failed job keeps its id, so what is tried again gets the next one."""


class BigQueryRowArchive:
    """`timeout_s` bounds a statement; a load job may take `load_timeout_s`."""

    def __init__(
        self,
        client_factory: Callable[[], bigquery.Client],
        *,
        timeout_s: float = 600.0,
        load_timeout_s: float = 3600.0,
    ) -> None:
        self._client_factory = client_factory
        self._timeout_s = timeout_s
        self._load_timeout_s = load_timeout_s

    def rows(self, table: Table, tenant_id: str, *, at: datetime | None = None) -> Iterator[Row]:
        if table.partition is None:
            yield from self._read(table_statements.rows(table, at, None), tenant_id)
            return
        for month in list(self._read(table_statements.months(table, at), tenant_id)):
            yield from self._read(table_statements.rows(table, at, month["month"]), tenant_id)

    def count(self, table: Table, tenant_id: str) -> int:
        (row,) = self._read(table_statements.count(table), tenant_id)
        return int(row["row_count"])

    def delete(self, table: Table, tenant_id: str) -> int:
        query = table_statements.delete(table)
        try:
            with typed_errors(query.name):
                return int(self._run(query, tenant_id).num_dml_affected_rows or 0)
        except Misconfigured as error:
            if _BUFFER in str(error):
                raise StillWriting(
                    f"BigQuery cannot delete rows of [{table.full_name}] that were streamed in lately; "
                    "run the same command again in 90 minutes"
                ) from error
            raise

    def load(self, table: Table, lines: BinaryIO, *, job: str) -> None:
        from google.api_core.exceptions import Conflict

        with typed_errors(table.full_name):
            for attempt in range(1, _ATTEMPTS + 1):
                try:
                    loading = self._start(table, lines, f"{job}-{attempt}")
                except Conflict:  # begun by an earlier run, which did not see its end
                    loading = self._client.get_job(f"{job}-{attempt}", timeout=self._timeout_s)
                    if loading.done() and loading.error_result and attempt < _ATTEMPTS:
                        continue
                loading.result(timeout=self._load_timeout_s)
                return

    def _start(self, table: Table, lines: BinaryIO, job: str) -> Any:
        target = f"{self._client.project}.{table.full_name}"
        return self._client.load_table_from_file(
            lines, target, rewind=True, job_id=job, job_config=_load_config(), timeout=self._timeout_s
        )

    def close(self) -> None:
        if "_client" in self.__dict__:
            self._client.close()  # type: ignore[no-untyped-call]  # the library has no types here

    def _read(self, query: NamedQuery, tenant_id: str) -> Iterator[Row]:
        with typed_errors(query.name):
            found = self._run(query, tenant_id)
            names = [field.name for field in found.schema]
            for page in found.pages:
                yield from decode_rows(query, names, [row.values() for row in page])

    def _run(self, query: NamedQuery, tenant_id: str) -> RowIterator:
        from google.cloud import bigquery

        whose = bigquery.ScalarQueryParameter("tenant_id", "STRING", tenant_id)
        return self._client.query_and_wait(
            query.sql,
            job_config=bigquery.QueryJobConfig(query_parameters=[whose]),
            api_timeout=self._timeout_s,
            wait_timeout=self._timeout_s,
            page_size=_PAGE,
        )

    @cached_property
    def _client(self) -> bigquery.Client:
        return self._client_factory()


def _load_config() -> bigquery.LoadJobConfig:
    from google.cloud import bigquery

    return bigquery.LoadJobConfig(
        source_format=bigquery.SourceFormat.NEWLINE_DELIMITED_JSON,
        write_disposition=bigquery.WriteDisposition.WRITE_APPEND,
        create_disposition=bigquery.CreateDisposition.CREATE_NEVER,
        max_bad_records=0,
    )
