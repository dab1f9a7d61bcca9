"""Documents in one SQLite file (WAL): atomic commits with preconditions, indexed queries, watches."""

from __future__ import annotations

import json
import sqlite3
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from shared.adapters.document_rules import check_path, check_query, check_writes, ordering
from shared.adapters.embedded.document_arrays import ensure_array_index
from shared.adapters.embedded.document_query import compile_query
from shared.adapters.embedded.document_watch import Watchers
from shared.errors import Conflict, NotFound, Unavailable
from shared.ports import Document, Expect, Query, Watch, Write

SCHEMA = """
CREATE TABLE IF NOT EXISTS documents (
    path TEXT PRIMARY KEY, collection TEXT NOT NULL, data TEXT NOT NULL, version INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS by_collection ON documents (collection, path);
CREATE TABLE IF NOT EXISTS version (last INTEGER NOT NULL);
INSERT INTO version SELECT 0 WHERE NOT EXISTS (SELECT 1 FROM version);
"""


class SqliteDocuments:
    """One writer at a time, any number of readers; a commit that returned survives kill -9."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._path = path
        self._local = threading.local()
        self._connections: list[sqlite3.Connection] = []
        self._is_closed = False
        self._writing = threading.Lock()
        self._indexed: set[str] = set()
        self._watchers = Watchers(self.get)
        with self._writing:
            self._connection().executescript("PRAGMA journal_mode=WAL;" + SCHEMA)

    def get(self, path: str) -> Document | None:
        return self.get_many([path])[0]

    def get_many(self, paths: Sequence[str]) -> list[Document | None]:
        for path in paths:
            check_path(path)
        if not paths:
            return []
        marks = ",".join("?" * len(paths))
        rows = self._connection().execute(
            f"SELECT path, data, version FROM documents WHERE path IN ({marks})", list(paths)
        )
        found = {path: Document(path, decode(data), str(version)) for path, data, version in rows}
        return [found.get(path) for path in paths]

    def query(self, query: Query) -> list[Document]:
        check_query(query)
        if any(operator == "in" and not value for _, operator, value in query.where):
            return []
        statement = compile_query(query, encode, self._last(query))
        for index in statement.indexes:
            self._ensure(index, ensure_index)
        for name in statement.arrays:
            self._ensure(name, ensure_array_index)
        rows = self._connection().execute(statement.sql, statement.parameters)
        return [Document(path, decode(data), str(version)) for path, data, version in rows]

    def explain(self, query: Query) -> str:
        """How SQLite goes about the query, a step a line."""
        statement = compile_query(query, encode, None)
        steps = self._connection().execute("EXPLAIN QUERY PLAN " + statement.sql, statement.parameters)
        return "\n".join(step[3] for step in steps)

    def commit(self, writes: Sequence[Write]) -> list[str]:
        check_writes(writes)
        encoded = [(write, None if write.data is None else encode(write.data)) for write in writes]
        with self._transaction() as connection:
            versions = [self._apply(connection, write, data) for write, data in encoded]
        self._watchers.changed([write.path for write in writes])
        return versions

    def watch(self, path: str, on_change: Callable[[Document | None], None]) -> Watch:
        check_path(path)
        return self._watchers.add(path, on_change)

    def close(self) -> None:
        self._watchers.close()
        with self._writing:
            self._is_closed = True
            for connection in self._connections:
                connection.close()
            self._connections.clear()
            self._local = threading.local()

    def _last(self, query: Query) -> Document | None:
        """The document a page starts after; by id alone it need not be there any more."""
        if query.start_after is None:
            return None
        path = f"{query.collection}/{query.start_after}"
        found = self.get(path)
        if found is None and ordering(query)[0]:
            raise NotFound(f"a page cannot start after [{path}]: it is gone; start at the first page")
        return found or Document(path, {}, "")

    def _apply(self, connection: sqlite3.Connection, write: Write, data: str | None) -> str:
        row = connection.execute("SELECT version FROM documents WHERE path = ?", (write.path,)).fetchone()
        _check(write, None if row is None else str(row[0]))
        if data is None:
            connection.execute("DELETE FROM documents WHERE path = ?", (write.path,))
            return ""
        (version,) = connection.execute("UPDATE version SET last = last + 1 RETURNING last").fetchone()
        connection.execute(
            "INSERT INTO documents (path, collection, data, version) VALUES (?, ?, ?, ?) "
            "ON CONFLICT (path) DO UPDATE SET data = excluded.data, version = excluded.version",
            (write.path, write.path.rpartition("/")[0], data, version),
        )
        return str(version)

    @contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        with self._writing:
            connection = self._connection()
            connection.execute("BEGIN IMMEDIATE")
            try:
                yield connection
            except BaseException:
                connection.execute("ROLLBACK")
                raise
            connection.execute("COMMIT")

    def _ensure(self, index: str, make: Callable[[sqlite3.Connection, str], None]) -> None:
        # Firestore indexes every field by itself; here a field is indexed when first asked for.
        if index not in self._indexed:
            with self._transaction() as connection:
                make(connection, index)
            self._indexed.add(index)

    def _connection(self) -> sqlite3.Connection:
        connection: sqlite3.Connection | None = getattr(self._local, "connection", None)
        if connection is None:
            if self._is_closed:  # the file may be another store's by now
                raise Unavailable("the documents are closed")
            connection = sqlite3.connect(
                self._path, isolation_level=None, check_same_thread=False, timeout=30, cached_statements=256
            )
            connection.execute("PRAGMA synchronous=NORMAL")
            connection.execute("PRAGMA busy_timeout=30000")
            self._local.connection = connection
            self._connections.append(connection)
        return connection


def ensure_index(connection: sqlite3.Connection, statement: str) -> None:
    connection.execute(statement)


def _check(write: Write, version: str | None) -> None:
    if write.expect is Expect.ANYTHING:
        return
    if write.expect is Expect.ABSENT:
        if version is not None:
            raise Conflict(f"[{write.path}] exists already")
    elif version is None:
        raise Conflict(f"[{write.path}] does not exist")
    elif write.expect is not Expect.PRESENT and write.expect != version:
        raise Conflict(f"[{write.path}] changed since it was read")


def encode(value: Any) -> str:
    """JSON with datetimes as `{"$time": …}` in one fixed width, so text order is time order."""
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False, default=_encode_time)


def _encode_time(value: Any) -> dict[str, str]:
    if isinstance(value, datetime):
        return {"$time": value.astimezone(UTC).isoformat(timespec="microseconds")}
    return dict(value)  # a Mapping: everything else was refused before


def decode(text: str) -> dict[str, Any]:
    decoded: dict[str, Any] = json.loads(text, object_hook=_decode_time if '"$time"' in text else None)
    return decoded


def _decode_time(value: dict[str, Any]) -> Any:
    if len(value) == 1 and isinstance(time := value.get("$time"), str):
        try:
            return datetime.fromisoformat(time)
        except ValueError:
            return value  # somebody's own map that happens to look like a moment
    return value
