"""Every outside thing, as a small Protocol in plain types.

Two complete adapters stand behind each: `shared.adapters.embedded` (the default) and
`shared.adapters.google`. Only `shared.wiring` names them.

Errors every adapter raises: `Conflict` when a precondition fails, `Unavailable` when the
other side does not answer. Nothing else of a client library's own errors gets out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, Protocol

from shared.content_ports import Blobs, Models, Vectors
from shared.media_types import Frame, Heard, MediaFile, MediaPart, Observation, Seen, UploadSession
from shared.message_ports import Messenger, StaffChat, TextProvider
from shared.port_types import (
    Claims,
    Data,
    DeadLetter,
    Document,
    Drive,
    Embedding,
    Expect,
    FinishedSpan,
    Generation,
    Message,
    Nearest,
    Parameter,
    Place,
    Query,
    Row,
    Scope,
    SentMessage,
    Sms,
    StepLatency,
    StoredMessage,
    StoredVector,
    Write,
)
from shared.trust_ports import Links, Seals, Secrets, Tokens

__all__ = [
    "Blobs",
    "Bus",
    "BusOperations",
    "Claims",
    "Clock",
    "Data",
    "DeadLetter",
    "Document",
    "Documents",
    "Drive",
    "Embedding",
    "Expect",
    "FinishedSpan",
    "Frame",
    "Generation",
    "Heard",
    "Ids",
    "Links",
    "Maps",
    "MediaFile",
    "MediaPart",
    "Message",
    "Messenger",
    "Models",
    "Nearest",
    "Observation",
    "Parameter",
    "Place",
    "Query",
    "Row",
    "Scope",
    "Seals",
    "Secrets",
    "Seen",
    "SentMessage",
    "Sms",
    "Spans",
    "StaffChat",
    "StepLatency",
    "StoredMessage",
    "StoredVector",
    "TextProvider",
    "Tokens",
    "UploadSession",
    "Vectors",
    "Warehouse",
    "Watch",
    "Write",
]


class Watch(Protocol):
    """A running subscription; `close` ends it and returns once no callback runs any more."""

    def close(self) -> None: ...


class Documents(Protocol):
    """Operational state. Paths are `collection/id[/collection/id…]`."""

    def get(self, path: str) -> Document | None: ...

    def get_many(self, paths: Sequence[str]) -> list[Document | None]:
        """In the order asked for, None where there is none; one round trip."""

    def query(self, query: Query) -> list[Document]: ...

    def commit(self, writes: Sequence[Write]) -> list[str]:
        """All or nothing; answers the new version of each document, in order ("" for a deleted one).

        Raises `Conflict` naming the first document whose expectation failed, `InvalidInput` for a
        document over 1 MiB, writes over 10 MiB, a value no store holds, or a path written twice.
        """

    def watch(self, path: str, on_change: Callable[[Document | None], None]) -> Watch:
        """Calls `on_change` with the present state at once and after every later change."""


class Bus(Protocol):
    """Topics with at-least-once delivery to each subscription."""

    def publish(self, messages: Sequence[Message]) -> None:
        """Returns when every message is durable."""


class BusOperations(Protocol):
    """What an operator does with the bus."""

    def recent(self, topic: str | None, limit: int) -> list[StoredMessage]:
        """The newest messages, newest last."""

    def dead_letters(self, limit: int = 100) -> list[DeadLetter]:
        """The newest, newest last."""

    def replay_dead_letter(self, letter_id: str) -> None:
        """Delivers it again to the subscription that gave up. Raises `NotFound`."""

    def replay(
        self, *, subscription: str, since: datetime, until: datetime, tenant_id: str | None = None
    ) -> int:
        """Delivers a time window of the subscription's topic again, to it alone; returns how many.

        With `tenant_id` only what carries it as attribute `ce-tenantid`. Raises `NotFound`.
        """


class Warehouse(Protocol):
    """Analytical tables. Queries have names; their text is in `sql/`, never in code."""

    def query(self, name: str, parameters: Mapping[str, Parameter]) -> list[Row]:
        """Runs `sql/<name>/query.sql`, e.g. name `plates/finance_chart_v1`.

        NUMERIC comes back as `Decimal`, DATE as `date`, TIMESTAMP as UTC `datetime`, JSON as parsed.
        Raises `NotFound` for an unknown name, `InvalidInput` for a missing or unknown parameter.
        """

    def append(self, table: str, rows: Iterable[Row]) -> None:
        """Appends rows to a table, e.g. `ledger.money_entry_v1`; columns as in its `schema.yaml`.

        Raises `InvalidInput` naming the column when a row does not fit; then no row is appended.
        """


class Maps(Protocol):
    """What knows the roads."""

    def drive(self, start: Place, end: Place, *, observed_mps: float | None = None) -> Drive:
        """From here to there, setting off now. `observed_mps` is how fast it went lately, meters a second;
        who knows the traffic needs it not.

        Raises `Unavailable` without an answer, and where no road leads.
        """


class Clock(Protocol):
    def now(self) -> datetime:
        """UTC, timezone-aware."""


class Ids(Protocol):
    def new(self) -> str:
        """A fresh, unguessable, URL-safe id."""


class Spans(Protocol):
    """Finished spans, kept for a bounded time."""

    def exporter(self) -> Any:
        """What OpenTelemetry hands finished spans to (its `SpanExporter`)."""

    def latencies(self, since: datetime, *, tenant_id: str | None = None) -> list[StepLatency]:
        """By name, slowest p95 first; of all tenants, or of what was done for one."""

    def trace(self, trace_id: str) -> list[FinishedSpan]:
        """In the order they started."""
