"""Events per second through the local bus, beside a bare queue of the same durability."""

from __future__ import annotations

import json
import sqlite3
import tempfile
import threading
import time
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any

from shared.adapters.embedded.bus import SqliteBus, Subscription
from shared.domain.session import message_path, new_session
from shared.events.conversation import MessageReceived
from shared.ports import Message, Query, Write
from shared.testing.harness import Harness, envelope_of, running

EVENTS = 3_000
HANDLED = 200
BODY = json.dumps({"text": "Show me the financials for Lane A", "session_id": "s" * 32}).encode()
WAIT_S = 120.0


def run(say: Callable[[str], None] = lambda _: None) -> list[dict[str, Any]]:
    """Rows `{measure, ours, baseline, baseline_name, notes}`; events per second, more is better."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        say("bus: bare queue")
        bare = max(bare_queue(folder / f"bare-{n}.db") for n in range(3))
        say("bus: one event a publish")
        single = max(local_bus(folder / f"single-{n}.db", keys=EVENTS, at_once=1) for n in range(3))
        batched = max(local_bus(folder / f"batch-{n}.db", keys=EVENTS, at_once=50) for n in range(3))
        ordered = max(local_bus(folder / f"ordered-{n}.db", keys=1, at_once=50) for n in range(3))
        say("bus: through a function")
        handled = through_a_function(folder / "product")
    queue = "bare SQLite queue: insert, read, delete"
    return [
        _row("local bus, one event a publish, events/s", single, bare, queue, "durable, retried, replayable"),
        _row("local bus, 50 events a publish, events/s", batched, bare, queue, "as an outbox publishes them"),
        _row("local bus, all of one ordering key, events/s", ordered, bare, queue, "one at a time, in order"),
        _row(
            "messages to mounted plates through the local bus, messages/s",
            handled,
            bare,
            queue,
            "two functions, the router's model, leases, commits, ledger rows; the baseline does none of it",
        ),
    ]


def _row(measure: str, ours: float, baseline: float, name: str, notes: str) -> dict[str, Any]:
    return {
        "measure": measure,
        "ours": round(ours),
        "baseline": round(baseline),
        "baseline_name": name,
        "notes": notes,
    }


def bare_queue(path: Path) -> float:
    """One writer, one reader, a transaction each a message."""
    writer = sqlite3.connect(path, isolation_level=None, timeout=30)
    writer.executescript("PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;")
    writer.execute("CREATE TABLE queue (seq INTEGER PRIMARY KEY, data BLOB NOT NULL)")
    began = time.perf_counter()
    reader = threading.Thread(target=_drain, args=(path,))
    reader.start()
    for _ in range(EVENTS):
        writer.execute("INSERT INTO queue (data) VALUES (?)", (BODY,))
    reader.join()
    took = time.perf_counter() - began
    writer.close()
    return EVENTS / took


def _drain(path: Path) -> None:
    reader = sqlite3.connect(path, isolation_level=None, timeout=30)
    reader.execute("PRAGMA synchronous=NORMAL")
    taken = 0
    while taken < EVENTS:
        row = reader.execute("SELECT seq, data FROM queue ORDER BY seq LIMIT 1").fetchone()
        if row:
            json.loads(row[1])
            reader.execute("DELETE FROM queue WHERE seq = ?", (row[0],))
            taken += 1
    reader.close()


def local_bus(path: Path, *, keys: int, at_once: int) -> float:
    """From the first publish until the last is acknowledged."""
    bus = SqliteBus(path)
    arrived: list[int] = []

    def deliver(body: bytes) -> tuple[int, str]:
        arrived.append(len(json.loads(body)["message"]["data"]))
        return 200, ""

    bus.subscribe(Subscription(name="consumer", topic="topic", deliver=deliver))
    bus.start()
    began = time.perf_counter()
    for first in range(0, EVENTS, at_once):
        bus.publish([Message("topic", BODY, {}, f"key-{n % keys}") for n in range(first, first + at_once)])
    if not bus.idle(WAIT_S) or len(arrived) != EVENTS:
        raise RuntimeError(f"[{len(arrived)}] of [{EVENTS}] events arrived within {WAIT_S} s")
    took = time.perf_counter() - began
    bus.stop()
    bus.close()
    return EVENTS / took


def through_a_function(folder: Path) -> float:
    """`message-received` of as many sessions, until every one is routed and its event handled in turn."""
    with running(folder, log_level="ERROR") as product:
        messages = [_message(product, n) for n in range(HANDLED + 1)]
        product.platform.bus.publish(messages[:1])  # loads the model
        product.settle(WAIT_S)
        began = time.perf_counter()
        product.platform.bus.publish(messages[1:])
        product.settle(WAIT_S)
        took = time.perf_counter() - began
        answered = product.tenant().documents.query(Query("sessions", (("answered_seq", "==", 1),)))
        if len(answered) != HANDLED + 1:
            raise RuntimeError(f"[{len(answered)}] of [{HANDLED + 1}] sessions were answered")
        return len(product.events("intent-resolved")) / took


def _message(product: Harness, number: int) -> Message:
    session_id, now = uuid.uuid4().hex, product.platform.clock.now()
    said: dict[str, Any] = {
        "message_id": f"m{number}",
        "seq": 1,
        "user_id": "ceo",
        "text": "Show me open repair orders",
    }
    session = {**new_session(user_id="ceo", channel="chat", now=now), "last_seq": 1}
    kept = {**said, "received_at": now, "expires_at": now}
    product.tenant().documents.commit(
        [Write(f"sessions/{session_id}", session), Write(message_path(session_id, 1), kept)]
    )
    event = MessageReceived(**said, session_id=session_id, received_at=now, roles=("ceo",))
    return envelope_of(event, tenant="autohaus", cause=session_id, now=now).to_message()
