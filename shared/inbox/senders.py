"""A customer's number: its conversations and how fast it writes. Texts that come at once meet here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import datetime, timedelta
from typing import Any, Self

from shared.inbox.rules import Flood
from shared.inbox.thread import Thread, sender_path, thread_path
from shared.runtime.work import UnitOfWork

MOST_THREADS = 12


@dataclass(frozen=True)
class SenderState:
    """`thread_ids` newest first. `held_until`: too many texts came at once, until then they are only kept."""

    phone: str
    thread_ids: tuple[str, ...] = ()
    window_started_at: datetime | None = None
    window_count: int = 0
    held_until: datetime | None = None
    session_id: str = ""

    def is_held(self, now: datetime) -> bool:
        return self.held_until is not None and now < self.held_until

    def counted(self, now: datetime, flood: Flood) -> SenderState:
        """With one text more. The text that is over the limit is the first that is held."""
        started = self.window_started_at
        if started is None or now - started >= timedelta(minutes=flood.minutes):
            return replace(self, window_started_at=now, window_count=1, held_until=None)
        held = now + timedelta(minutes=flood.hold_minutes) if self.window_count >= flood.most else None
        return replace(self, window_count=self.window_count + 1, held_until=held)

    def with_thread(self, thread_id: str) -> SenderState:
        others = (one for one in self.thread_ids if one != thread_id)
        return replace(self, thread_ids=(thread_id, *others)[:MOST_THREADS])

    def to_data(self) -> dict[str, Any]:
        return {**vars(self), "thread_ids": list(self.thread_ids)}

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> Self:
        given = {one.name: data[one.name] for one in fields(cls) if one.name in data}
        return cls(**{**given, "thread_ids": tuple(data["thread_ids"])})


def read_sender(work: UnitOfWork, phone: str) -> SenderState:
    known = work.get(sender_path(phone))
    return SenderState.from_data(known.data) if known else SenderState(phone)


def put_sender(work: UnitOfWork, sender: SenderState) -> None:
    work.put(sender_path(sender.phone), {**sender.to_data(), "updated_at": work.now})


def threads_of(work: UnitOfWork, sender: SenderState) -> list[Thread]:
    """The conversations the number's belong to today, through every merge, each once; closed ones too."""
    return roots(work, sender.thread_ids)


def roots(work: UnitOfWork, thread_ids: Sequence[str]) -> list[Thread]:
    found: dict[str, Thread] = {}
    waiting = list(thread_ids)
    while waiting:
        read = work.get_many([thread_path(one) for one in waiting])
        threads = [Thread.from_data(one.data) for one in read if one]
        found |= {one.thread_id: one for one in threads if not one.merged_into}
        waiting = [one.merged_into for one in threads if one.merged_into]
    return list(found.values())
