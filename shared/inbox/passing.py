"""Passing a customer's words to the colleague who answers, by the way the colleague wants to hear of them."""

from __future__ import annotations

from dataclasses import replace

from shared.events.conversation import AttentionRequested
from shared.inbox.answering import has_refused
from shared.inbox.hours import due_after, is_open
from shared.inbox.rules import InboxRules
from shared.inbox.staffing import Colleague
from shared.inbox.thread import Thread, remembered
from shared.posting.request import request_post
from shared.runtime.work import UnitOfWork
from shared.texting.request import Purpose, Recipient, request_text
from shared.texting.segments import fitted

LINK = "/inbox/{number}"
REFUSED = "\n(They asked not to be texted: nothing is sent to them; call if you have to.)"


def passed_on(
    work: UnitOfWork, thread: Thread, to: Colleague, rules: InboxRules, *, customer: str, text: str, key: str
) -> Thread:
    """Tells the colleague; answers the conversation as theirs. The same `key` tells once.

    Nobody's phone rings outside opening hours for an ordinary text: it waits for `tell_at`, unless they said
    until when they are there.
    """
    if not may_be_told(work, to, rules):
        opens = due_after(work.now, 0, rules, work.tenant.zone)
        return replace(thread, assigned_staff_id=to.staff_id, tell_at=thread.tell_at or opens)
    refused = has_refused(work, thread.phone)
    body = words_for_staff(
        thread,
        customer=customer,
        text=text,
        ending=REFUSED if refused else answer_with(thread) if to.staff_id not in thread.told else "",
    )
    _tell(work, thread, to, body, key)
    return replace(thread, assigned_staff_id=to.staff_id, told=remembered(thread.told, to.staff_id))


def may_be_told(work: UnitOfWork, to: Colleague, rules: InboxRules) -> bool:
    """Their phone may ring, or none would."""
    rings = bool(to.phone) and not to.slack_channel
    return not rings or to.is_on_duty or is_open(work.now, rules, work.tenant.zone)


def answer_with(thread: Thread) -> str:
    return f"\nAnswer: #{thread.number} your words"


def words_for_staff(thread: Thread, *, customer: str, text: str, ending: str) -> str:
    """`#12 Ann Smith, 2003 Honda Accord in service (RO-58001): Is it ready?`, at most one text message."""
    about = thread.about.get("label") or thread.department
    head = f"#{thread.number} {customer}, {about}: "
    return f"{head}{fitted(text or '(no words)', 1_500 - len(head) - len(ending))}{ending}"


def _tell(work: UnitOfWork, thread: Thread, to: Colleague, body: str, key: str) -> None:
    if to.slack_channel:
        request_post(work, channel=to.slack_channel, text=body, key=key)
    elif to.phone:
        request_text(
            work,
            to=Recipient(to.phone, staff_id=to.staff_id),
            purpose=Purpose.STAFF_MESSAGE,
            body=body,
            key=key,
            link=LINK.format(number=thread.number),
        )
    else:
        ask_for_attention(
            work, thread, "A customer wrote and the colleague has no phone on file", [to.staff_id]
        )


def ask_for_attention(
    work: UnitOfWork,
    thread: Thread,
    summary: str,
    staff_ids: list[str],
    *,
    roles: tuple[str, ...] = (),
    urgency: str = "normal",
    kind: str = "unanswered_customer",
) -> None:
    """One matter a conversation and kind, however often it is told."""
    work.emit(
        AttentionRequested(
            subject=thread.path,
            kind=kind,
            summary=summary,
            urgency=urgency,
            roles=roles,
            staff_ids=tuple(staff_ids),
            due_at=thread.due_at,
            link=LINK.format(number=thread.number),
            detail=thread.path,
            group=f"{kind}:{thread.thread_id}",
        )
    )
