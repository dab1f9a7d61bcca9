"""An index of what an array field contains, kept by triggers from the first query on.

Firestore indexes array members by itself; SQLite would read every document of the collection.
"""

from __future__ import annotations

import hashlib
import sqlite3


def candidates(name: str) -> str:
    """A condition with two parameters, collection and value: documents whose array may contain it."""
    return f"path IN (SELECT path FROM {_table(name)} WHERE collection = ? AND value = ?)"


def ensure_array_index(connection: sqlite3.Connection, name: str) -> None:
    """Makes and fills the index within the caller's transaction when it is not there."""
    table = _table(name)
    known = "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = ?"
    if connection.execute(known, (table,)).fetchone():
        return
    for statement in _statements(table, "$." + name):
        connection.execute(statement)


def _statements(table: str, path: str) -> list[str]:
    def members(row: str) -> str:
        return (
            f"INSERT INTO {table} SELECT {row}.collection, item.value, {row}.path "
            f"FROM json_each({row}.data, '{path}') AS item WHERE json_type({row}.data, '{path}') = 'array'"
        )

    return [
        f"CREATE TABLE {table} (collection TEXT NOT NULL, value, path TEXT NOT NULL)",
        f"CREATE INDEX {table}_by_value ON {table} (collection, value, path)",
        f"CREATE INDEX {table}_by_path ON {table} (path)",
        f"INSERT INTO {table} SELECT d.collection, item.value, d.path FROM documents AS d, "
        f"json_each(d.data, '{path}') AS item WHERE json_type(d.data, '{path}') = 'array'",
        f"CREATE TRIGGER {table}_new AFTER INSERT ON documents BEGIN {members('NEW')}; END",
        f"CREATE TRIGGER {table}_changed AFTER UPDATE ON documents BEGIN "
        f"DELETE FROM {table} WHERE path = OLD.path; {members('NEW')}; END",
        f"CREATE TRIGGER {table}_gone AFTER DELETE ON documents BEGIN "
        f"DELETE FROM {table} WHERE path = OLD.path; END",
    ]


def _table(name: str) -> str:
    return "members_" + hashlib.sha256(name.encode()).hexdigest()[:12]
