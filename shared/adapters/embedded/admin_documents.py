"""Documents by where they lie, from the SQLite file."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from shared.adapters.document_rules import check_path
from shared.adapters.embedded.documents import decode
from shared.ports import Document

# By segments, as Firestore orders names: `s/1/f` before `s/1-x`; plain text has it the other way round.
_IN_ORDER = "ORDER BY replace(path, '/', char(1))"


class SqliteDocumentArchive:
    """Reads the present state in one transaction; nobody else may have the file, so it is any moment's."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def now(self) -> datetime:
        return datetime.now(UTC)

    def below(self, path: str, *, at: datetime | None = None) -> Iterator[Document]:
        check_path(path)
        # `0` follows `/`, so this is every path that starts with `path/`, by the primary key.
        return self._read("path >= ? AND path < ?", (f"{path}/", f"{path}0"))

    def in_collection(
        self, collection: str, *, where: tuple[str, Any] | None = None, at: datetime | None = None
    ) -> Iterator[Document]:
        found = self._read("collection = ?", (collection,))
        return found if where is None else (one for one in found if one.data.get(where[0]) == where[1])

    def _read(self, condition: str, parameters: tuple[str, ...]) -> Iterator[Document]:
        if not self._path.exists():
            return
        with closing(sqlite3.connect(self._path, timeout=30)) as database:
            rows = database.execute(
                f"SELECT path, data, version FROM documents WHERE {condition} {_IN_ORDER}", parameters
            )
            for path, data, version in rows:
                yield Document(path, decode(data), str(version))
