"""The plain values that cross a port."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from typing import Any, TypeAlias
from urllib.parse import quote

from shared.errors import InvalidInput

TENANT_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.:-]{0,127}")
PERSON_ID = re.compile(r"(?!__)(?=.*[^\W_])[^\x00-\x1f\x7f-\x9f\ud800-\udfff]{1,128}")
"""An account's id or a dealership's own staff number, such as `S 12/b`; escaped where it is in a path."""

Data: TypeAlias = Mapping[str, Any]
"""A document's content: JSON types plus timezone-aware UTC `datetime`, keys are strings. A list holds no
list directly; integers have 64 bits; nothing is NaN."""

Row: TypeAlias = dict[str, Any]
Parameter: TypeAlias = str | int | float | bool | Decimal | date | datetime | None | Sequence[str]


class Expect(Enum):
    """What a write expects of the document when it is not a version."""

    ANYTHING = "anything"
    ABSENT = "absent"
    PRESENT = "present"


@dataclass(frozen=True)
class Document:
    """A stored document. `version` is opaque and changes whenever the content does."""

    path: str
    data: Data
    version: str

    @property
    def id(self) -> str:
        return self.path.rsplit("/", 1)[-1]


@dataclass(frozen=True)
class Write:
    """Replace the whole document at `path`, or delete it when `data` is None.

    `expect` is the version it must still have, or an `Expect`.
    """

    path: str
    data: Data | None
    expect: str | Expect = Expect.ANYTHING


@dataclass(frozen=True)
class Query:
    """Documents directly in `collection` that satisfy every `where`.

    Operators: `==`, `<`, `<=`, `>`, `>=`, `in` (at most 30 values), `array_contains`; values compare within
    one type only. A dot in a field leads into a nested map. `order_by` names fields, `-field` for descending;
    documents without an ordered field are left out; then come fields compared by range, then ids, in the
    direction of the last field. `start_after` is the id of the last document of the page before; when the
    order needs its fields and it is gone, the query raises `NotFound`.
    """

    collection: str
    where: tuple[tuple[str, str, Any], ...] = ()
    order_by: tuple[str, ...] = ()
    limit: int | None = None
    start_after: str | None = None


@dataclass(frozen=True)
class Message:
    """What travels on a topic. Messages of one `ordering_key` arrive in order where the bus can."""

    topic: str
    data: bytes
    attributes: Mapping[str, str] = field(default_factory=dict)
    ordering_key: str = ""


@dataclass(frozen=True)
class StoredMessage:
    """A message as an operator sees it."""

    message_id: str
    message: Message
    published_at: datetime


@dataclass(frozen=True)
class DeadLetter:
    """A message a subscription gave up on, with the reason it gave."""

    letter_id: str
    subscription: str
    message: Message
    attempts: int
    reason: str
    failed_at: datetime


@dataclass(frozen=True)
class Generation:
    """A model's structured answer with what it cost."""

    value: Data
    model: str
    input_tokens: int
    output_tokens: int


@dataclass(frozen=True)
class Embedding:
    """One vector per text, float, L2-normalised, with the space it belongs to."""

    model: str
    vectors: list[list[float]]


@dataclass(frozen=True, kw_only=True)
class Scope:
    """Whose memories: one person of one dealership. Every call that writes, asks or deletes takes one, so
    what has no owner cannot be kept and what is somebody else's cannot be asked for.

    Raises `InvalidInput` when either is no id.
    """

    tenant_id: str
    person_id: str

    def __post_init__(self) -> None:
        fields = (("tenant_id", self.tenant_id, TENANT_ID), ("person_id", self.person_id, PERSON_ID))
        for name, value, pattern in fields:
            if not (isinstance(value, str) and pattern.fullmatch(value)):
                raise InvalidInput(f"Scope field [{name}] is [{value!r}], which is no id")

    @property
    def person_key(self) -> str:
        """The person's id as a part of a path."""
        return quote(self.person_id, safe="@:")

    def owns(self, data: Data) -> bool:
        """Whether a record below the tenant says that it is this person's."""
        return data.get("person_id") == self.person_id


@dataclass(frozen=True, kw_only=True)
class StoredVector:
    """`model` names the space, `digest` the text the vector was made of; `values` is L2-normalised."""

    id: str
    model: str
    values: Sequence[float]
    digest: str = ""


@dataclass(frozen=True)
class Nearest:
    """A vector that was found; `similarity` is the cosine, -1 to 1."""

    id: str
    similarity: float


@dataclass(frozen=True)
class Sms:
    """From `sender`, else the installation's number; the provider tells `report_to` how far it has come."""

    to: str
    body: str
    sender: str | None = None
    report_to: str = ""


@dataclass(frozen=True)
class SentMessage:
    """The provider's receipt: `provider_id` is its id for the message."""

    provider_id: str
    status: str


@dataclass(frozen=True)
class Place:
    """Degrees on WGS 84, north and east positive."""

    latitude: float
    longitude: float


@dataclass(frozen=True)
class Drive:
    """The way by road: meters and seconds, and who says so (`great_circle`, `google_routes`)."""

    meters: float
    seconds: float
    source: str


@dataclass(frozen=True)
class Claims:
    """What a verified token says: `kind` is `user` or `service`."""

    kind: str
    subject: str
    tenant_id: str = ""
    roles: tuple[str, ...] = ()
    name: str = ""


@dataclass(frozen=True)
class FinishedSpan:
    """One timed step of a trace; `parent_id` is empty for the first, `error` names the kind of failure."""

    trace_id: str
    span_id: str
    parent_id: str
    name: str
    started_at: datetime
    duration_ms: float
    error: str = ""
    attributes: Data = field(default_factory=dict)


@dataclass(frozen=True)
class StepLatency:
    """How long the steps of one name took; percentiles are nearest-rank."""

    name: str
    count: int
    errors: int
    p50_ms: float
    p95_ms: float
