"""Texts that are kept without anybody being told of each: too many at once, words of consent, machines."""

from __future__ import annotations

from dataclasses import replace

from functions.thread_router.routing import Routed, Routing
from shared.domain.consent import is_also_an_answer
from shared.domain.person import master_of
from shared.inbox.messages import add
from shared.inbox.opening import new_thread
from shared.inbox.passing import ask_for_attention, passed_on
from shared.inbox.senders import put_sender
from shared.inbox.staffing import colleague
from shared.inbox.thread import NUMBER, Thread
from shared.ports import Data

RULED_WORDS = frozenset({"stop", "start", "help"})
"""What is answered by rule; nobody has to. A YES that lifts no refusal answers somebody's question."""


def set_aside(routing: Routing) -> Routed | None:
    """What became of a text that is not passed on, None for one that is. Counts the text."""
    work, before = routing.work, routing.sender
    if before.is_held(work.now):
        return _hold(routing)
    counted = before.counted(work.now, routing.rules.flood)
    if counted.is_held(work.now):
        put_sender(work, counted)
        return _begin_to_hold(routing)
    if _is_ruled(routing.text):
        put_sender(work, counted)
        return _note(routing)
    if not NUMBER.fullmatch(routing.text["sender"]):
        return _note_machine(replace(routing, sender=counted))
    return None


def _is_ruled(text: Data) -> bool:
    consent = text["consent"]
    is_answer = consent["kind"] == "start" and not consent["change_id"] and is_also_an_answer(text["body"])
    return consent["kind"] in RULED_WORDS and not is_answer


def _newest(routing: Routing) -> Thread | None:
    return max(routing.threads, key=lambda one: one.last_at, default=None)


def _hold(routing: Routing) -> Routed:
    """Writes the message alone: however many come, nothing that others write is written by all of them."""
    newest = _newest(routing)
    if newest is not None:
        add(routing.work, newest.thread_id, routing.message(held=True))
    return Routed("held", newest)


def _begin_to_hold(routing: Routing) -> Routed:
    routed = _hold(routing)
    if routed.thread is not None:
        ask_for_attention(
            routing.work,
            routed.thread,
            "One customer number sends more texts than anybody reads; they are kept in the conversation",
            [routed.thread.assigned_staff_id] if routed.thread.assigned_staff_id else [],
            roles=("advisor", "operator"),
            kind="text_flood",
        )
    return routed


def _note(routing: Routing) -> Routed:
    """STOP, START and HELP stand in the conversation there is, and begin none."""
    newest = _newest(routing)
    if newest is None:
        return Routed("noted")
    add(routing.work, newest.thread_id, routing.message(kind=str(routing.text["consent"]["kind"])))
    heard = replace(newest, last_inbound_at=routing.at, updated_at=routing.work.now)
    if newest.is_live and routing.text["consent"]["change_id"]:
        heard = _told(routing, heard)
    routing.work.put(heard.path, heard.to_data())
    return Routed("noted", heard)


def _told(routing: Routing, thread: Thread) -> Thread:
    """Who talks with the customer hears that the rules have changed, once."""
    who = colleague(routing.work, thread.assigned_staff_id)
    if who is None:
        return thread
    word = str(routing.text["consent"]["kind"]).upper()
    said = f"{word}: may be texted again" if word == "START" else word
    person = master_of(routing.work, thread.person_id) if thread.person_id else None
    customer = (person.name if person else "") or thread.phone
    key = f"forward:{routing.text['text_sid']}:{who.staff_id}"
    return passed_on(routing.work, thread, who, routing.rules, customer=customer, text=said, key=key)


def _note_machine(routing: Routing) -> Routed:
    """A short code or a name is nobody who could be answered; what it wrote can be read."""
    work, sender = routing.work, routing.text["sender"]
    thread = _newest(routing) or new_thread(work, phone=sender, person_id="", department="general")
    add(work, thread.thread_id, routing.message(kind="machine"))
    noted = replace(thread, state="answered", last_inbound_at=routing.at, updated_at=work.now)
    work.put(noted.path, noted.to_data())
    put_sender(work, routing.sender.with_thread(thread.thread_id))
    return Routed("noted", noted)
