"""What was said in a conversation, one document a message."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal, Self

from shared.inbox.thread import Thread, message_path, thread_path
from shared.ports import Query
from shared.runtime.work import UnitOfWork

Direction = Literal["in", "out", "note"]
MOST_PARTS = 20
"""Conversations a merge may put together: each costs a query when the whole is read."""


MOST_TOLD = 10
"""Messages a colleague is given who hears of a conversation late."""


@dataclass(frozen=True)
class Message:
    """`in` from the customer, `out` to them, `note` for staff alone. `held`: kept and not passed on, because
    too many came at once. `text_id` is the text message it went out as, `text_sid` the one it came in as."""

    message_id: str
    direction: Direction
    text: str
    at: datetime
    staff_id: str = ""
    text_id: str = ""
    text_sid: str = ""
    media: tuple[Mapping[str, Any], ...] = ()
    held: bool = False
    kind: str = "text"
    thread_id: str = field(default="", compare=False)
    """The conversation it lies in, which may be part of the one it is shown in."""

    def to_data(self) -> dict[str, Any]:
        kept = {name: value for name, value in vars(self).items() if name != "thread_id"}
        return {**kept, "media": [dict(one) for one in self.media]}

    @classmethod
    def from_data(cls, data: Mapping[str, Any], thread_id: str) -> Self:
        given = {name: data[name] for name in cls.__dataclass_fields__ if name in data}
        return cls(**{**given, "media": tuple(data.get("media", ())), "thread_id": thread_id})


def add(work: UnitOfWork, thread_id: str, message: Message) -> None:
    work.create(message_path(thread_id, message.message_id), message.to_data())


def whole(work: UnitOfWork, thread: Thread) -> list[Thread]:
    """The conversation and all it is made of, itself first."""
    found, waiting = [thread], list(thread.parts)
    while waiting:
        parts = [
            Thread.from_data(one.data)
            for one in work.get_many([thread_path(part) for part in waiting])
            if one is not None
        ]
        found += parts
        waiting = [part for one in parts for part in one.parts]
    return found


def newest(
    work: UnitOfWork, threads: Sequence[Thread], *, limit: int, before: datetime | None = None
) -> list[Message]:
    """The newest messages of all of them before a moment, oldest first."""
    found = [message for thread in threads for message in _of(work, thread.thread_id, limit, before)]
    return sorted(found, key=lambda one: (one.at, one.message_id))[-limit:]


def _of(work: UnitOfWork, thread_id: str, limit: int, before: datetime | None) -> Iterator[Message]:
    where = (("at", "<", before),) if before else ()
    for document in work.query(Query(f"threads/{thread_id}/messages", where, ("-at",), limit)):
        yield Message.from_data(document.data, thread_id)


def unanswered_words(work: UnitOfWork, thread: Thread) -> str:
    """What the customer wrote since somebody answered, as it is stored; the newest of it when it is long."""
    since = thread.first_unanswered_at or thread.last_outbound_at or thread.created_at
    found = [one for one in newest(work, [thread], limit=MOST_TOLD) if one.at >= since]
    return "\n".join(one.text for one in found if one.direction == "in" and one.text)[-1_000:]
