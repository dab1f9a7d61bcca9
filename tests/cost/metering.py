"""What an operation of the product costs in calls: reads, writes, messages, queries, by function.

The meter stands between the product and its stores, so it counts what a bill counts and knows nothing of
the product's own bookkeeping.
"""

from __future__ import annotations

import functools
import re
import threading
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from shared.adapters.embedded.bus import SqliteBus
from shared.events.catalogue import load_catalogue
from shared.local.product import LocalProduct
from shared.local.wsgi_call import Response
from shared.manifest import all_manifests
from shared.platform import Factory, Platform
from shared.ports import Data, Document, Documents, Message, Parameter, Query, Row, Warehouse, Watch, Write
from shared.testing.harness import Harness, running
from shared.wiring import EMBEDDED

SMALLEST_BILLED_BYTES = 1000
"""Pub/Sub bills at least this much for a publish or push request."""
TIME_AND_ID_BYTES = 40
"""What Pub/Sub adds to each message and bills."""
SESSION, FRAME = re.compile(r"tenants/[^/]+/sessions/[^/]+"), re.compile(r".*/sessions/[^/]+/frames/[^/]+")
OUTBOX, DEALERSHIPS = "outbox/", "tenants"

_at_work: ContextVar[str] = ContextVar("function at work", default="")


class Meter:
    """Counts by function and kind; nothing is counted while no function is at work.

    A thread that a request starts without its context counts as that request: there is one at a time.
    """

    def __init__(self) -> None:
        self._counts: defaultdict[str, Counter[str]] = defaultdict(Counter)
        self._lock = threading.Lock()
        self._requested = ""

    def count(self, kind: str, number: int = 1) -> None:
        function = _at_work.get() or self._requested
        if function and number:
            with self._lock:
                self._counts[function][kind] += number

    @contextmanager
    def working(self, function: str) -> Iterator[None]:
        token = _at_work.set(function)
        try:
            self.count("requests")
            yield
        finally:
            _at_work.reset(token)

    @contextmanager
    def requested(self, function: str) -> Iterator[None]:
        self._requested = function
        try:
            with self.working(function):
                yield
        finally:
            self._requested = ""

    def taken(self) -> dict[str, dict[str, int]]:
        """What was counted since the last time, by function and kind."""
        with self._lock:
            counts, self._counts = self._counts, defaultdict(Counter)
        return {name: dict(sorted(counts[name].items())) for name in sorted(counts)}


class MeteredDocuments:
    """Bills as Firestore does: a read for each document found, one for a query or a get that finds none."""

    def __init__(self, documents: Documents, meter: Meter) -> None:
        self._documents = documents
        self._meter = meter
        self._known: set[str] = set()
        self._schedules = {one.name for one in all_manifests() if one.kind == "schedule"}

    def get(self, path: str) -> Document | None:
        self._read(1, path)
        return self._documents.get(path)

    def get_many(self, paths: Sequence[str]) -> list[Document | None]:
        if paths:
            self._read(len(set(paths)), paths[0])
        return self._documents.get_many(paths)

    def query(self, query: Query) -> list[Document]:
        found = self._documents.query(query)
        self._read(max(1, len(found)), query.collection)
        return found

    def commit(self, writes: Sequence[Write]) -> list[str]:
        versions = self._documents.commit(writes)
        self._meter.count("round_trips")
        for write in writes:
            self._written(write)
        return versions

    def watch(self, path: str, on_change: Callable[[Document | None], None]) -> Watch:
        return self._documents.watch(path, on_change)

    def _written(self, write: Write) -> None:
        count, is_new = self._meter.count, write.path not in self._known
        count("outbox_changes", write.path.startswith(OUTBOX))
        if write.data is None:
            self._known.discard(write.path)
            count("deletes")
            return
        self._known.add(write.path)
        count("writes")
        count("session_writes", bool(SESSION.fullmatch(write.path)))
        count("frames", bool(FRAME.fullmatch(write.path)))
        if is_new and "expires_at" in write.data:
            count("expiring_documents")
            count(
                "expiring_days", round((write.data["expires_at"] - datetime.now(UTC)).total_seconds() / 86400)
            )
        elif is_new:
            count("lasting_documents")

    def _read(self, documents: int, path: str) -> None:
        self._meter.count("reads", documents)
        self._meter.count("round_trips")
        if _at_work.get() in self._schedules:
            self._meter.count("dealership_reads", documents * path.startswith(DEALERSHIPS))
            self._meter.count("dealership_trips", path.startswith(f"{DEALERSHIPS}/"))

    def __getattr__(self, name: str) -> Any:
        return getattr(self._documents, name)


class MeteredBus(SqliteBus):
    """Counts what is published, what is pushed to each consumer, and what becomes a row."""

    def __init__(self, path: Path, meter: Meter) -> None:
        super().__init__(path)
        self._meter = meter
        self._consumers = Counter(one.subscribes for one in all_manifests() if one.subscribes)
        self._tables = {topic: event.table for topic, event in load_catalogue().items() if event.table}

    def publish(self, messages: Sequence[Message]) -> None:
        topics: defaultdict[str, int] = defaultdict(int)
        for message in messages:
            topics[message.topic] += weight(message)
            self._delivered(message)
        self._meter.count("messages", len(messages))
        self._meter.count("publish_bytes", sum(max(SMALLEST_BILLED_BYTES, size) for size in topics.values()))
        self._meter.count("message_bytes", sum(topics.values()))
        self._meter.count("round_trips", bool(messages))  # topics go out side by side
        super().publish(messages)

    def _delivered(self, message: Message) -> None:
        consumers, size = self._consumers[message.topic], weight(message)
        self._meter.count("push_bytes", consumers * max(SMALLEST_BILLED_BYTES, size))
        if table := self._tables.get(message.topic):
            self._meter.count("row_bytes", size)
            self._meter.count(f"rows_of_{table.partition('.')[2]}")


class MeteredWarehouse:
    def __init__(self, warehouse: Warehouse, meter: Meter) -> None:
        self._warehouse = warehouse
        self._meter = meter

    def query(self, name: str, parameters: Mapping[str, Parameter]) -> list[Row]:
        self._meter.count("warehouse_queries")
        self._meter.count(f"asked_{name.rpartition('/')[2]}")
        return self._warehouse.query(name, parameters)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._warehouse, name)


def weight(message: Message) -> int:
    """Bytes of data and attributes, and of the time and the id, as Pub/Sub counts them."""
    attributes = sum(len(key) + len(value) for key, value in message.attributes.items())
    return len(message.data) + attributes + len(message.ordering_key) + TIME_AND_ID_BYTES


def metered(meter: Meter) -> dict[str, Factory]:
    """Factories that put the meter between the product and its embedded stores."""

    def documents(platform: Platform) -> MeteredDocuments:
        return MeteredDocuments(EMBEDDED["documents"](platform), meter)

    def bus(platform: Platform) -> MeteredBus:
        return MeteredBus(platform.settings.data_dir / "bus.db", meter)

    def warehouse(platform: Platform) -> MeteredWarehouse:
        return MeteredWarehouse(EMBEDDED["warehouse"](platform), meter)

    return {"documents": documents, "bus": bus, "warehouse": warehouse}


@contextmanager
def metered_product(folder: Path) -> Iterator[tuple[Harness, Meter]]:
    """The product with the sample tenants; every call of a function is counted as its own."""
    meter = Meter()
    with running(folder, replaced=metered(meter)) as harness:
        _count_calls(harness.product, meter)
        yield harness, meter


def _count_calls(product: LocalProduct, meter: Meter) -> None:
    request, deliver = product.request, product.deliver

    @functools.wraps(request)
    def counted_request(method: str, target: str, **how: Any) -> Response:
        with meter.requested(product.function_for(method, target.partition("?")[0])):
            return request(method, target, **how)

    @functools.wraps(deliver)
    def counted_delivery(function: str, body: bytes) -> Response:
        with meter.working(function):
            return deliver(function, body)

    product.request, product.deliver = counted_request, counted_delivery  # type: ignore[assignment,method-assign]  # of this one product


__all__ = ["Data", "Meter", "metered_product"]
