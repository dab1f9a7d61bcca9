"""What to do with a message: resolve it, ask one question, or hand over to a human.

States of a session: ACTIVE before anything is settled, PENDING while a question is open, RESOLVED after a
message was understood or handed over, EXPIRED once `question_expiry` closed a question nobody answered.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from functions.membrane.matching import choose, is_quick, match_answer
from functions.membrane.question import Question, asked_about, open_question
from shared.brain.route_message.intents import Intent
from shared.brain.route_message.models import Routing

CLEAR_SUBJECT = 0.6
"""A message at least this likely to mean another intent changes the subject."""

NEVER_MIND = re.compile(
    r"^\W*(?:never ?mind|forget (?:it|that|about it)|cancel(?: that)?|stop|skip it|no(?:pe)?|nothing)\W*$",
    re.IGNORECASE,
)
ASK_A_HUMAN = re.compile(
    r"\b(?:(?:talk|speak) to (?:an? )?(?:human|person|someone|somebody|operator|real)|real person)\b",
    re.IGNORECASE,
)


class State(StrEnum):
    ACTIVE = "ACTIVE"
    PENDING = "PENDING"
    RESOLVED = "RESOLVED"
    EXPIRED = "EXPIRED"


@dataclass(frozen=True)
class Said:
    """A message; `today` is its day in the dealership's time zone."""

    text: str
    today: date


@dataclass(frozen=True)
class Limits:
    """From the settings: questions about one message, and minutes a question stays open."""

    max_questions: int
    question_minutes: int


@dataclass(frozen=True)
class Decision:
    """Exactly one of `resolved`, `question`, `handoff_reason` is set. `expired`: an old question ran out."""

    state: State
    resolved: Routing | None = None
    question: Question | None = None
    handoff_reason: str = ""
    expired: Question | None = None

    @property
    def session_fields(self) -> dict[str, Any]:
        """What stands in the session document until the next message."""
        stored = {"question": self.question.model_dump(mode="json")} if self.question else {}
        expires_at = self.question.expires_at if self.question else None
        return {"state": str(self.state), "conversation": stored, "question_expires_at": expires_at}


def decide(
    session: Mapping[str, Any], said: Said, routing: Routing, *, now: datetime, limits: Limits
) -> Decision:
    """`routing` is what the message means by itself."""
    question = open_question(session["conversation"])
    if question is None:
        return settled(routing, said, asked=0, now=now, limits=limits)
    if now >= question.expires_at:
        fresh = settled(routing, said, asked=0, now=now, limits=limits)
        return Decision(fresh.state, fresh.resolved, fresh.question, fresh.handoff_reason, expired=question)
    return answered(question, said, routing, now=now, limits=limits)


def answered(question: Question, said: Said, routing: Routing, *, now: datetime, limits: Limits) -> Decision:
    """A question is open: an answer, another subject, or neither."""
    if ASK_A_HUMAN.search(said.text):
        return Decision(State.RESOLVED, handoff_reason="asked_for_a_human")
    if NEVER_MIND.match(said.text):
        return Decision(State.RESOLVED, resolved=Routing(intent=Intent.OUT_OF_SCOPE, confidence=1.0))
    if is_other_subject(question, said.text, routing):
        return settled(routing, said, asked=0, now=now, limits=limits)
    original = Said(question.text, question.today)
    meant = match_answer(question, said.text) or read_as_message(question, said.text, routing)
    if meant:
        return settled(meant, original, asked=question.asked, now=now, limits=limits)
    return asked_again(question, now=now, limits=limits)


def settled(routing: Routing, said: Said, *, asked: int, now: datetime, limits: Limits) -> Decision:
    """Resolved when nothing is missing, else the next question, else a human."""
    if not routing.missing:
        return Decision(State.RESOLVED, resolved=routing)
    if asked >= limits.max_questions:
        return Decision(State.RESOLVED, handoff_reason="unclear_after_questions")
    question = asked_about(
        routing, text=said.text, today=said.today, asked=asked + 1, now=now, minutes=limits.question_minutes
    )
    return Decision(State.PENDING, question=question)


def asked_again(question: Question, *, now: datetime, limits: Limits) -> Decision:
    """The same question once more, while there are questions left."""
    if question.asked >= limits.max_questions:
        return Decision(State.RESOLVED, handoff_reason="unclear_after_questions")
    until = now + (question.expires_at - question.asked_at)
    again = {"asked": question.asked + 1, "asked_at": now, "expires_at": until}
    return Decision(State.PENDING, question=question.model_copy(update=again))


def is_other_subject(question: Question, text: str, routing: Routing) -> bool:
    """A whole message of another intent, not a value that only happens to look like one."""
    if is_quick(question, text) or len(text.split()) < 3 or routing.missing:
        return False
    is_clear = routing.confidence >= CLEAR_SUBJECT and routing.intent is not Intent.OUT_OF_SCOPE
    return is_clear and routing.intent not in (question.intent, *question.candidates)


def read_as_message(question: Question, text: str, routing: Routing) -> Routing | None:
    """The answer is a whole message of the same intent, or of one of the candidates."""
    if routing.missing or routing.confidence < CLEAR_SUBJECT:
        return None
    if routing.intent in question.candidates:
        return choose(question, routing.intent, text)
    return routing if routing.intent is question.intent else None
