"""What an operation of the product costs in calls: reads, writes, messages, queries, by function.

The meter stands between the product and its stores, so it counts what a bill counts and knows nothing of
the product's own bookkeeping.
"""

from __future__ import annotations

import functools
import threading
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path
from typing import Any

from shared.adapters.embedded.bus import SqliteBus
from shared.local.product import LocalProduct
from shared.local.wsgi_call import Response
from shared.platform import Factory, Platform
from shared.ports import Data, Document, Documents, Message, Parameter, Query, Row, Warehouse, Watch, Write
from shared.testing.harness import Harness, running
from shared.wiring import EMBEDDED

SMALLEST_BILLED_BYTES = 1000
"""Pub/Sub bills at least this much for a publish or push request."""

_at_work: ContextVar[str] = ContextVar("function at work", default="")


class Meter:
    """Counts by function and kind; nothing is counted while no function is at work."""

    def __init__(self) -> None:
        self._counts: defaultdict[str, Counter[str]] = defaultdict(Counter)
        self._lock = threading.Lock()

    def count(self, kind: str, number: int = 1) -> None:
        function = _at_work.get()
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

    def get(self, path: str) -> Document | None:
        self._read(1)
        return self._documents.get(path)

    def get_many(self, paths: Sequence[str]) -> list[Document | None]:
        if paths:
            self._read(len(paths))
        return self._documents.get_many(paths)

    def query(self, query: Query) -> list[Document]:
        found = self._documents.query(query)
        self._read(max(1, len(found)))
        return found

    def commit(self, writes: Sequence[Write]) -> list[str]:
        versions = self._documents.commit(writes)
        deleted = sum(write.data is None for write in writes)
        self._meter.count("round_trips")
        self._meter.count("deletes", deleted)
        self._meter.count("writes", len(writes) - deleted)
        self._meter.count("expiring_writes", sum("expires_at" in (write.data or {}) for write in writes))
        return versions

    def watch(self, path: str, on_change: Callable[[Document | None], None]) -> Watch:
        return self._documents.watch(path, on_change)

    def _read(self, documents: int) -> None:
        self._meter.count("reads", documents)
        self._meter.count("round_trips")

    def __getattr__(self, name: str) -> Any:
        return getattr(self._documents, name)


class MeteredBus(SqliteBus):
    """Counts what is published and, as a push, what each consumer is sent."""

    def __init__(self, path: Path, meter: Meter) -> None:
        super().__init__(path)
        self._meter = meter

    def publish(self, messages: Sequence[Message]) -> None:
        topics: defaultdict[str, int] = defaultdict(int)
        for message in messages:
            topics[message.topic] += weight(message)
        self._meter.count("messages", len(messages))
        self._meter.count("publish_bytes", sum(max(SMALLEST_BILLED_BYTES, size) for size in topics.values()))
        self._meter.count("message_bytes", sum(topics.values()))
        self._meter.count("round_trips", len(topics))
        super().publish(messages)


class MeteredWarehouse:
    def __init__(self, warehouse: Warehouse, meter: Meter) -> None:
        self._warehouse = warehouse
        self._meter = meter

    def query(self, name: str, parameters: Mapping[str, Parameter]) -> list[Row]:
        self._meter.count("warehouse_queries")
        return self._warehouse.query(name, parameters)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._warehouse, name)


def weight(message: Message) -> int:
    """Bytes of data and attributes, and 20 for the time, as Pub/Sub counts them."""
    attributes = sum(len(key) + len(value) for key, value in message.attributes.items())
    return len(message.data) + attributes + len(message.ordering_key) + 20


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
        with meter.working(product.function_for(method, target.partition("?")[0])):
            return request(method, target, **how)

    @functools.wraps(deliver)
    def counted_delivery(function: str, body: bytes) -> Response:
        with meter.working(function):
            return deliver(function, body)

    product.request, product.deliver = counted_request, counted_delivery  # type: ignore[assignment,method-assign]  # of this one product


__all__ = ["Data", "Meter", "metered_product"]
