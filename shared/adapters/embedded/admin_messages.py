"""What the embedded bus keeps of a tenant, in its SQLite file."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

_OF_TENANT = "json_extract(attributes, '$.\"ce-tenantid\"') = ?"


class SqliteMessages:
    def __init__(self, path: Path) -> None:
        self._path = path

    def waiting(self, tenant_id: str) -> int:
        if not self._path.exists():
            return 0
        with closing(sqlite3.connect(self._path, timeout=30)) as database:
            (count,) = database.execute(
                "SELECT COUNT(*) FROM deliveries WHERE dead_at IS NULL AND seq IN "
                f"(SELECT seq FROM messages WHERE {_OF_TENANT})",
                (tenant_id,),
            ).fetchone()
        return int(count)

    def forget(self, tenant_id: str) -> int:
        if not self._path.exists():
            return 0
        with closing(sqlite3.connect(self._path, timeout=30)) as database, database:
            database.execute(
                f"DELETE FROM deliveries WHERE seq IN (SELECT seq FROM messages WHERE {_OF_TENANT})",
                (tenant_id,),
            )
            return database.execute(f"DELETE FROM messages WHERE {_OF_TENANT}", (tenant_id,)).rowcount
