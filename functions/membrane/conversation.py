"""What to do with a message: resolve it, ask one question, or hand over to a human.

States of a session: ACTIVE before anything is settled, PENDING while a question is open, RESOLVED after a
message was understood or handed over, EXPIRED once `question_expiry` closed a question nobody answered.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from functions.membrane.human import asks_for_a_person
from functions.membrane.matching import choose, is_quick, match_answer
from functions.membrane.question import Question, asked_about, open_question
from functions.membrane.refinement import LastResolved, last_resolved, refined
from shared.brain.route_message.intents import Intent
from shared.brain.route_message.models import Routing

CLEAR_SUBJECT = 0.6
"""A message at least this likely to mean another intent changes the subject."""

NEVER_MIND = re.compile(
    r"^\W*(?:never ?mind|forget (?:it|that|about it)|cancel(?: that)?|stop|skip it|no(?:pe)?|nothing)\W*$",
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
    """Exactly one of `resolved`, `question`, `handoff_reason` is set. `expired`: an old question ran out.

    `last` is what a bare refinement that comes next would refine.
    """

    state: State
    resolved: Routing | None = None
    question: Question | None = None
    handoff_reason: str = ""
    expired: Question | None = None
    last: LastResolved | None = None

    @property
    def session_fields(self) -> dict[str, Any]:
        """What stands in the session document until the next message."""
        stored = {"question": self.question.model_dump(mode="json")} if self.question else {}
        expires_at = self.question.expires_at if self.question else None
        return {
            "state": str(self.state),
            "conversation": stored,
            "question_expires_at": expires_at,
            "last_resolved": self.last.model_dump(mode="json") if self.last else None,
        }


def decide(
    session: Mapping[str, Any], said: Said, routing: Routing, *, now: datetime, limits: Limits
) -> Decision:
    """`routing` is what the message means by itself."""
    question, last = open_question(session["conversation"]), last_resolved(session)
    expired = question if question and now >= question.expires_at else None
    if asks_for_a_person(said.text):
        decision = Decision(State.RESOLVED, handoff_reason="asked_for_a_person")
    elif question and not expired:
        decision = answered(question, said, routing, now=now, limits=limits)
    else:
        meant = refined(last, said.text, today=said.today, now=now) or routing
        decision = settled(meant, said, asked=0, now=now, limits=limits)
    return replace(decision, expired=expired, last=newest_resolved(decision, last, now=now))


def newest_resolved(decision: Decision, last: LastResolved | None, *, now: datetime) -> LastResolved | None:
    """What nobody here can answer ("thanks") does not end a subject; a person who takes over does."""
    resolved = decision.resolved
    if resolved is None or resolved.intent is Intent.OUT_OF_SCOPE:
        return None if decision.handoff_reason else last
    return LastResolved(
        intent=resolved.intent, entities=resolved.entities, confidence=resolved.confidence, at=now
    )


def answered(question: Question, said: Said, routing: Routing, *, now: datetime, limits: Limits) -> Decision:
    """A question is open: an answer, another subject, or neither."""
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
