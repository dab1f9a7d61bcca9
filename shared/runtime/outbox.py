"""Messages wait in the same commit as the documents they speak of, then go to the bus.

The outbox lies at the root, not within tenants, so a few indexed queries sweep them all. What is queried is
`queued`, a lane and the time: an index over times alone is written at its end by every commit of every
dealership, and Firestore gives one place of an index some 500 writes a second.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from zlib import crc32

from shared.errors import CosError
from shared.observability import log
from shared.platform import Platform
from shared.ports import Document, Expect, Message, Query, Write

DOCUMENT_BYTES = 700_000
"""Below Firestore's 1 MiB a document, with room for encoding."""

SWEEP_AGE = timedelta(seconds=30)
"""Older than any request lives between its commit and its publish."""


_BEGINNING, _END = (moment.replace(tzinfo=UTC) for moment in (datetime.min, datetime.max))

LANES = 8
"""Four thousand commits a second; each lane costs the sweeper a query a minute."""


def outbox_path(outbox_id: str, number: int) -> str:
    return f"outbox/{outbox_id}-{number}"


def outbox_writes(outbox_id: str, messages: Sequence[Message], now: datetime) -> list[Write]:
    """One document for the messages of one commit; more only when they are too large for one, or when
    several orders are to be kept: a document is found by its one order."""
    return [
        Write(path, outbox_document(path, part, now), Expect.ANYTHING)
        for path, part in (
            (outbox_path(outbox_id, number), part) for number, part in enumerate(_parts(messages))
        )
    ]


def outbox_document(path: str, messages: Sequence[Message], now: datetime) -> dict[str, Any]:
    """Messages of one order are in one lane, so that a lane swept from its oldest on keeps their order."""
    order = max(map(_order, messages), default="")
    lane = crc32((order or path).encode()) % LANES
    return {
        "created_at": now,
        "queued": _queued(lane, now),
        "order": order,
        "messages": [_encode(message) for message in messages],
    }


def _queued(lane: int, at: datetime) -> str:
    return f"{lane:02d} {at.astimezone(UTC).isoformat(timespec='microseconds')}"


def hand_on(platform: Platform, outbox_id: str, messages: Sequence[Message]) -> None:
    """Publishes what was committed; what cannot be published now is the sweeper's."""
    try:
        publish(platform, outbox_id, messages)
    except Exception as error:  # noqa: BLE001 - committed is committed: an error now would have it done twice
        log("ERROR", "left to the sweeper", outbox=outbox_id, count=len(messages), error=type(error).__name__)


def publish(platform: Platform, outbox_id: str, messages: Sequence[Message]) -> None:
    """Publishes what a commit left and forgets it; a crash in between is the sweeper's.

    What is kept in order goes after what was committed before it and is not published yet: behind a
    later message, which waits for it, an earlier one would never be delivered.
    """
    if not messages:
        return
    orders = set(map(_order, messages)) - {""}
    for document in _left_before(platform, outbox_id, orders):
        _told_first(platform, document, orders)
    platform.bus.publish(messages)
    parts = sum(1 for _ in _parts(messages))
    platform.documents.commit([Write(outbox_path(outbox_id, number), None) for number in range(parts)])


def sweep(platform: Platform, now: datetime, *, age: timedelta = SWEEP_AGE, limit: int = 100) -> int:
    """Publishes every outbox document older than `age`; answers how many messages went out.

    Publishing again what a dying process had published is harmless: event ids are the same. A
    document whose messages the bus refuses stays and does not hold up those behind it.
    """
    return sum(_sweep_lane(platform, _lane(number, now - age, limit)) for number in range(LANES))


def _lane(number: int, until: datetime, limit: int) -> Query:
    """What waits in one lane, oldest first, up to `until` and with it."""
    first, last = _queued(number, _BEGINNING), _queued(number, until)
    return Query("outbox", (("queued", ">=", first), ("queued", "<=", last)), ("queued",), limit)


def _sweep_lane(platform: Platform, lane: Query) -> int:
    published, refused = 0, set[str]()
    while True:
        page = platform.documents.query(replace(lane, limit=(lane.limit or 0) + len(refused)))
        fresh = [document for document in page if document.id not in refused]
        if not fresh:
            return published
        for document in fresh:
            messages = [_decode(raw) for raw in document.data["messages"]]
            if _swept(platform, document, messages):
                published += len(messages)
            else:
                refused.add(document.id)


def _left_before(platform: Platform, outbox_id: str, orders: Iterable[str]) -> list[Document]:
    """Other outbox documents of the same orders that are older than our own, oldest first."""
    queries = [Query("outbox", (("order", "==", order),)) for order in orders]
    left = [document for query in queries for document in platform.documents.query(query)]
    ours = [document.data["created_at"] for document in left if document.id.startswith(f"{outbox_id}-")]
    older = [document for document in left if ours and document.data["created_at"] < min(ours)]
    return sorted(older, key=lambda document: document.data["created_at"])


def _told_first(platform: Platform, document: Document, orders: Iterable[str]) -> None:
    """Of an earlier commit only what is kept in order: beside it may lie topics that this function has no
    right to publish on. The rest stays the sweeper's."""
    messages = [_decode(raw) for raw in document.data["messages"]]
    ordered = [message for message in messages if _order(message) in orders]
    rest = [message for message in messages if _order(message) not in orders]
    left = outbox_document(document.path, rest, document.data["created_at"]) if rest else None
    try:
        platform.bus.publish(ordered)
        platform.documents.commit([Write(document.path, left, document.version)])
    except CosError as error:
        log("ERROR", "an earlier message stays", outbox=document.id, error=type(error).__name__)


def _swept(platform: Platform, document: Document, messages: Sequence[Message]) -> bool:
    try:
        platform.bus.publish(messages)
        platform.documents.commit([Write(document.path, None)])
    except CosError as error:
        log("ERROR", "the outbox could not be published", outbox=document.id, error=type(error).__name__)
        return False
    return True


def waiting(platform: Platform, limit: int = 100) -> list[Document]:
    """Unpublished outbox documents, oldest first."""
    lanes = [platform.documents.query(_lane(number, _END, limit)) for number in range(LANES)]
    found = sorted((one for lane in lanes for one in lane), key=lambda one: one.data["created_at"])
    return found[:limit]


def _parts(messages: Sequence[Message]) -> list[list[Message]]:
    parts: list[list[Message]] = []
    size, kept = DOCUMENT_BYTES + 1, ""
    for message in messages:
        weight = len(message.data) + sum(len(k) + len(v) for k, v in message.attributes.items()) + 100
        order = _order(message)
        if size + weight > DOCUMENT_BYTES or (order and kept and order != kept):
            parts.append([])
            size, kept = 0, ""
        parts[-1].append(message)
        size, kept = size + weight, kept or order
    return parts


def _order(message: Message) -> str:
    """Within a topic, messages of one key are kept in order; empty when the order does not matter."""
    return f"{message.topic} {message.ordering_key}" if message.ordering_key else ""


def _encode(message: Message) -> dict[str, Any]:
    return {
        "topic": message.topic,
        "data": message.data.decode(),
        "attributes": dict(message.attributes),
        "ordering_key": message.ordering_key,
    }


def _decode(raw: dict[str, Any]) -> Message:
    return Message(raw["topic"], raw["data"].encode(), raw["attributes"], raw["ordering_key"])
