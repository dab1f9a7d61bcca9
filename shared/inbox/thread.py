"""A conversation with a customer: one a customer and department, all over the dealership's one number.

`threads/{id}`                the conversation's state
`threads/{id}/messages/{id}`  what was said, by whom and when
`thread_numbers/{number}`     the short number staff answer to (`#12 …`) → its conversation
`text_senders/{digits}`       a customer's number → its conversations, newest first
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import datetime
from typing import Any, Literal, Self

from shared.inbox.rules import Department

NUMBER = re.compile(r"\+[1-9][0-9]{7,14}")
"""A sender somebody can answer; short codes and names are none."""

State = Literal["open", "pending_question", "answered", "closed"]
MOST_REMEMBERED = 50
"""Entries a conversation keeps of a list that only grows."""


@dataclass(frozen=True)
class Thread:
    """`open`: the customer waits since `first_unanswered_at` for an answer due at `due_at`.

    `about` is what it is about: `{kind, id, label, vin}`, `kind` `repair_order` or `deal`; empty when nobody
    knows. `phone` is where the customer wrote from last. `told` are the staff it was passed to. A
    conversation that was merged keeps its messages and points to the other by `merged_into`, whose `parts`
    name it back. `changes` are the merges and splits it was part of, oldest first.
    """

    thread_id: str
    number: int
    phone: str
    person_id: str
    department: Department
    created_at: datetime
    updated_at: datetime
    state: State = "open"
    assigned_staff_id: str = ""
    about: Mapping[str, str] = field(default_factory=dict)
    last_inbound_at: datetime | None = None
    last_outbound_at: datetime | None = None
    first_unanswered_at: datetime | None = None
    due_at: datetime | None = None
    tell_at: datetime | None = None
    """When the colleague is told what came in while the dealership was closed."""
    question: Mapping[str, Any] = field(default_factory=dict)
    reassigned: tuple[Mapping[str, Any], ...] = ()
    told: tuple[str, ...] = ()
    parts: tuple[str, ...] = ()
    also: tuple[Department, ...] = ()
    """Departments of what became part of it: their texts belong here too."""
    merged_into: str = ""
    split_from: str = ""
    changes: tuple[str, ...] = ()

    @property
    def path(self) -> str:
        return thread_path(self.thread_id)

    @property
    def is_live(self) -> bool:
        """It can go on: neither closed nor part of another."""
        return self.state != "closed" and not self.merged_into

    def is_of(self, department: Department) -> bool:
        return department in (self.department, *self.also)

    @property
    def last_at(self) -> datetime:
        """When either side last said something."""
        return max(at for at in (self.last_inbound_at, self.last_outbound_at, self.created_at) if at)

    def heard(self, at: datetime, *, phone: str, due_at: datetime) -> Thread:
        """The customer said something and waits for an answer."""
        waiting = self.first_unanswered_at
        return replace(
            self,
            state="open",
            phone=phone,
            last_inbound_at=max(at, self.last_inbound_at or at),
            first_unanswered_at=min(at, waiting) if waiting else at,
            due_at=min(due_at, self.due_at) if waiting and self.due_at else due_at,
            updated_at=max(at, self.updated_at),
        )

    def answered(self, at: datetime, *, by: str) -> Thread:
        """Somebody answered; a conversation without anybody is theirs from now on."""
        return replace(
            self,
            state="answered",
            last_outbound_at=at,
            first_unanswered_at=None,
            due_at=None,
            tell_at=None,
            question={},
            assigned_staff_id=self.assigned_staff_id or by,
            told=remembered(self.told, by),
            updated_at=at,
        )

    def to_data(self) -> dict[str, Any]:
        """`is_live` stands there too, for queries."""
        data = {one.name: _stored(getattr(self, one.name)) for one in fields(self)}
        return {**data, "is_live": self.is_live}

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> Self:
        given = {one.name: data[one.name] for one in fields(cls) if one.name in data}
        lists = {name: tuple(value) for name, value in given.items() if isinstance(value, list)}
        return cls(**{**given, **lists})


def remembered(known: tuple[str, ...], one: str) -> tuple[str, ...]:
    """Each once, the newest `MOST_REMEMBERED`."""
    return (*(item for item in known if item != one), *([one] if one else []))[-MOST_REMEMBERED:]


def _stored(value: Any) -> Any:
    if isinstance(value, tuple):
        return [_stored(item) for item in value]
    return dict(value) if isinstance(value, Mapping) else value


def thread_path(thread_id: str) -> str:
    return f"threads/{thread_id}"


def message_path(thread_id: str, message_id: str) -> str:
    return f"threads/{thread_id}/messages/{message_id}"


def number_path(number: int) -> str:
    return f"thread_numbers/{number}"


def sender_path(sender: str) -> str:
    """`sender` is E.164, or what a network calls a sender that is no number."""
    return f"text_senders/{sender_key(sender)}"


def sender_key(sender: str) -> str:
    digits = sender.removeprefix("+")
    if sender.startswith("+") and digits.isdigit():
        return digits
    return f"x{hashlib.sha256(sender.encode()).hexdigest()[:24]}"


def inbound_path(text_sid: str) -> str:
    return f"inbound_texts/{text_sid}"


def media_key(text_sid: str, index: int) -> str:
    """Where a text's file lies among the dealership's."""
    return f"texts/{text_sid}/{index}"
