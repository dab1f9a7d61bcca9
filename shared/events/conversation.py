"""A message comes in, its meaning is found, something appears on the screen."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any, ClassVar

from pydantic import BaseModel, ConfigDict

from shared.events.base import Event


class Hop(BaseModel):
    """One capability's share of the time from message to plate.

    `queued_ms` passed between the event's publish and its handling, `handled_ms` in the handler. `parts` are
    named shares of `handled_ms`.
    """

    model_config = ConfigDict(frozen=True)

    name: str
    queued_ms: float
    handled_ms: float
    parts: dict[str, float] = {}


class SessionEvent(Event):
    """Base of what happens within one chat session."""

    session_id: str
    message_id: str
    seq: int
    """The message's number within its session, from 1."""
    user_id: str
    received_at: datetime

    def about(self) -> str:
        return f"sessions/{self.session_id}"


_MESSAGE: Mapping[str, Any] = {
    "session_id": "5f0c",
    "message_id": "9a1e",
    "seq": 1,
    "user_id": "ceo",
    "received_at": "2026-11-20T09:00:00Z",
}


class MessageReceived(SessionEvent, topic="message-received"):
    """A person said something, by chat, socket or text message."""

    in_order = True
    example: ClassVar[Mapping[str, Any]] = {**_MESSAGE, "text": "Show me the financials for Lane A"}

    text: str
    channel: str = "chat"
    roles: tuple[str, ...] = ()


class IntentResolved(SessionEvent, topic="intent-resolved"):
    """The router knows what is meant; every required slot is filled."""

    in_order = True
    example: ClassVar[Mapping[str, Any]] = {
        **_MESSAGE,
        "intent": "FINANCE",
        "entities": {"lane": "A"},
        "confidence": 0.97,
        "provider": "embedded",
    }

    intent: str
    entities: dict[str, Any]
    confidence: float
    provider: str
    roles: tuple[str, ...] = ()
    text: str = ""
    noted: str = ""
    """What the message also had us remember, in our own words: the answer says it, too."""
    recalled: tuple[str, ...] = ()
    """Ids of the person's own memories that bear on the message: the answer shows them beside its records."""
    hops: tuple[Hop, ...] = ()


class ClarificationAsked(SessionEvent, topic="clarification-asked"):
    """Something was missing or two meanings were close, so one question was asked."""

    example: ClassVar[Mapping[str, Any]] = {
        **_MESSAGE,
        "intent": "CRM",
        "slot": "person",
        "question": "Which customer do you mean?",
        "options": [],
    }

    intent: str
    slot: str
    question: str
    options: tuple[str, ...] = ()


class HandoffRequested(SessionEvent, topic="handoff-requested"):
    """The configured number of questions did not help: a human takes over."""

    example: ClassVar[Mapping[str, Any]] = {**_MESSAGE, "intent": "CRM", "reason": "unclear_after_questions"}

    intent: str
    reason: str


class AttentionRequested(Event, topic="attention-requested"):
    """A human should look at something; the dispatcher decides when and by which way."""

    example: ClassVar[Mapping[str, Any]] = {
        "subject": "sessions/5f0c",
        "kind": "handoff",
        "summary": "A colleague's question needs a person",
        "urgency": "normal",
        "roles": ["operator"],
    }

    subject: str
    kind: str
    summary: str
    """Plain words without anybody's name, number or address; figures come from rows."""
    urgency: str = "normal"
    roles: tuple[str, ...] = ()
    staff_ids: tuple[str, ...] = ()
    value_usd: Decimal | None = None
    safety: bool = False
    due_at: datetime | None = None
    """When what was promised is late."""
    link: str = ""
    """A page's path, e.g. `/inbox/12`; never a link that opens by itself."""
    detail: str = ""
    """The document with the particulars, e.g. `anomalies/a1`."""
    group: str = ""
    """Requests of one group are shown as one."""

    def about(self) -> str:
        return self.subject


class PlateMounted(SessionEvent, topic="plate-mounted"):
    """A live panel with its data was put on the person's screen."""

    example: ClassVar[Mapping[str, Any]] = {
        **_MESSAGE,
        "intent": "FINANCE",
        "plate_id": "FINANCE_CHART",
        "rows": 12,
        "latency_ms": 84.0,
        "hops": [{"name": "membrane", "queued_ms": 2.1, "handled_ms": 6.0}],
    }

    intent: str
    plate_id: str
    rows: int
    latency_ms: float
    hops: tuple[Hop, ...] = ()
