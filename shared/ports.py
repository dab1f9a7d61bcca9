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

from shared.port_types import (
    Claims,
    Data,
    DeadLetter,
    Document,
    Drive,
    Embedding,
    Expect,
    FinishedSpan,
    Frame,
    Generation,
    Heard,
    MediaFile,
    MediaPart,
    Message,
    Nearest,
    Observation,
    Parameter,
    Place,
    Query,
    Row,
    Scope,
    Seen,
    SentMessage,
    Sms,
    StepLatency,
    StoredMessage,
    StoredVector,
    UploadSession,
    Write,
)

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


class Blobs(Protocol):
    """Files by key."""

    def put(self, key: str, content: bytes, *, content_type: str) -> None: ...

    def get(self, key: str) -> bytes:
        """Raises `NotFound`."""

    def exists(self, key: str) -> bool: ...

    def delete(self, key: str) -> None:
        """No error when it is gone already."""

    def keys(self, prefix: str) -> list[str]: ...

    def size(self, key: str) -> int:
        """Bytes. Raises `NotFound`."""

    def read(self, key: str, start: int, length: int) -> bytes:
        """Some bytes from `start` on; fewer at the end, none after it. Raises `NotFound`."""

    def begin(self, key: str, *, content_type: str, size: int) -> UploadSession:
        """An upload of exactly `size` bytes, which is a file once the last has come; until then `key` is as
        it was. Beginning again leaves the upload before alone."""

    def append(self, token: str, *, offset: int, content: bytes, size: int) -> int:
        """Adds bytes that begin at `offset`; answers how many of the file are kept, so the next go there.

        That may be fewer than were sent (stores keep whole pieces) and more than `offset` says (they came
        before). Raises `Conflict` for an offset after what is kept, `NotFound` for an upload that has ended
        or was never begun, `InvalidInput` for bytes beyond `size`.
        """

    def received(self, token: str, *, size: int) -> int:
        """How many bytes are kept. Raises `NotFound` as `append`."""

    def abandon(self, token: str) -> None:
        """Forgets what came; no error when it has ended."""


class Models(Protocol):
    """Language models. Raises `Unavailable` when the provider fails or is slow."""

    def generate(
        self, *, model: str, prompt: str, schema: Data, timeout_s: float, media: Sequence[MediaPart] = ()
    ) -> Generation:
        """`schema` is the JSON schema of the answer; the answer is validated by the caller. `media` are blobs
        of the same profile, handed over by reference."""

    def observe(self, part: MediaPart, *, vocabulary: str) -> Observation:
        """What is said and written in a file, found out on this machine. `vocabulary` are words to expect.

        Raises `Malformed` for a file that cannot be decoded, `Unavailable` where nothing listens: there a
        language model is asked, by `generate`.
        """

    def embed(self, texts: Sequence[str]) -> Embedding: ...


class Vectors(Protocol):
    """Vectors of what is remembered, each of one person (`Scope`) and of one space (`model`).

    Spaces are never mixed: a search sees the vectors of its own alone. Raises `InvalidInput` for values that
    are not of length 1.
    """

    def upsert(self, scope: Scope, items: Sequence[StoredVector]) -> None:
        """All or none; one of the same id and scope is replaced."""

    def search(
        self, scope: Scope, *, model: str, values: Sequence[float], limit: int = 1000
    ) -> list[Nearest]:
        """The most similar first, ties by id; at most `limit` (1 to 1,000)."""

    def held(self, scope: Scope, ids: Sequence[str]) -> list[StoredVector]:
        """Those of the ids that are there, in the order asked for; of any space."""

    def delete(self, scope: Scope, ids: Sequence[str]) -> None:
        """No error for one that is gone already."""


class Messenger(Protocol):
    """Text messages out."""

    def send_sms(self, sms: Sms, *, key: str) -> SentMessage:
        """`key` names the effect; adapters store it with the message where the provider allows."""

    def find(self, key: str, sms: Sms, since: datetime) -> SentMessage | None:
        """The receipt of an earlier send of this effect, if the provider knows one."""


class TextProvider(Protocol):
    """Who brings text messages in."""

    def is_its_own(
        self, *, urls: Sequence[str], form: Sequence[tuple[str, str]], body: bytes, signature: str
    ) -> bool:
        """Whether a webhook with this form (or other body) is the provider's own, sent to one of the URLs."""

    def media(self, url: str, *, limit: int) -> MediaFile:
        """A file that came with a text. Raises `TooLarge`, `NotFound`, `Forbidden` for a place the provider
        keeps nothing at, `Unavailable`."""


class StaffChat(Protocol):
    """The staff's chat room (Slack)."""

    def post(self, *, channel: str, text: str, key: str) -> SentMessage: ...


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


class Links(Protocol):
    """Signed uuids of links that people hold; `shared.links` says what each opens."""

    def sign(self, name: str) -> str:
        """The uuid of this name: always the same, and nobody makes it without the key."""

    def holds(self, link: str) -> bool:
        """It was signed with one of our keys, as it stands."""

    def url(self, kind: str, link: str) -> str:
        """The page a person opens; `kind` is `quote`, `track` or `alert`."""


class Seals(Protocol):
    """What proves later that we wrote something, and digests of what must not be guessed from the store."""

    @property
    def public_keys(self) -> tuple[str, ...]:
        """Ed25519 (RFC 8032), 64 hex digits each: with the first, anybody checks what `sign` gives now; the
        others are earlier ones of ours."""

    def sign(self, message: bytes) -> bytes:
        """64 bytes; the same message always gives the same."""

    def digest(self, purpose: str, value: str) -> str:
        """64 hex digits that nobody recomputes without the secret; another purpose gives others."""


class Secrets(Protocol):
    def get(self, name: str) -> str:
        """Raises `Misconfigured` naming the secret."""


class Tokens(Protocol):
    """Who signed in. Google: Firebase ID tokens and OIDC; embedded: a local issuer."""

    def verify_user(self, token: str) -> Claims:
        """Raises `Unauthenticated`."""

    def verify_service(self, token: str, *, audience: str, checked: bool = False) -> Claims:
        """The identity of a calling service (Pub/Sub push, Scheduler). Raises `Unauthenticated`.

        `checked`: the platform lets in nobody with a token it has not verified, whose signature may be gone.
        """


class Spans(Protocol):
    """Finished spans, kept for a bounded time."""

    def exporter(self) -> Any:
        """What OpenTelemetry hands finished spans to (its `SpanExporter`)."""

    def latencies(self, since: datetime, *, tenant_id: str | None = None) -> list[StepLatency]:
        """By name, slowest p95 first; of all tenants, or of what was done for one."""

    def trace(self, trace_id: str) -> list[FinishedSpan]:
        """In the order they started."""
