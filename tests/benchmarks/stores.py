"""The stores and the bus beside the bare libraries they stand on, in the same run.

`python -m tests.benchmarks.stores` prints the rows. Milliseconds are the median of one call; both sides take
turns, so a busy machine is busy for both.
"""

from __future__ import annotations

import json
import os
import sqlite3
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from shared.adapters.embedded.documents import SqliteDocuments
from shared.adapters.google.bus import PubSubBus
from shared.adapters.google.documents import FirestoreDocuments
from shared.ports import Message, Write
from shared.testing import push_rig
from shared.testing.emulators import find_emulators, firestore_emulator, pubsub_emulator

Call = Callable[[int], object]
PROJECT = "demo-bench"
PERSON: dict[str, Any] = {
    "name": {"first": "Ada", "last": "Lovelace"},
    "emails": ["ada@example.com"],
    "phones": ["+13125550142", "+13125550143"],
    "address": {"street": "1 Main St", "city": "Chicago", "region": "IL", "postal_code": "60601"},
    "created_at": datetime(2026, 11, 20, 4, 5, 6, 123456, tzinfo=UTC),
    "confidence": 0.97,
    "visits": 12,
    "consents": [{"topic": "service", "state": "given"}, {"topic": "sales", "state": "refused"}],
}


def run() -> list[dict[str, Any]]:
    """Rows `{measure, ours, baseline, baseline_name, notes}`; google rows need the emulators."""
    rows = _sqlite()
    if missing := find_emulators().missing:
        notes = f"not measured, missing: {', '.join(missing)}"
        return [*rows, _row("Firestore and Pub/Sub", None, None, "bare clients", notes)]
    return [*rows, *_firestore(), *_pubsub()]


def _sqlite() -> list[dict[str, Any]]:
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        ours = SqliteDocuments(Path(folder) / "ours.db")
        stack.callback(ours.close)
        bare = sqlite3.connect(Path(folder) / "bare.db", isolation_level=None)
        stack.callback(bare.close)
        bare.executescript("PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;")
        bare.execute("CREATE TABLE documents (path TEXT PRIMARY KEY, data TEXT NOT NULL) WITHOUT ROWID")
        text = json.dumps(PERSON, default=str)
        put = "INSERT INTO documents VALUES (?, ?) ON CONFLICT (path) DO UPDATE SET data = excluded.data"
        look = "SELECT data FROM documents WHERE path = ?"
        commit = _pair(
            lambda n: ours.commit([Write(f"persons/{n}", PERSON)]),
            lambda n: bare.execute(put, (f"persons/{n}", text)),
        )
        get = _pair(
            lambda n: ours.get(f"persons/{n}"),
            lambda n: json.loads(bare.execute(look, (f"persons/{n}",)).fetchone()[0]),
        )
    name = "bare sqlite3"
    return [
        _row(
            "SQLite commit of one document, ms",
            *commit,
            name,
            "ours checks limits, counts versions, wakes watches",
        ),
        _row("SQLite get of one document, ms", *get, name, "ours restores datetimes"),
    ]


def _firestore() -> list[dict[str, Any]]:
    from google.auth.credentials import AnonymousCredentials
    from google.cloud import firestore

    with firestore_emulator() as emulator, _variable("FIRESTORE_EMULATOR_HOST", emulator.host):
        ours = FirestoreDocuments(project=PROJECT, emulator_host=emulator.host)
        credentials = AnonymousCredentials()  # type: ignore[no-untyped-call]  # the library has no types here
        bare = firestore.Client(project=PROJECT, credentials=credentials)
        commit = _pair(
            lambda n: ours.commit([Write(f"ours/{n}", PERSON)]),
            lambda n: bare.document(f"bare/{n}").set(PERSON),
        )
        get = _pair(lambda n: ours.get(f"ours/{n}"), lambda n: bare.document(f"bare/{n}").get().to_dict())
        many = _pair(
            lambda _: ours.get_many([f"ours/{n}" for n in range(100)]),
            lambda _: [s.to_dict() for s in bare.get_all([bare.document(f"bare/{n}") for n in range(100)])],
            rounds=20,
        )
        ours.close()
        bare.close()  # type: ignore[no-untyped-call]  # the library has no types here
    name = "bare google-cloud-firestore"
    return [
        _row(
            "Firestore commit of one document, ms",
            *commit,
            name,
            "emulator; plain protobuf instead of wrappers",
        ),
        _row("Firestore get of one document, ms", *get, name, "emulator"),
        _row("Firestore get of 100 documents, ms", *many, name, "emulator; one round trip each"),
    ]


def _pubsub() -> list[dict[str, Any]]:
    from google.cloud.pubsub_v1 import PublisherClient

    with pubsub_emulator() as emulator, _variable("PUBSUB_EMULATOR_HOST", emulator.host):
        push_rig.build(project=PROJECT, emulator_host=emulator.host, topics=["ours-topic", "bare-topic"])
        ours = PubSubBus(project=PROJECT, emulator_host=emulator.host)
        bare = PublisherClient()
        path = bare.topic_path(PROJECT, "bare-topic")
        body = json.dumps(PERSON, default=str).encode()

        def publish_bare(count: int) -> None:
            for future in [bare.publish(path, body, number=str(n)) for n in range(count)]:
                future.result(timeout=10)

        def publish_ours(count: int) -> None:
            ours.publish([Message("ours-topic", body, {"number": str(n)}) for n in range(count)])

        one = _pair(lambda _: publish_ours(1), lambda _: publish_bare(1), rounds=60)
        hundred = _pair(lambda _: publish_ours(100), lambda _: publish_bare(100), rounds=20)
        ours.close()
        bare.stop()
    name = "bare google-cloud-pubsub"
    return [
        _row(
            "Pub/Sub publish until durable, 1 message, ms",
            *one,
            name,
            "emulator; bare client waits 10 ms to batch",
        ),
        _row("Pub/Sub publish until durable, 100 messages, ms", *hundred, name, "emulator"),
    ]


def _pair(ours: Call, baseline: Call, rounds: int = 200) -> tuple[float, float]:
    """Medians in milliseconds of both, taking turns, after a warm-up."""
    for n in range(3):
        ours(n)
        baseline(n)
    times = [(_timed(ours, n), _timed(baseline, n)) for n in range(rounds)]
    return statistics.median(o for o, _ in times), statistics.median(b for _, b in times)


def _timed(call: Call, n: int) -> float:
    started = time.perf_counter()
    call(n)
    return (time.perf_counter() - started) * 1000


def _row(measure: str, ours: float | None, baseline: float | None, name: str, notes: str) -> dict[str, Any]:
    rounded = [None if value is None else round(value, 3) for value in (ours, baseline)]
    return {
        "measure": measure,
        "ours": rounded[0],
        "baseline": rounded[1],
        "baseline_name": name,
        "notes": notes,
    }


@contextmanager
def _variable(name: str, value: str) -> Iterator[None]:
    """The bare clients find the emulator through the environment only."""
    before = os.environ.get(name)
    os.environ[name] = value
    try:
        yield
    finally:
        if before is None:
            del os.environ[name]
        else:
            os.environ[name] = before


if __name__ == "__main__":
    for row in run():
        print(f"{row['measure']:50} {row['ours']!s:>9} {row['baseline']!s:>9}  {row['baseline_name']}")
