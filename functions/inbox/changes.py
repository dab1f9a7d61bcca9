"""Conversations handed over, closed, put together, taken apart, and all of it undone."""

from __future__ import annotations

from dataclasses import replace

from functions.inbox.requests import Assignment, Merge, MergeDone, Split, SplitDone, Undone
from functions.inbox.views import going_on, read_thread, view, views
from shared.domain.person import master_of
from shared.errors import AlreadyExists, InvalidInput, NotFound
from shared.inbox.hours import due_after
from shared.inbox.merging import Change, Changed, Moved, change_path, merge, split, undo
from shared.inbox.messages import MOST_PARTS, whole
from shared.inbox.numbers import free_number
from shared.inbox.opening import new_thread
from shared.inbox.passing import passed_on
from shared.inbox.rules import InboxRules, read_rules
from shared.inbox.staffing import Colleague, best, colleague, team
from shared.inbox.thread import Thread, message_path, sender_path
from shared.runtime.work import UnitOfWork


def assign(work: UnitOfWork, thread_id: str, to: Assignment, by: str) -> Thread:
    """The colleague is told what it is about. Raises `InvalidInput` for nobody who works here."""
    thread, rules = going_on(work, thread_id), read_rules(work)
    department = to.department or thread.department
    moved = replace(thread, department=department, updated_at=work.now)
    who = _chosen(work, to.staff_id) if to.staff_id else None
    if who is None:
        colleagues = team(work, department, rules)
        who = best(colleagues, thread_id=thread.thread_id) or next(iter(colleagues), None)
    if who is None:
        raise InvalidInput(f"department: nobody works in [{department}]; give a staff_id")
    if moved.first_unanswered_at:
        minutes = rules.departments[department].minutes
        moved = replace(moved, due_at=due_after(work.now, minutes, rules, work.tenant.zone))
    if moved.state == "pending_question":
        moved = replace(moved, state="open", question={})
    given = moved if who.staff_id == thread.assigned_staff_id else _handed(work, moved, who, by, rules)
    work.put(given.path, given.to_data())
    detail = {"from": thread.assigned_staff_id, "to": who.staff_id, "department": department}
    work.audit("thread.assigned", subject=thread.path, detail=detail)
    return given


def _chosen(work: UnitOfWork, staff_id: str) -> Colleague:
    who = colleague(work, staff_id)
    if who is None:
        raise InvalidInput(f"staff_id: nobody called [{staff_id}] works here")
    return who


def _handed(work: UnitOfWork, thread: Thread, who: Colleague, by: str, rules: InboxRules) -> Thread:
    entry = {"from": thread.assigned_staff_id, "to": who.staff_id, "at": work.now, "reason": f"by {by}"}
    person = master_of(work, thread.person_id) if thread.person_id else None
    customer = (person.name if person else "") or thread.phone
    giver = colleague(work, by)
    words = f"handed to you by {giver.name if giver else by}; the conversation is in the inbox"
    key = f"assigned:{thread.thread_id}:{work.cause.id}"
    given = replace(thread, reassigned=(*thread.reassigned, entry)[-50:])
    return passed_on(work, given, who, rules, customer=customer, text=words, key=key)


def close(work: UnitOfWork, thread_id: str) -> Thread:
    """Nobody has to answer any more; the customer's next text begins another conversation."""
    thread = going_on(work, thread_id)
    if thread.state == "closed":
        return thread
    closed = replace(
        thread,
        state="closed",
        first_unanswered_at=None,
        due_at=None,
        tell_at=None,
        question={},
        updated_at=work.now,
    )
    free_number(work, thread.number, thread.thread_id)
    work.put(closed.path, closed.to_data())
    work.audit("thread.closed", subject=thread.path, detail={"department": thread.department})
    return closed


def put_together(work: UnitOfWork, thread_id: str, order: Merge, by: str) -> MergeDone:
    """Raises `AlreadyExists` for conversations of two customers: the people are merged first."""
    source, target = read_thread(work, thread_id), read_thread(work, order.into)
    if source.phone != target.phone and _person(work, source) != _person(work, target):
        raise AlreadyExists("into: that is another customer's conversation; merge the people first")
    if len(whole(work, source)) + len(whole(work, target)) > MOST_PARTS:
        raise InvalidInput(f"into: a conversation is made of at most {MOST_PARTS} others")
    done = merge(source, target, change_id=work.new_id(), now=work.now, by=by)
    _write(work, done, "thread.merged")
    return MergeDone(change_id=done.change.change_id, thread=view(work, done.target))


def _person(work: UnitOfWork, thread: Thread) -> str:
    person = master_of(work, thread.person_id) if thread.person_id else None
    return person.person_id if person else thread.thread_id


def take_apart(work: UnitOfWork, thread_id: str, order: Split, by: str) -> SplitDone:
    """Raises `InvalidInput` naming a message that is not in the conversation."""
    source = read_thread(work, thread_id)
    moved = _found(work, source, order.message_ids)
    fresh = new_thread(work, phone=source.phone, person_id=source.person_id, department=order.department)
    staff_id = _chosen(work, order.staff_id).staff_id if order.staff_id else source.assigned_staff_id
    fresh = replace(fresh, state="answered", assigned_staff_id=staff_id, told=source.told)
    if source.first_unanswered_at:
        fresh = replace(
            fresh, state="open", first_unanswered_at=source.first_unanswered_at, due_at=source.due_at
        )
    fresh = replace(fresh, last_inbound_at=source.last_inbound_at)
    done = split(source, fresh, moved, change_id=work.new_id(), now=work.now, by=by)
    for one in moved:
        _move(work, one.message_id, one.home, fresh.thread_id)
    _listed(work, fresh)
    _write(work, done, "thread.split")
    return SplitDone(
        change_id=done.change.change_id, thread=view(work, done.source), new_thread=view(work, done.target)
    )


def _found(work: UnitOfWork, thread: Thread, message_ids: list[str]) -> list[Moved]:
    """Where each message lies: in the conversation itself or in one that became part of it."""
    homes = [one.thread_id for one in whole(work, thread)]
    found: dict[str, Moved] = {}
    for home in homes:
        documents = work.get_many([message_path(home, one) for one in message_ids])
        found |= {one.id: Moved(one.id, home) for one in documents if one}
    missing = [one for one in message_ids if one not in found]
    if missing:
        raise InvalidInput(f"message_ids: there is no message [{missing[0]}] in this conversation")
    return list(found.values())


def _move(work: UnitOfWork, message_id: str, home: str, to: str) -> None:
    message = work.require(message_path(home, message_id))
    work.create(message_path(to, message_id), message.data)
    work.delete(message.path)


def _listed(work: UnitOfWork, thread: Thread) -> None:
    """The customer's next text may go on with it."""
    known = work.get(sender_path(thread.phone))
    if known is not None:
        ids = [thread.thread_id, *known.data["thread_ids"]]
        work.put(known.path, {**known.data, "thread_ids": ids[:12]})


def take_back(work: UnitOfWork, thread_id: str) -> Undone:
    """Undoes the last merge or split of the conversation. Raises `AlreadyExists` when there is none."""
    thread = read_thread(work, thread_id)
    if not thread.changes:
        raise AlreadyExists("nothing was merged or split here, so there is nothing to undo")
    found = work.get(change_path(thread.changes[-1]))
    if found is None:
        raise NotFound(f"there is no change [{thread.changes[-1]}]")
    change = Change.from_data(found.data)
    source, target = read_thread(work, change.source_id), read_thread(work, change.target_id)
    done = undo(source, target, change, now=work.now)
    for one in change.moved:
        _move(work, one.message_id, change.target_id, one.home)
    _write(work, done, "thread.undone")
    return Undone(change_id=change.change_id, threads=views(work, [done.source, done.target]))


def _write(work: UnitOfWork, done: Changed, told: str) -> None:
    for thread in (done.source, done.target):
        work.put(thread.path, thread.to_data())
    change = done.change
    work.put(change.path, change.to_data())
    detail = {"change": change.change_id, "kind": change.kind, "moved": len(change.moved)}
    work.audit(told, subject=done.target.path, detail=detail)
