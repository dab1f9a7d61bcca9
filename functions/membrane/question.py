"""The question that is open in a conversation, as it stands in the session document."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from pydantic import BaseModel, ConfigDict

from shared.brain.route_message.intents import Intent
from shared.brain.route_message.models import Routing


class Question(BaseModel):
    """One question about one message. `asked` counts the questions about that message so far.

    `candidates` are the intents to choose from when `slot` is `intent`. `today` is the day of the message
    asked about, so that its "yesterday" stays the same day.
    """

    model_config = ConfigDict(frozen=True)

    intent: Intent
    slot: str
    question: str
    options: tuple[str, ...] = ()
    candidates: tuple[Intent, ...] = ()
    text: str
    entities: dict[str, Any]
    today: date
    asked: int
    asked_at: datetime
    expires_at: datetime


def open_question(conversation: Mapping[str, Any]) -> Question | None:
    stored = conversation.get("question")
    return Question.model_validate(stored) if stored else None


def asked_about(
    routing: Routing, *, text: str, today: date, asked: int, now: datetime, minutes: int
) -> Question:
    """The question a routing calls for, open for `minutes`."""
    others = tuple(alternative.intent for alternative in routing.alternatives)
    is_choice = routing.missing[:1] == ("intent",)
    in_scope = tuple(intent for intent in others if intent is not Intent.OUT_OF_SCOPE)
    return Question(
        intent=routing.intent,
        slot=routing.missing[0],
        question=routing.question or "",
        options=routing.options,
        candidates=(routing.intent, *in_scope[:1]) if is_choice else (),
        text=text,
        entities=routing.entities,
        today=today,
        asked=asked,
        asked_at=now,
        expires_at=now + timedelta(minutes=minutes),
    )
