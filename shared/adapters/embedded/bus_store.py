"""What the embedded bus keeps on disk."""

from __future__ import annotations

import json
import sqlite3
import threading
import time
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from shared.adapters.embedded.bus_lane import Item
from shared.ports import DeadLetter, Message, StoredMessage

KEPT_S = 7 * 24 * 3600
"""How long an acknowledged message can be replayed, as on the real service's topics."""

SCHEMA = """
PRAGMA journal_mode=WAL;
CREATE TABLE IF NOT EXISTS messages (
    seq INTEGER PRIMARY KEY AUTOINCREMENT, topic TEXT NOT NULL, data BLOB NOT NULL,
    attributes TEXT NOT NULL, ordering_key TEXT NOT NULL, published_at REAL NOT NULL
);
CREATE INDEX IF NOT EXISTS by_topic ON messages (topic, published_at);
CREATE TABLE IF NOT EXISTS deliveries (
    subscription TEXT NOT NULL, seq INTEGER NOT NULL, ordering_key TEXT NOT NULL,
    attempts INTEGER NOT NULL DEFAULT 0, due REAL NOT NULL DEFAULT 0,
    dead_at REAL, reason TEXT NOT NULL DEFAULT '',
    PRIMARY KEY (subscription, seq)
) WITHOUT ROWID;
"""


class BusStore:
    """One connection behind one lock: every call is a short transaction."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._lock = threading.Lock()
        self._db = sqlite3.connect(path, isolation_level=None, check_same_thread=False, timeout=30)
        self._db.executescript(SCHEMA)
        self._db.execute("PRAGMA synchronous=NORMAL")
        self._forget(time.time() - KEPT_S)

    def close(self) -> None:
        with self._lock:
            self._db.close()

    def _forget(self, before: float) -> None:
        self._db.execute(
            "DELETE FROM messages WHERE published_at < ? AND seq NOT IN (SELECT seq FROM deliveries)",
            (before,),
        )

    def add(
        self, messages: Sequence[Message], subscriptions: Mapping[str, Sequence[str]]
    ) -> list[tuple[str, Item]]:
        """Stores the messages and a delivery per subscription of their topics, all or nothing."""
        queued: list[tuple[str, Item]] = []
        with self._lock, self._db:
            self._db.execute("BEGIN IMMEDIATE")
            for message in messages:
                cursor = self._db.execute(
                    "INSERT INTO messages (topic, data, attributes, ordering_key, published_at) "
                    "VALUES (?, ?, ?, ?, ?)",
                    (
                        message.topic,
                        message.data,
                        json.dumps(dict(message.attributes)),
                        message.ordering_key,
                        time.time(),
                    ),
                )
                seq = cursor.lastrowid or 0
                names = subscriptions.get(message.topic, ())
                self._db.executemany(
                    "INSERT INTO deliveries (subscription, seq, ordering_key) VALUES (?, ?, ?)",
                    [(name, seq, message.ordering_key) for name in names],
                )
                queued += [(name, Item(seq, message.ordering_key)) for name in names]
        return queued

    def message(self, seq: int) -> StoredMessage:
        with self._lock:
            row = self._db.execute(
                "SELECT seq, topic, data, attributes, ordering_key, published_at FROM messages WHERE seq = ?",
                (seq,),
            ).fetchone()
        return _stored(row)

    def pending(self, subscription: str) -> list[Item]:
        with self._lock:
            rows = self._db.execute(
                "SELECT seq, ordering_key, attempts, due FROM deliveries "
                "WHERE subscription = ? AND dead_at IS NULL ORDER BY seq",
                (subscription,),
            ).fetchall()
        return [Item(*row) for row in rows]

    def acknowledge(self, subscription: str, seqs: Sequence[int]) -> None:
        with self._lock, self._db:
            self._db.execute("BEGIN IMMEDIATE")
            self._db.executemany(
                "DELETE FROM deliveries WHERE subscription = ? AND seq = ?",
                [(subscription, seq) for seq in seqs],
            )

    def postpone(self, subscription: str, seq: int, attempts: int, due: float, reason: str) -> None:
        with self._lock:
            self._db.execute(
                "UPDATE deliveries SET attempts = ?, due = ?, reason = ? WHERE subscription = ? AND seq = ?",
                (attempts, due, reason, subscription, seq),
            )

    def bury(self, subscription: str, seq: int, attempts: int, reason: str) -> None:
        with self._lock:
            self._db.execute(
                "UPDATE deliveries SET attempts = ?, dead_at = ?, reason = ? "
                "WHERE subscription = ? AND seq = ?",
                (attempts, time.time(), reason, subscription, seq),
            )

    def revive(self, letter_id: str) -> tuple[str, Item] | None:
        subscription, _, seq = letter_id.rpartition(":")
        with self._lock:
            row = self._db.execute(
                "UPDATE deliveries SET attempts = 0, due = 0, dead_at = NULL "
                "WHERE subscription = ? AND seq = ? AND dead_at IS NOT NULL RETURNING seq, ordering_key",
                (subscription, int(seq) if seq.isdigit() else -1),
            ).fetchone()
        return None if row is None else (subscription, Item(row[0], row[1]))

    def again(
        self, subscription: str, topic: str, since: datetime, until: datetime, tenant_id: str | None = None
    ) -> list[Item]:
        """New deliveries of what the topic got in the window, save what still waits or is dead."""
        with self._lock:
            rows = self._db.execute(
                "INSERT INTO deliveries (subscription, seq, ordering_key) "
                "SELECT ?, seq, ordering_key FROM messages "
                "WHERE topic = ? AND published_at >= ? AND published_at < ? "
                "AND (? IS NULL OR json_extract(attributes, '$.\"ce-tenantid\"') = ?) ORDER BY seq "
                "ON CONFLICT DO NOTHING RETURNING seq, ordering_key",
                (subscription, topic, since.timestamp(), until.timestamp(), tenant_id, tenant_id),
            ).fetchall()
        return [Item(seq, key) for seq, key in sorted(rows)]

    def recent(self, topic: str | None, limit: int) -> list[StoredMessage]:
        where, values = ("WHERE topic = ?", [topic]) if topic else ("", [])
        with self._lock:
            rows = self._db.execute(
                "SELECT seq, topic, data, attributes, ordering_key, published_at FROM messages "
                f"{where} ORDER BY seq DESC LIMIT ?",
                [*values, limit],
            ).fetchall()
        return [_stored(row) for row in reversed(rows)]

    def dead_letters(self, limit: int) -> list[DeadLetter]:
        with self._lock:
            rows = self._db.execute(
                "SELECT d.subscription, d.attempts, d.reason, d.dead_at, m.seq, m.topic, m.data, "
                "m.attributes, m.ordering_key, m.published_at FROM deliveries d JOIN messages m USING (seq) "
                "WHERE d.dead_at IS NOT NULL ORDER BY d.dead_at DESC LIMIT ?",
                (limit,),
            ).fetchall()
        return [
            DeadLetter(
                letter_id=f"{row[0]}:{row[4]}",
                subscription=row[0],
                message=_stored(row[4:]).message,
                attempts=row[1],
                reason=row[2],
                failed_at=datetime.fromtimestamp(row[3], UTC),
            )
            for row in reversed(rows)
        ]


def _stored(row: Sequence[Any]) -> StoredMessage:
    seq, topic, data, attributes, key, published_at = row
    message = Message(topic, bytes(data), json.loads(attributes), key)
    return StoredMessage(str(seq), message, datetime.fromtimestamp(published_at, UTC))
