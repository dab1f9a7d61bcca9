"""What a person meant is found out before anything is shown."""

from __future__ import annotations

import time
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

from functions.membrane.conversation import Decision, Limits, Said, decide
from functions.membrane.question import Question
from functions.membrane.remembering import Heard, answered_by, hear
from shared.brain.route_message.intents import Intent
from shared.brain.route_message.models import RouteInput, Routing
from shared.brain.route_message.task import ROUTE_MESSAGE
from shared.brain.run_task import TaskResult, run_task
from shared.brain.task import Mode
from shared.brain.usage import Usage
from shared.domain.session import Frame, answer, await_turn, is_past, moved_past, owes_answer
from shared.events.brain import ModelUsed
from shared.events.conversation import (
    AttentionRequested,
    ClarificationAsked,
    HandoffRequested,
    Hop,
    IntentResolved,
    MessageReceived,
)
from shared.memory.memory import Memory
from shared.memory.prompting import bearing_on
from shared.runtime.entry import entry_point
from shared.runtime.push import Delivery
from shared.runtime.work import UnitOfWork

HANDOFF_TEXT = "I am passing this to a colleague, who will get back to you here."
HANDOFF_SUMMARIES = {
    "asked_for_a_person": "somebody asked for one",
    "unclear_after_questions": "the questions did not help",
}
GIVEN_UP_TEXT = (
    "I could not read that message just now. It is kept, and an operator can see why; please try again."
)


def settle_meaning(message: MessageReceived, delivery: Delivery, work: UnitOfWork) -> None:
    """Resolves the message, asks one question about it, or hands it over.

    Retried with back-off while an earlier message of the session is not settled or a store is away; after
    the last attempt `apologise` answers.
    """
    started = time.perf_counter()
    session = work.require(f"sessions/{message.session_id}").data
    if is_past(session, "handled_seq", message.seq):
        return
    _await("handled_seq", message, work)
    heard = hear(message, session, work)
    if heard and not heard.rest:
        _acknowledge(message, heard, work)
        return
    said = Said(heard.rest if heard else message.text, _day_of(message, work))
    result, routed_ms, shown = _route(said, message, work)
    settings = work.tenant.settings
    limits = Limits(settings.max_clarifications, settings.clarification_minutes)
    decision = decide(session, said, result.output, now=work.now, limits=limits)
    told = heard or answered_by(shown, said.text)
    if told and decision.resolved and decision.resolved.intent is Intent.OUT_OF_SCOPE:
        # "I prefer weekly charts. So does my boss." asks for nothing besides; and what a memory alone answers
        # is answered by it.
        _acknowledge(message, told, work)
        return
    if decision.expired:
        work.audit("question.expired", subject=message.about(), intent=str(decision.expired.intent))
    if decision.resolved:
        hop = _hop(delivery, work.now, started, routed_ms)
        noted, recalled = heard.noted if heard else "", tuple(one.memory_id for one in shown)
        resolved = Resolved(decision.resolved, result.provider, noted, recalled, hop)
        _resolve(message, decision, resolved, work)
    elif decision.question:
        _ask(message, decision, decision.question, work)
    else:
        _hand_over(message, decision, result.output, work)


def apologise(message: MessageReceived, work: UnitOfWork) -> None:
    """After the last failed attempt: the person is told, and later messages no longer wait for this one."""
    session = work.require(f"sessions/{message.session_id}").data
    if not owes_answer(session, "handled_seq", message.seq):
        return
    content = {"type": "ERROR", "message_id": message.message_id, "text": GIVEN_UP_TEXT, "reason": "given_up"}
    frame = Frame.model_validate(content)
    answer(work, message.session_id, message.seq, frame, settled=True, final=False)


def _day_of(message: MessageReceived, work: UnitOfWork) -> date:
    """The day it was said, where the dealership is."""
    return message.received_at.astimezone(work.tenant.zone).date()


def _acknowledge(message: MessageReceived, heard: Heard, work: UnitOfWork) -> None:
    """What was kept is all that comes of the message; an open question stays open."""
    _await("answered_seq", message, work)
    frame = Frame.model_validate({**heard.frame, "message_id": message.message_id})
    answer(work, message.session_id, message.seq, frame, settled=True, **heard.session_fields)


def _await(field: str, message: MessageReceived, work: UnitOfWork) -> None:
    await_turn(
        work.require(f"sessions/{message.session_id}").data,
        field,
        message.seq,
        received_at=message.received_at,
        now=work.now,
        wait_seconds=work.tenant.settings.order_wait_seconds,
    )


def _route(
    said: Said, message: MessageReceived, work: UnitOfWork
) -> tuple[TaskResult[Routing], float, tuple[Memory, ...]]:
    """A model is asked once, however often the session changes meanwhile, with what the person had us
    remember. Also how many milliseconds the router itself took, and the memories the person should see."""

    def ask() -> tuple[TaskResult[Routing], list[Usage], float, tuple[Memory, ...]]:
        used = list[Usage]()
        bearing = bearing_on(work.tenant, work.tenant.scope(message.user_id), said.text, now=work.now)
        given = RouteInput(text=said.text, today=said.today, memories=bearing.prompt)
        asked_at = time.perf_counter()
        result = run_task(ROUTE_MESSAGE, given, Mode.READ_ONLY, tenant=work.tenant, record=used.append)
        return result, used, (time.perf_counter() - asked_at) * 1000, bearing.shown

    result, used, routed_ms, shown = work.once("route", ask)
    for usage in used:
        work.emit(ModelUsed(usage_id=work.new_id(), **asdict(usage)))
    return result, routed_ms, shown


def _hop(delivery: Delivery, now: datetime, started: float, routed_ms: float) -> Hop:
    """What is not the router's own is enrichment: the message's turn, its session, what is remembered."""
    published = delivery.published_at or now
    handled_ms = (time.perf_counter() - started) * 1000
    return Hop(
        name="membrane",
        queued_ms=max(0.0, (now - published).total_seconds() * 1000),
        handled_ms=handled_ms,
        parts={"enrichment": max(0.0, handled_ms - routed_ms), "router": routed_ms},
    )


@dataclass(frozen=True)
class Resolved:
    """What a message means, who found it, what it had us remember besides, and what was recalled for it."""

    routing: Routing
    provider: str
    noted: str
    recalled: tuple[str, ...]
    hop: Hop


def _resolve(message: MessageReceived, decision: Decision, resolved: Resolved, work: UnitOfWork) -> None:
    """The plate that answers is another capability's: it also moves `answered_seq`."""
    session = work.require(f"sessions/{message.session_id}").data
    moved = moved_past(session, "handled_seq", message.seq)
    work.update(
        f"sessions/{message.session_id}", {**decision.session_fields, **moved, "updated_at": work.now}
    )
    work.emit(
        IntentResolved(
            **_same(message),
            intent=str(resolved.routing.intent),
            entities=resolved.routing.entities,
            confidence=resolved.routing.confidence,
            provider=resolved.provider,
            roles=message.roles,
            text=message.text,
            noted=resolved.noted,
            recalled=resolved.recalled,
            hops=(resolved.hop,),
        )
    )


def _ask(message: MessageReceived, decision: Decision, question: Question, work: UnitOfWork) -> None:
    asked = question.model_dump(mode="json", include={"intent", "slot", "question", "options"})
    _frame(message, decision, {"type": "CLARIFICATION", **asked}, work)
    work.emit(ClarificationAsked.model_validate({**_same(message), **asked}))


def _hand_over(message: MessageReceived, decision: Decision, routing: Routing, work: UnitOfWork) -> None:
    reason = decision.handoff_reason
    _frame(message, decision, {"type": "HANDOFF", "text": HANDOFF_TEXT, "reason": reason}, work)
    work.emit(HandoffRequested(**_same(message), intent=str(routing.intent), reason=reason))
    work.emit(
        AttentionRequested(
            subject=message.about(),
            kind="handoff",
            summary=f"A conversation needs a person: {HANDOFF_SUMMARIES[reason]}",
            roles=("operator",),
        )
    )


def _frame(
    message: MessageReceived, decision: Decision, content: dict[str, object], work: UnitOfWork
) -> None:
    """A frame of our own waits until the messages before it are answered, so frames keep their order."""
    _await("answered_seq", message, work)
    frame = Frame.model_validate({**content, "message_id": message.message_id})
    answer(work, message.session_id, message.seq, frame, settled=True, **decision.session_fields)


def _same(message: MessageReceived) -> dict[str, Any]:
    return message.model_dump(include={"session_id", "message_id", "seq", "user_id", "received_at"})


membrane = entry_point(__file__, settle_meaning, apologise)
