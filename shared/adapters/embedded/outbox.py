"""Messages that would have left the house, kept in one SQLite file for the console to show."""

from __future__ import annotations

import sqlite3
import uuid
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from shared.ports import Clock, SentMessage

_SCHEMA = """
CREATE TABLE IF NOT EXISTS sent (
    number INTEGER PRIMARY KEY AUTOINCREMENT, provider_id TEXT NOT NULL, channel TEXT NOT NULL,
    key TEXT NOT NULL, recipient TEXT NOT NULL, sender TEXT, body TEXT NOT NULL, sent_at TEXT NOT NULL,
    UNIQUE (channel, key)
);
"""
_STATUS = "sent"


class Outbox:
    """One channel's messages. A key is sent once: the second send answers the first one's receipt."""

    def __init__(self, path: Path, *, channel: str, clock: Clock) -> None:
        self._path = path
        self._channel = channel
        self._clock = clock
        path.parent.mkdir(parents=True, exist_ok=True)
        with self._connected() as database:
            database.execute("PRAGMA journal_mode=WAL")
            database.executescript(_SCHEMA)

    def send(self, *, key: str, recipient: str, body: str, sender: str | None = None) -> SentMessage:
        row = (uuid.uuid4().hex, self._channel, key, recipient, sender, body, self._clock.now().isoformat())
        with self._connected() as database:
            database.execute(
                "INSERT INTO sent (provider_id, channel, key, recipient, sender, body, sent_at) "
                "VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
                row,
            )
        receipt = self.find(key)
        assert receipt is not None
        return receipt

    def find(self, key: str, since: datetime | None = None) -> SentMessage | None:
        with self._connected() as database:
            row = database.execute(
                "SELECT provider_id FROM sent WHERE channel = ? AND key = ? AND sent_at >= ?",
                (self._channel, key, since.astimezone(UTC).isoformat() if since else ""),
            ).fetchone()
        return SentMessage(row[0], _STATUS) if row else None

    def sent(self, limit: int) -> list[dict[str, Any]]:
        """The newest messages as JSON, newest last."""
        with self._connected() as database:
            rows = database.execute(
                "SELECT provider_id, channel, key, recipient, sender, body, sent_at FROM sent "
                "WHERE channel = ? ORDER BY number DESC LIMIT ?",
                (self._channel, limit),
            ).fetchall()
        names = ("id", "channel", "key", "to", "from", "body", "sent_at")
        return [dict(zip(names, row, strict=True)) for row in reversed(rows)]

    @contextmanager
    def _connected(self) -> Iterator[sqlite3.Connection]:
        """A connection a call: two adapters, any thread, and nothing to close at the end."""
        with closing(sqlite3.connect(self._path, isolation_level=None, timeout=30)) as database:
            yield database
