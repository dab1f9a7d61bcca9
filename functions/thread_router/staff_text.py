"""A text from somebody who works here: an answer to a customer, or a message to the system."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from functions.thread_router.routing import Routed
from shared.domain.chat_message import MAX_TEXT, ChatMessage, accept_message
from shared.domain.session import KEPT, new_session
from shared.errors import InvalidInput, OptedOut
from shared.inbox.answering import answer_customer
from shared.inbox.rules import InboxRules
from shared.inbox.senders import SenderState, put_sender, read_sender, roots
from shared.inbox.staffing import Colleague
from shared.inbox.thread import Thread, number_path
from shared.ports import Data, Query
from shared.runtime.auth import Caller
from shared.runtime.work import UnitOfWork
from shared.texting.request import Purpose, Recipient, request_text

ANSWER = re.compile(r"^\s*#\s*(\d{1,6})\b[\s:,.-]*(.*)$", re.DOTALL)
BARE_NUMBER = re.compile(r"^(\d{2,6})(?![\d.,:/-]*\d)(?:\W|$)")
SEES_ALL = frozenset({"ceo", "operator"})


@dataclass(frozen=True)
class StaffReply:
    number: int
    words: str


def read_reply(text: str) -> StaffReply | None:
    """`#12 It is ready` → 12 and the words; None for anything else."""
    found = ANSWER.match(text)
    return StaffReply(int(found[1]), found[2].strip()) if found else None


def staff_with(work: UnitOfWork, phone: str) -> Colleague | None:
    """Whoever works here and has this number; the roles are those of the staff record."""
    found = work.query(Query("staff", (("phone", "==", phone), ("active", "==", True)), limit=1))
    return Colleague.of(found[0].data, None, work.now) if found else None


def take_staff_text(work: UnitOfWork, who: Colleague, text: Data, rules: InboxRules) -> Routed:
    """With the conversation that was answered, without one when the text was for the system."""
    reply = read_reply(text["body"])
    if reply is None:
        return _ask_system(work, who, text, rules)
    try:
        return Routed("staff", _answer(work, who, reply, text))
    except (InvalidInput, OptedOut) as error:
        _tell(work, who, text, f"#{reply.number} was not sent: {error}")
        return Routed("staff")


def _answer(work: UnitOfWork, who: Colleague, reply: StaffReply, text: Data) -> Thread | None:
    thread = _thread(work, reply.number)
    if thread is None or not _may_answer(who, thread):
        # The same words for both: whose conversations there are is nobody's business.
        _tell(
            work, who, text, f"#{reply.number} is no conversation that was passed to you; nothing was sent."
        )
        return None
    if not reply.words:
        _tell(work, who, text, f"Nothing was sent. Write #{reply.number} and your words.")
        return None
    answered = answer_customer(work, thread, reply.words, staff_id=who.staff_id, message_id=text["text_sid"])
    if not _was_told(who, thread):
        # Who sent a text can be forged, and numbers can be tried: whose phone it is hears of it.
        said = f"Your words went to the customer of #{reply.number}, which was not passed to you. "
        _tell(work, who, text, f"{said}Was it not you? Tell the operator at once.")
    return answered


def _thread(work: UnitOfWork, number: int) -> Thread | None:
    known = work.get(number_path(number))
    found = roots(work, [known.data["thread_id"]]) if known else []
    return found[0] if found else None


def _may_answer(who: Colleague, thread: Thread) -> bool:
    return _was_told(who, thread) or who.role in SEES_ALL


def _was_told(who: Colleague, thread: Thread) -> bool:
    return who.staff_id in (*thread.told, thread.assigned_staff_id)


def _ask_system(work: UnitOfWork, who: Colleague, text: Data, rules: InboxRules) -> Routed:
    """Within bounds: a phone that answers by itself would talk with the system for ever."""
    sender = read_sender(work, who.phone)
    if sender.is_held(work.now):
        return Routed("held")
    counted = sender.counted(work.now, rules.flood)
    if counted.is_held(work.now):
        put_sender(work, counted)
        return Routed("held")
    words = text["body"].strip()[:MAX_TEXT]
    meant = _meant_conversation(work, who, words)
    if meant:
        put_sender(work, counted)
        _tell(work, who, text, f"To answer conversation {meant} begin with #{meant}. Nothing was sent.")
    elif words:
        session_id = _session(work, who, counted)
        caller = Caller("user", f"users/{who.staff_id}", work.tenant.tenant_id, (who.role,), who.name)
        accept_message(work, caller, ChatMessage(text=words, session_id=session_id))
        put_sender(work, replace(counted, session_id=session_id))
    else:
        put_sender(work, counted)
        _tell(
            work, who, text, "Files cannot be read here; write words, or #12 and words to answer a customer."
        )
    return Routed("staff")


def _meant_conversation(work: UnitOfWork, who: Colleague, words: str) -> int:
    """The conversation of theirs a text begins with the number of, without the sign; 0 for none."""
    found = BARE_NUMBER.match(words)
    thread = _thread(work, int(found[1])) if found else None
    return thread.number if thread and thread.is_live and _was_told(who, thread) else 0


def _session(work: UnitOfWork, who: Colleague, sender: SenderState) -> str:
    """One session a number, so that a question can be answered by the next text."""
    known = work.get(f"sessions/{sender.session_id}") if sender.session_id else None
    if known is not None and known.data["user_id"] == who.staff_id:
        return sender.session_id
    session_id = work.new_id()
    session = new_session(user_id=who.staff_id, channel="sms", now=work.now)
    work.create(f"sessions/{session_id}", {**session, "phone": who.phone, "expires_at": work.now + KEPT})
    return session_id


def _tell(work: UnitOfWork, who: Colleague, text: Data, words: str) -> None:
    request_text(
        work,
        to=Recipient(who.phone, staff_id=who.staff_id),
        purpose=Purpose.STAFF_MESSAGE,
        body=words,
        key=f"told:{text['text_sid']}",
    )
