"""What a person says of how they want things, from now on: kept, replaced or forgotten, and acknowledged."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from functions.membrane.conversation import NEVER_MIND
from functions.membrane.question import open_question
from shared.brain.minilm import sentence_encoder
from shared.domain.session import message_path
from shared.errors import InvalidInput
from shared.events.conversation import MessageReceived
from shared.memory.forget import LEAST_SHARE, about_words, forget, share_of
from shared.memory.memory import MAX_CONTEXT, Memory
from shared.memory.preferences import preference_kinds, value_said
from shared.memory.reading import Kind, Recognised
from shared.memory.recognition import recognise
from shared.memory.remember import Stated, live_of_person, remember
from shared.ports import Scope
from shared.runtime.work import UnitOfWork

UNDO = 'Say "forget that" to undo it.'
ONE_BY_ONE = "I keep {count} memories of yours. Name one to delete it: “forget what I said about …”."
SHOWN = 200
MOST_TOLD = 5

ASKED = re.compile(
    r"^\W*(?:please\s+)?(?:remember|keep in mind|note|don['’]t forget)\s+that\s+", re.IGNORECASE
)


@dataclass(frozen=True)
class Heard:
    """`frame` acknowledges it; `rest` is what the message asks besides, and `noted` what its answer says of
    what was kept. `session_fields` go into the session: what a "forget that" that follows is about."""

    frame: dict[str, Any]
    rest: str
    noted: str
    session_fields: dict[str, Any] = field(default_factory=dict)


def hear(message: MessageReceived, session: Mapping[str, Any], work: UnitOfWork) -> Heard | None:
    """None for a message that states nothing to remember. Writes what it states; nothing is committed yet."""
    recognised = recognise(message.text, sentence_encoder(work.tenant.settings.model_dir).encode)
    if recognised is None:
        return None
    scope = work.tenant.scope(message.user_id)
    if recognised.kind is Kind.ASKED_BACK:
        return told_back(live_of_person(work, scope), recognised)
    if recognised.kind is Kind.FORGET_ALL:
        count = len(live_of_person(work, scope))
        return Heard(_frame("FORGOTTEN", ONE_BY_ONE.format(count=count)), recognised.rest, "")
    if recognised.kind in (Kind.FORGET_LAST, Kind.FORGET_ABOUT):
        return _forgotten(recognised, message, session, scope, work)
    return _kept(recognised, message, scope, work)


def told_back(memories: Sequence[Memory], recognised: Recognised) -> Heard | None:
    """What is remembered, newest first; None when it is asked of something nothing is remembered about, which
    may be a customer."""
    about = recognised.about
    fitting = [one for one in memories if not about or share_of(about, one) >= LEAST_SHARE]
    if about and not fitting:
        return None
    more = f" and {len(fitting) - MOST_TOLD} more" if len(fitting) > MOST_TOLD else ""
    text = f"You asked me to remember {in_words(fitting[:MOST_TOLD])}{more}."
    if not fitting:
        text = "You have asked me to remember nothing yet."
    return Heard(_frame("REMEMBERED", text, follow_ups=[]), recognised.rest, "")


def answered_by(memories: Sequence[Memory], text: str) -> Heard | None:
    """What only memories answer, they do; "never mind" asks for none."""
    if not memories or NEVER_MIND.match(text):
        return None
    words = f"You asked me to remember {in_words(memories)}."
    return Heard(_frame("REMEMBERED", words, memory_id=memories[0].memory_id, follow_ups=[]), "", "")


def in_words(memories: Sequence[Memory]) -> str:
    return "; ".join(f"“{_short(one.text)}” ({one.stated_at:%d %b %Y})" for one in memories)


def _kept(recognised: Recognised, message: MessageReceived, scope: Scope, work: UnitOfWork) -> Heard:
    if recognised.kind is Kind.CLEARED and (words := _nothing_to_clear(recognised, scope, work)):
        return Heard(_frame("FORGOTTEN", words), recognised.rest, words)
    stated = Stated(
        recognised.text,
        subject=recognised.subject,
        preference=recognised.preference,
        context=_said_before(message, work),
        channel=message.channel,
        session_id=message.session_id,
        message_id=message.message_id,
    )
    try:
        stored = remember(work, scope, stated)
    except InvalidInput as error:
        return Heard({"type": "ERROR", "text": str(error), "reason": "memory_full"}, recognised.rest, "")
    noted = _noted(recognised, stored.memory)
    frame = _frame(
        "REMEMBERED",
        f"{noted} {_replaced(stored.superseded)}{UNDO}",
        memory_id=stored.memory.memory_id,
        supersedes=stored.memory.supersedes,
        preference=stored.memory.preference.model_dump() if stored.memory.preference else None,
        follow_ups=_asked_next(stored.memory),
    )
    fields = last_remembered(stored.memory, message)
    return Heard(frame, recognised.rest, noted if stored.memory.subject else "I will remember that.", fields)


def last_remembered(memory: Memory, message: MessageReceived) -> dict[str, Any]:
    return {"last_remembered": {"memory_id": memory.memory_id, "seq": message.seq}}


def _forgotten(
    recognised: Recognised,
    message: MessageReceived,
    session: Mapping[str, Any],
    scope: Scope,
    work: UnitOfWork,
) -> Heard | None:
    """ "Forget that" deletes what was remembered a message ago; of what was remembered before, it asks first.
    While a question is open it drops that."""
    last = session.get("last_remembered") or {}
    if recognised.kind is Kind.FORGET_LAST:
        if open_question(session["conversation"]) or not last:
            return None
        memory = next(
            (one for one in live_of_person(work, scope) if one.memory_id == last["memory_id"]), None
        )
    else:
        memory = about_words(live_of_person(work, scope), recognised.about)
    if memory is None:
        words = "I remember nothing about that."
        return Heard(_frame("FORGOTTEN", words), recognised.rest, words)
    if recognised.kind is Kind.FORGET_LAST and last["seq"] != message.seq - 1:
        words = f'Do you mean “{_short(memory.text)}”? Say "forget that" once more to delete it.'
        asked = _frame("REMEMBERED", words, memory_id=memory.memory_id, follow_ups=[])
        return Heard(asked, recognised.rest, "", last_remembered(memory, message))
    forget(work, scope, memory)
    # What it said is not said again: frames are kept for a while.
    words = "Forgotten, with what it had replaced."
    return Heard(
        _frame("FORGOTTEN", words, memory_id=memory.memory_id),
        recognised.rest,
        "That is forgotten.",
        {"last_remembered": None},
    )


def _nothing_to_clear(recognised: Recognised, scope: Scope, work: UnitOfWork) -> str:
    """Why "stop grouping by week" changes nothing; empty when it does."""
    set_now = next(
        (one for one in live_of_person(work, scope) if one.subject == recognised.subject and one.preference),
        None,
    )
    if set_now is None or set_now.preference is None:
        return preference_kinds()[recognised.subject].clears
    named = value_said(recognised.subject, recognised.text)
    if named and named != set_now.preference.value:
        now = preference_kinds()[recognised.subject].applied.format(value=set_now.preference.value)
        return f"That was not set. {now}"
    return ""


def _noted(recognised: Recognised, memory: Memory) -> str:
    kinds = preference_kinds()
    if memory.preference:
        return kinds[memory.preference.key].sets.format(value=memory.preference.value)
    if recognised.kind is Kind.CLEARED:
        return kinds[recognised.subject].clears
    return f"I will remember that: “{_short(memory.text)}”."


def _replaced(superseded: Memory | None) -> str:
    return f"It replaces “{_short(superseded.text)}”. " if superseded else ""


def _asked_next(memory: Memory) -> list[str]:
    key = memory.subject
    return [preference_kinds()[key].ask_next] if key in preference_kinds() else []


def _said_before(message: MessageReceived, work: UnitOfWork) -> str:
    before = work.get(message_path(message.session_id, message.seq - 1)) if message.seq > 1 else None
    return str(before.data["text"])[:MAX_CONTEXT] if before else ""


def _frame(kind: str, text: str, *, memory_id: str = "", **more: Any) -> dict[str, Any]:
    return {"type": kind, "text": text, "memory_id": memory_id, **more}


def _short(text: str) -> str:
    """What is remembered, without the words that asked for it."""
    told = ASKED.sub("", text, count=1)
    text = told if told else text
    return text if len(text) <= SHOWN else f"{text[: SHOWN - 1]}…"
