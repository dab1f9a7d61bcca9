"""Ports a test can break at any call: a store and a bus that fail before or after they did their work."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import monotonic
from typing import Any, ClassVar, TypeVar

from shared.adapters.embedded.documents import SqliteDocuments
from shared.adapters.embedded.tokens import LocalTokens
from shared.adapters.system import RandomIds
from shared.events.base import Envelope, Event
from shared.manifest import Manifest
from shared.platform import Platform
from shared.ports import Document, Ids, Message, Query, Watch, Write
from shared.runtime.inject import read_signature
from shared.runtime.push import Consumer
from shared.settings import load

T = TypeVar("T")


class Killed(BaseException):
    """The process ends here: nothing in the product catches it."""


@dataclass
class Faults:
    """Lets `healthy` calls pass, then fails `lasting` ones, before they have their effect or after."""

    error: BaseException | None = None
    healthy: int = 0
    after: bool = False
    lasting: int = 1

    def arm(self, error: BaseException, *, healthy: int = 0, after: bool = False, lasting: int = 1) -> None:
        self.error, self.healthy, self.after, self.lasting = error, healthy, after, lasting

    def disarm(self) -> None:
        self.error = None

    def around(self, call: Callable[[], T]) -> T:
        if self.error is None or self.healthy > 0:
            self.healthy -= 1
            return call()
        error = self.error
        self.lasting -= 1
        if not self.lasting:
            self.disarm()
        if self.after:
            call()
        raise error


@dataclass
class BreakableStore:
    """SQLite documents, every call of which can fail."""

    inner: SqliteDocuments
    faults: Faults = field(default_factory=Faults)

    def get(self, path: str) -> Document | None:
        return self.faults.around(lambda: self.inner.get(path))

    def get_many(self, paths: Sequence[str]) -> list[Document | None]:
        return self.faults.around(lambda: self.inner.get_many(paths))

    def query(self, query: Query) -> list[Document]:
        return self.faults.around(lambda: self.inner.query(query))

    def commit(self, writes: Sequence[Write]) -> list[str]:
        return self.faults.around(lambda: self.inner.commit(writes))

    def watch(self, path: str, on_change: Callable[[Document | None], None]) -> Watch:
        return self.inner.watch(path, on_change)

    def close(self) -> None:
        self.inner.close()


@dataclass
class ListBus:
    """Remembers what was published."""

    faults: Faults = field(default_factory=Faults)
    messages: list[Message] = field(default_factory=list)

    def publish(self, messages: Sequence[Message]) -> None:
        self.faults.around(lambda: self.messages.extend(messages))

    def on(self, topic: str) -> list[Message]:
        return [message for message in self.messages if message.topic == topic]


@dataclass
class MovableClock:
    """Stands still until it is moved, or `run` lets it go with the machine's."""

    time: datetime = datetime(2026, 11, 20, 9, tzinfo=UTC)
    since: float | None = None

    def now(self) -> datetime:
        running = 0.0 if self.since is None else monotonic() - self.since
        return self.time + timedelta(seconds=running)

    def run(self) -> None:
        self.since = monotonic()

    def pass_by(self, seconds: float) -> None:
        self.time += timedelta(seconds=seconds)


@dataclass
class World:
    """A platform of breakable ports on one folder."""

    folder: Path
    ids: Ids = field(default_factory=RandomIds)

    def __post_init__(self) -> None:
        self.store = BreakableStore(SqliteDocuments(self.folder / "documents.db"))
        self.bus = ListBus()
        self.clock = MovableClock()
        self.tokens = LocalTokens(self.folder / "issuer.key")
        self.platform = Platform(
            load({}).model_copy(update={"data_dir": self.folder}),
            {
                "documents": lambda _: self.store,
                "bus": lambda _: self.bus,
                "clock": lambda _: self.clock,
                "tokens": lambda _: self.tokens,
                "ids": lambda _: self.ids,
            },
        )

    def close(self) -> None:
        self.platform.close()
        self.store.inner.close()  # no test need have asked the platform for it

    def data(self, path: str, tenant: str = "t1") -> Any:
        """The document's content, None when there is none."""
        found = self.store.inner.get(f"tenants/{tenant}/{path}")
        return found and found.data

    def root(self, collection: str) -> list[Document]:
        return self.store.inner.query(Query(collection))

    def ledger(self) -> list[dict[str, Any]]:
        return [json.loads(message.data) for message in self.bus.on("audit-recorded")]


class BellRung(Event, topic="bell-rung"):
    """Something a test tells."""

    example: ClassVar[dict[str, Any]] = {"name": "a"}

    name: str


class BellHeard(Event, topic="bell-heard"):
    """What a consumer in a test tells in turn."""

    example: ClassVar[dict[str, Any]] = {"name": "a"}

    name: str


def manifest(name: str = "listener", **changes: Any) -> Manifest:
    return Manifest.model_validate(
        {
            "name": name,
            "meaning": "A capability that exists in a test only.",
            "primitive": name,
            "kind": "event",
            "subscribes": "bell-rung",
            "handler": "hear",
            **changes,
        }
    )


def consumer(world: World, handler: Callable[..., Any], **changes: Any) -> Consumer:
    return Consumer(world.platform, manifest(**changes), read_signature(handler))


def envelope(name: str = "a", *, id: str = "", tenant: str = "t1") -> Envelope:
    return Envelope(
        id=id or f"event-{name}",
        source="//autohaus/test",
        type="bell-rung",
        time=datetime(2026, 11, 20, 9, tzinfo=UTC),
        subject=f"bells/{name}",
        tenantid=tenant,
        correlationid="correlation",
        causationid="cause",
        data={"name": name},
    )


def push(message: Message, *, attempt: int = 1, **attributes: str) -> bytes:
    """The raw Pub/Sub push body of the message."""
    inner = {
        "data": base64.b64encode(message.data).decode(),
        "attributes": {**message.attributes, **{key.replace("_", "-"): v for key, v in attributes.items()}},
        "messageId": "1",
        "publishTime": "2026-11-20T09:00:00Z",
    }
    return json.dumps({"message": inner, "subscription": "s", "deliveryAttempt": attempt}).encode()


def pushed(
    name: str = "a", *, id: str = "", tenant: str = "t1", attempt: int = 1, **attributes: str
) -> bytes:
    return push(envelope(name, id=id, tenant=tenant).to_message(), attempt=attempt, **attributes)
