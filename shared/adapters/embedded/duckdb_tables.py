"""The warehouse's tables in one DuckDB file, made from the `schema.yaml` files."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from shared.adapters.embedded.duckdb_ddl import duckdb_type, insert_statement, row_statement, table_ddl
from shared.errors import Misconfigured, Unavailable
from shared.ports import Row
from shared.sql_catalogue import Catalogue, Table
from shared.warehouse_values import encode_rows

if TYPE_CHECKING:
    import duckdb

_PAGE = 2_000


class DuckDbTables:
    """Opened on first use; any number of threads, one process.

    A row is on disk when `append` returns.
    """

    def __init__(self, path: Path, catalogue: Catalogue, *, memory_mb: int = 512, threads: int = 2) -> None:
        self._path = path
        self._catalogue = catalogue
        self._settings = {"memory_limit": f"{memory_mb}MB", "threads": str(threads)}
        self._opening = threading.Lock()
        self._connection: duckdb.DuckDBPyConnection | None = None
        self._local = threading.local()

    def run(
        self, statement: str, parameters: Mapping[str, Any], *, name: str
    ) -> tuple[list[tuple[str, str]], list[tuple[Any, ...]]]:
        """Columns as name and DuckDB type, and the rows; `name` says in errors what was asked for."""
        with _typed_errors(name):
            cursor = self._cursor().execute(statement, dict(parameters))
            columns = [(column[0], str(column[1])) for column in cursor.description or ()]
            return columns, cursor.fetchall()

    def pages(
        self, statement: str, parameters: Mapping[str, Any], *, name: str
    ) -> Iterator[list[tuple[Any, ...]]]:
        """The rows a page at a time, whatever their number."""
        with _typed_errors(name):
            cursor = self._opened().cursor().execute(statement, dict(parameters))
            while page := cursor.fetchmany(_PAGE):
                yield page

    def append(self, table: str, rows: Iterable[Row]) -> None:
        with _typed_errors(table):
            self._append(self._cursor(), self._catalogue.table(table), rows)

    @contextmanager
    def at_once(self, table: str) -> Iterator[Callable[[Iterable[Row]], None]]:
        """Gives what appends batches; all are there when the context ends without an error, else none."""
        target, cursor = self._catalogue.table(table), self._opened().cursor()
        with _typed_errors(table):
            cursor.begin()
            try:
                yield lambda rows: self._append(cursor, target, rows)
            except BaseException:
                cursor.rollback()
                raise
            cursor.commit()

    def _append(self, cursor: duckdb.DuckDBPyConnection, table: Table, rows: Iterable[Row]) -> None:
        encoded = encode_rows(table, rows)
        if len(encoded) == 1:
            cursor.execute(row_statement(table), encoded[0])
        elif encoded:
            cursor.execute(insert_statement(table), {"rows": json.dumps(encoded)})

    def close(self) -> None:
        """Ends every connection; the next use opens the file again."""
        with self._opening:
            if self._connection is not None:
                self._connection.close()
            self._connection = None
            self._local = threading.local()

    def _cursor(self) -> duckdb.DuckDBPyConnection:
        """A connection of this thread's own: DuckDB runs them in parallel, one alone not."""
        cursor: duckdb.DuckDBPyConnection | None = getattr(self._local, "cursor", None)
        if cursor is None:
            cursor = self._opened().cursor()
            self._local.cursor = cursor
        return cursor

    def _opened(self) -> duckdb.DuckDBPyConnection:
        with self._opening:
            if self._connection is None:
                self._connection = _prepared(self._path, self._settings, self._catalogue)
            return self._connection


def _prepared(path: Path, settings: Mapping[str, str], catalogue: Catalogue) -> duckdb.DuckDBPyConnection:
    connection = _open(path, settings)
    try:
        for table in catalogue.tables.values():
            _prepare(connection, table)
    except BaseException:
        connection.close()
        raise
    return connection


def _open(path: Path, settings: Mapping[str, str]) -> duckdb.DuckDBPyConnection:
    import duckdb

    path.parent.mkdir(parents=True, exist_ok=True)
    # Nothing is fetched from the network, whatever a statement names.
    offline = {"autoinstall_known_extensions": "false", "autoload_known_extensions": "false"}
    try:
        connection = duckdb.connect(str(path), config={**settings, **offline})
    except duckdb.IOException as error:
        raise Unavailable(
            f"The warehouse file [{path}] cannot be opened; is another process using it? {error}"
        ) from error
    # For every connection made from this one: a plain SET ends with its own.
    connection.execute("SET GLOBAL TimeZone = 'UTC'")
    return connection


def _prepare(connection: duckdb.DuckDBPyConnection, table: Table) -> None:
    """Makes the table, or adds the columns its schema gained since the file was made."""
    connection.execute(f'CREATE SCHEMA IF NOT EXISTS "{table.dataset}"')
    connection.execute(table_ddl(table))
    present = _present_columns(connection, table)
    for column in table.columns:
        wanted = duckdb_type(column.type, column.mode)
        if column.name not in present and column.mode != "REQUIRED":
            connection.execute(
                f'ALTER TABLE "{table.dataset}"."{table.name}" ADD COLUMN "{column.name}" {wanted}'
            )
        elif present.get(column.name) != wanted.replace(", ", ","):
            raise Misconfigured(
                f"Table [{table.full_name}] on disk has column [{column.name}] as "
                f"[{present.get(column.name)}], its schema says [{wanted}]; reset the local data."
            )


def _present_columns(connection: duckdb.DuckDBPyConnection, table: Table) -> dict[str, str]:
    rows = connection.execute(
        "SELECT column_name, data_type FROM information_schema.columns "
        "WHERE table_schema = $dataset AND table_name = $name",
        {"dataset": table.dataset, "name": table.name},
    ).fetchall()
    return dict(rows)


@contextmanager
def _typed_errors(name: str) -> Iterator[None]:
    import duckdb

    try:
        yield
    except (duckdb.OperationalError, duckdb.InternalError) as error:
        raise Unavailable(f"The warehouse could not serve [{name}]: {error}") from error
    except duckdb.Error as error:
        raise Misconfigured(f"The warehouse refuses [{name}]: {error}") from error
