"""A customer's text finds its conversation and the colleague who answers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from functions.thread_router.routing import Routed, Routing
from functions.thread_router.set_aside import set_aside
from shared.domain.person import Person
from shared.inbox.answering import has_refused
from shared.inbox.choose import Choice, Target, choose, is_number, question_text, read_answer
from shared.inbox.hours import due_after
from shared.inbox.merging import merge
from shared.inbox.messages import Message, add, unanswered_words
from shared.inbox.open_things import Records, open_records, things
from shared.inbox.opening import new_thread
from shared.inbox.passing import ask_for_attention, may_be_told, passed_on
from shared.inbox.question import asked, options_of, waiting_words, with_text
from shared.inbox.recognition import Sender, people_with, recognise
from shared.inbox.rules import InboxRules
from shared.inbox.senders import put_sender, read_sender, threads_of
from shared.inbox.staffing import responsible
from shared.inbox.thread import Thread
from shared.ports import Data
from shared.runtime.work import UnitOfWork
from shared.texting.request import Purpose, Recipient, request_text
from shared.texting.segments import fitted


@dataclass(frozen=True)
class Settled:
    """Where a text goes and what the colleague is told; the customer waits `since`."""

    thread: Thread
    target: Target
    words: str
    since: datetime


def route_customer_text(work: UnitOfWork, text: Data, rules: InboxRules) -> Routed:
    """Puts the text into a conversation; passes it on, or asks which department it is for."""
    state = read_sender(work, text["sender"])
    routing = Routing(work, rules, text, state, threads_of(work, state))
    aside = set_aside(routing)
    if aside is not None:
        return aside
    routing = replace(routing, sender=state.counted(work.now, rules.flood))
    people = people_with(work, text["sender"])
    records = open_records(work, text["sender"], people)
    sender = recognise(work, text["sender"], people, records)
    pending = next((one for one in routing.threads if one.state == "pending_question"), None)
    if pending is not None:
        return _pass_on(routing, _answered(routing, pending), sender)
    live = [one for one in routing.threads if one.is_live]
    choice = choose(text["body"], live, things(work, records), now=work.now, rules=rules)
    if choice.target is None and _is_not_to_be_asked(work, text):
        choice = Choice(_as_it_is(live, rules))
    person = _whose(sender, choice.target, records)
    if choice.target is None:
        return _ask(
            routing, choice if _is_theirs(sender, records) else _discreet(choice, rules), sender, person
        )
    thread = _thread_for(routing, choice.target, person)
    add(work, thread.thread_id, routing.message())
    return _pass_on(routing, Settled(thread, choice.target, routing.words, routing.at), sender)


def _is_theirs(sender: Sender, records: Records) -> bool:
    """The number stands in an order or deal, or a customer's record began with it. One that a lead brought
    later may be anybody's who knows a name and an e-mail address."""
    numbers = [record.get("customer_phone") for record in (*records.orders, *records.deals)]
    return sender.phone in (*numbers, *(one.own_phone for one in sender.people))


def _discreet(choice: Choice, rules: InboxRules) -> Choice:
    """The same question without saying what the customer has here."""
    plain = (replace(one, label=rules.departments[one.department].label) for one in choice.options)
    return replace(choice, options=tuple(plain))


def _is_not_to_be_asked(work: UnitOfWork, text: Data) -> bool:
    """Whoever refused texts, or perhaps does with these very words, gets no question: a person reads them."""
    return text["consent"]["kind"] == "refusal" or has_refused(work, text["sender"])


def _as_it_is(live: Sequence[Thread], rules: InboxRules) -> Target:
    """What was talked of last, else what is nobody's in particular."""
    newest = max(live, key=lambda one: one.last_at, default=None)
    if newest is None:
        return Target("general", rules.departments["general"].label)
    return Target(newest.department, rules.departments[newest.department].label, newest.thread_id)


def _whose(sender: Sender, target: Target | None, records: Records) -> Person:
    """Of several people with one number the one whose order or deal it is."""
    thing = target.thing if target else None
    named = {
        record.get("master_person_id")
        for record in (*records.orders, *records.deals)
        if thing and thing.id in (record.get("ro_number"), record.get("deal_number"))
    }
    return next((one for one in sender.people if one.person_id in named), sender.people[0])


def _thread_for(routing: Routing, target: Target, person: Person) -> Thread:
    """The conversation of the target; what it is about changes when the customer names something else."""
    about = target.thing.about if target.thing else {}
    running = next((one for one in routing.threads if one.thread_id == target.thread_id), None)
    if running is None:
        return new_thread(
            routing.work,
            phone=routing.text["sender"],
            person_id=person.person_id,
            department=target.department,
            about=about,
        )
    if not target.thing or running.about.get("id") == target.thing.id:
        return running
    # Another order may be another colleague's.
    return replace(running, about=about, assigned_staff_id=target.thing.staff_id or running.assigned_staff_id)


def _pass_on(routing: Routing, settled: Settled, sender: Sender) -> Routed:
    """The colleague is told, and from now on an answer is due."""
    work, rules, thread = routing.work, routing.rules, settled.thread
    due_at = due_after(settled.since, rules.departments[thread.department].minutes, rules, work.tenant.zone)
    heard = thread.heard(settled.since, phone=sender.phone, due_at=due_at)
    heard = replace(heard, last_inbound_at=max(routing.at, heard.last_inbound_at or routing.at))
    thing = settled.target.thing
    who = responsible(
        work,
        wanted=thread.assigned_staff_id or (thing.staff_id if thing else ""),
        department=thread.department,
        thread_id=thread.thread_id,
        rules=rules,
    )
    if who is None:
        summary = "A customer wrote and nobody works in the department"
        ask_for_attention(work, heard, summary, [], roles=rules.unanswered.escalate_to, urgency="high")
    else:
        key = f"forward:{routing.text['text_sid']}:{who.staff_id}"
        customer, words = sender.shown(heard.person_id), settled.words
        if heard.tell_at and may_be_told(work, who, rules):
            # What came in the night goes with it.
            words = f"{unanswered_words(work, thread)}\n{words}".strip()
            heard = replace(heard, tell_at=None)
        heard = passed_on(work, heard, who, rules, customer=customer, text=words, key=key)
    work.put(heard.path, heard.to_data())
    put_sender(work, routing.sender.with_thread(heard.thread_id))
    outcome = "unstaffed" if who is None else "waits" if heard.tell_at else "passed_on"
    return Routed(outcome, heard, sender.is_new)


# the question


def _ask(routing: Routing, choice: Choice, sender: Sender, person: Person) -> Routed:
    """The text waits in a conversation of its own until the customer says what it is about."""
    work = routing.work
    thread = new_thread(work, phone=sender.phone, person_id=person.person_id, department="general")
    question = asked(choice.options, routing.words, now=work.now, rules=routing.rules)
    heard = thread.heard(routing.at, phone=sender.phone, due_at=question["open_until"])
    pending = replace(heard, state="pending_question", question=question, last_outbound_at=work.now)
    words = fitted(question_text(choice.options, work.tenant.name))
    text_id = request_text(
        work,
        to=Recipient(sender.phone, person_id=person.person_id),
        purpose=Purpose.REPLY,
        body=words,
        key=f"question:{routing.text['text_sid']}",
        thread_id=thread.thread_id,
    )
    add(work, thread.thread_id, routing.message())
    said = Message(f"q-{text_id}", "out", words, work.now, text_id=text_id, kind="question")
    add(work, thread.thread_id, said)
    work.put(pending.path, pending.to_data())
    put_sender(work, routing.sender.with_thread(thread.thread_id))
    return Routed("asked", pending, sender.is_new)


def _answered(routing: Routing, pending: Thread) -> Settled:
    """An answer lets the first text go on; anything else goes on with it to whoever takes what is unclear."""
    body = routing.text["body"]
    target = read_answer(body, options_of(pending.question), routing.rules)
    is_bare = target is not None and is_number(body)
    question = pending.question if is_bare else with_text(pending.question, routing.words)
    add(routing.work, pending.thread_id, routing.message(kind="answer"))
    found = target or Target("general", routing.rules.departments["general"].label)
    since = pending.first_unanswered_at or routing.at
    return Settled(_resolved(routing, pending, found), found, waiting_words(question), since)


def _resolved(routing: Routing, pending: Thread, target: Target) -> Thread:
    """What the question was about: an open conversation of the department takes it in, else it is one."""
    work, about = routing.work, target.thing.about if target.thing else {}
    running = [
        one
        for one in routing.threads
        if one.is_live and one.is_of(target.department) and one.thread_id != pending.thread_id
    ]
    settled = replace(pending, state="open", question={}, due_at=None)
    if not running:
        return replace(settled, department=target.department, about=about)
    into = max(running, key=lambda one: one.last_at)
    done = merge(settled, into, change_id=work.new_id(), now=work.now, by="thread_router")
    work.put(done.source.path, done.source.to_data())
    work.put(done.change.path, done.change.to_data())
    return replace(done.target, about=about or into.about)
