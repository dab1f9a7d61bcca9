"""The google adapters on the official emulators beside the bare clients, eight threads at a time.

Operations a second, both sides in turns; more is better. What the emulators say of speed holds for the share
that is ours, not for the services.
"""

from __future__ import annotations

import itertools
import json
import statistics
import threading
import time
import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any

import pytest

from shared.adapters.google.bus import PubSubBus
from shared.adapters.google.documents import FirestoreDocuments
from shared.ports import Message, Query, Write
from shared.testing import push_rig
from shared.testing.emulators import find_emulators, firestore_emulator, pubsub_emulator
from tests.benchmarks.google_pushes import pushed_rows
from tests.benchmarks.stores import PERSON
from tests.stress.contender import COUNTER, platform_of, raise_counter

THREADS = 8
TURN_S, TURNS = 0.8, 3
CONTENDED_S = 6.0
PROJECT = "demo-bench"
FIRESTORE = "bare google-cloud-firestore, emulator"
PUBSUB = "bare google-cloud-pubsub, emulator"

Operation = Callable[[int], object]
Row = dict[str, Any]


def run(say: Callable[[str], None] = lambda _: None) -> list[Row]:
    """Rows `{measure, ours, baseline, baseline_name, notes}`; none without the emulators."""
    if missing := find_emulators().missing:
        notes = f"not measured, missing: {', '.join(missing)}"
        return [{"measure": "google adapters, throughput", "baseline_name": "bare clients", "notes": notes}]
    with firestore_emulator() as store, pubsub_emulator() as bus, pytest.MonkeyPatch.context() as patch:
        patch.setenv("FIRESTORE_EMULATOR_HOST", store.host)
        patch.setenv("PUBSUB_EMULATOR_HOST", bus.host)
        say("google_adapters: documents")
        rows = _documents(store.host)
        say("google_adapters: contended documents")
        rows += _contended(store.host)
        say("google_adapters: bus")
        rows += _published(bus.host)
        say("google_adapters: pushes")
        return rows + pushed_rows(store.host, bus.host)


def _documents(host: str) -> list[Row]:
    ours, bare = FirestoreDocuments(project=PROJECT, emulator_host=host), _bare_store()
    cars = bare.collection("cars")
    for number in range(200):
        cars.document(str(number)).set({**PERSON, "lot": number % 10})
    query = Query("cars", (("lot", "==", 3),), limit=20)
    pairs: list[tuple[str, Operation, Operation]] = [
        (
            "get of one document",
            lambda n: ours.get(f"cars/{n % 200}"),
            lambda n: cars.document(str(n % 200)).get().to_dict(),
        ),
        (
            "commit of one document",
            lambda n: ours.commit([Write(f"ours/{n}", PERSON)]),
            lambda n: bare.document(f"bare/{n}").set(PERSON),
        ),
        (
            "query of 20 documents",
            lambda _: ours.query(query),
            lambda _: [one.to_dict() for one in cars.where(filter=_lot(3)).limit(20).stream()],
        ),
    ]
    rows = [_row(f"Firestore {what}", *_turns(mine, theirs), FIRESTORE) for what, mine, theirs in pairs]
    ours.close()
    bare.close()
    return rows


def _contended(host: str) -> list[Row]:
    """One counter raised by all threads at once, for as long on both sides."""
    platform, bare = platform_of("demo-contended", host), _bare_store()
    hot = bare.document("counters/hot")
    hot.set({"n": 0})
    mine = _latencies(lambda _: raise_counter(platform), CONTENDED_S)
    theirs = _latencies(partial(_transact, bare, hot), CONTENDED_S)
    found = platform.documents.get(f"tenants/t1/{COUNTER}")
    raised = (found.data["n"] if found else 0, hot.get().to_dict()["n"])
    platform.close()
    bare.close()
    name = "the bare client's read-write transaction, emulator"
    note = f"{THREADS} threads on one document; ours raised it {raised[0]} times, theirs {raised[1]}"
    slow = [statistics.quantiles(taken, n=20)[-1] if len(taken) > 1 else 0 for taken in (mine, theirs)]
    return [
        _row("contended read-then-write", raised[0] / CONTENDED_S, raised[1] / CONTENDED_S, name, note),
        {
            "measure": "contended read-then-write, p95, ms",
            "ours": round(slow[0], 1),
            "baseline": round(slow[1], 1),
            "baseline_name": name,
            "notes": "less is better; the transaction's locks wait for each other",
        },
    ]


def _transact(client: Any, hot: Any, _: int) -> None:
    from google.api_core.exceptions import GoogleAPICallError
    from google.cloud import firestore

    @firestore.transactional
    def raise_it(transaction: Any) -> None:
        found = hot.get(transaction=transaction)
        transaction.update(hot, {"n": found.to_dict()["n"] + 1})

    try:
        raise_it(client.transaction())
    except (GoogleAPICallError, ValueError):
        return  # it gives up after five conflicts: that raised nothing


def _published(host: str) -> list[Row]:
    from google.cloud.pubsub_v1 import PublisherClient

    push_rig.build(project=PROJECT, emulator_host=host, topics=["ours-topic", "bare-topic"])
    ours, bare = PubSubBus(project=PROJECT, emulator_host=host), PublisherClient()
    path, body = bare.topic_path(PROJECT, "bare-topic"), json.dumps(PERSON, default=str).encode()
    messages = [Message("ours-topic", body, {"number": str(n)}) for n in range(5)]

    def publish_bare(_: int) -> None:
        for future in [bare.publish(path, body, number=str(n)) for n in range(5)]:
            future.result(timeout=10)

    rates = _turns(lambda _: ours.publish(messages), publish_bare)
    ours.close()
    bare.stop()
    return [_row("Pub/Sub publish of an outbox of 5 messages", *rates, PUBSUB, "until durable")]


def _turns(ours: Operation, baseline: Operation) -> tuple[float, float]:
    """Operations a second of both, by turns, after a first one each."""
    for one in (ours, baseline):
        one(0)
    turns = [(len(_latencies(ours, TURN_S)), len(_latencies(baseline, TURN_S))) for _ in range(TURNS)]
    return sum(o for o, _ in turns) / TURN_S / TURNS, sum(b for _, b in turns) / TURN_S / TURNS


def _latencies(operation: Operation, seconds: float) -> list[float]:
    """Milliseconds of each that ended in time; threads begin no other after it."""
    taken: list[float] = []
    numbers, lock = itertools.count(uuid.uuid4().int % 1_000_000_000), threading.Lock()
    until = time.monotonic() + seconds

    def work() -> None:
        while (began := time.monotonic()) < until:
            with lock:
                number = next(numbers)
            operation(number)
            taken.append((time.monotonic() - began) * 1000)

    with ThreadPoolExecutor(THREADS) as pool:
        for done in [pool.submit(work) for _ in range(THREADS)]:
            done.result()
    return taken


def _bare_store() -> Any:
    from google.auth.credentials import AnonymousCredentials
    from google.cloud import firestore

    nobody = AnonymousCredentials()  # type: ignore[no-untyped-call]  # the library has no types here
    return firestore.Client(project=PROJECT, credentials=nobody)


def _lot(number: int) -> Any:
    from google.cloud.firestore_v1.base_query import FieldFilter

    return FieldFilter("lot", "==", number)


def _row(what: str, ours: float, baseline: float, name: str, notes: str = "") -> Row:
    return {
        "measure": f"{what}, {THREADS} threads, operations/s",
        "ours": round(ours, 1),
        "baseline": round(baseline, 1),
        "baseline_name": name,
        "notes": notes,
    }
