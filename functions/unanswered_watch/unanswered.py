"""What becomes of a conversation whose answer is overdue."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

from shared.domain.person import master_of
from shared.inbox.hours import due_after, is_open
from shared.inbox.messages import unanswered_words
from shared.inbox.passing import ask_for_attention, passed_on
from shared.inbox.question import waiting_words
from shared.inbox.rules import Department, InboxRules
from shared.inbox.staffing import Colleague, best, responsible, team
from shared.inbox.thread import MOST_REMEMBERED, Thread
from shared.runtime.work import UnitOfWork


class Shift:
    """Who can take something over in this run, with what the run gave them already: all of it is committed
    together, so the store does not know yet."""

    def __init__(self, work: UnitOfWork, rules: InboxRules) -> None:
        self._work, self._rules = work, rules
        self._teams: dict[Department, list[Colleague]] = {}
        self._given: Counter[str] = Counter()

    def best(self, thread: Thread) -> Colleague | None:
        """Of those who did not have it yet: it must not go round in a circle."""
        if thread.department not in self._teams:
            self._teams[thread.department] = team(self._work, thread.department, self._rules)
        had = {thread.assigned_staff_id, *(str(one["from"]) for one in thread.reassigned)}
        able = [
            replace(one, waiting=one.waiting + self._given[one.staff_id])
            for one in self._teams[thread.department]
        ]
        found = best(able, thread_id=thread.thread_id, but=had)
        self._given.update([found.staff_id] if found else [])
        return found


def take_up(work: UnitOfWork, thread: Thread, rules: InboxRules, shift: Shift) -> str:
    """`asked_nobody`, `reassigned` or `escalated`: what was done."""
    if thread.state == "pending_question":
        return _without_answer(work, thread, rules, shift)
    taking = shift.best(thread)
    if taking is None or len(thread.reassigned) >= rules.unanswered.most_reassignments:
        return _escalate(work, thread, rules)
    _give(work, thread, taking, rules, reason="unanswered")
    return "reassigned"


def tell_now(work: UnitOfWork, thread: Thread, rules: InboxRules) -> str:
    """The dealership is open again: `told` of what came in meanwhile, in one text."""
    who = responsible(
        work,
        wanted=thread.assigned_staff_id,
        department=thread.department,
        thread_id=thread.thread_id,
        rules=rules,
    )
    told = replace(thread, tell_at=None, updated_at=work.now)
    if who is not None:
        key = f"opening:{thread.thread_id}:{thread.tell_at}"
        told = _told(work, told, who, rules, words=unanswered_words(work, thread), key=key)
    work.put(told.path, told.to_data())
    return "told"


def _without_answer(work: UnitOfWork, thread: Thread, rules: InboxRules, shift: Shift) -> str:
    """The customer did not say which department, so a person takes the text as it is."""
    words = waiting_words(thread.question)
    settled = replace(_due_again(work, thread, rules), state="open", question={})
    who = shift.best(settled) or responsible(
        work, wanted="", department=settled.department, thread_id=settled.thread_id, rules=rules
    )
    if who is None:
        return _escalate(work, settled, rules)
    key = f"unasked:{thread.thread_id}:{thread.question['asked_at']}"
    told = _told(work, settled, who, rules, words=words, key=key)
    work.put(told.path, told.to_data())
    return "asked_nobody"


def _give(work: UnitOfWork, thread: Thread, to: Colleague, rules: InboxRules, *, reason: str) -> None:
    """The other colleague has it from now on; both can read in the conversation why."""
    due_at, entry = thread.due_at, {"from": thread.assigned_staff_id, "to": to.staff_id, "reason": reason}
    given = replace(
        _due_again(work, thread, rules),
        reassigned=(*thread.reassigned, {**entry, "at": work.now})[-MOST_REMEMBERED:],
    )
    key = f"reassigned:{thread.thread_id}:{len(thread.reassigned)}:{due_at}"
    told = replace(_told(work, given, to, rules, words=unanswered_words(work, thread), key=key), tell_at=None)
    work.put(told.path, told.to_data())
    summary = "A customer waited longer than promised; the conversation was given to another colleague"
    # The words themselves were texted just now; the matter climbs by itself while nobody answers.
    ask_for_attention(work, told, summary, [to.staff_id])
    work.audit("thread.reassigned", subject=thread.path, detail={**entry, "department": thread.department})


def _escalate(work: UnitOfWork, thread: Thread, rules: InboxRules) -> str:
    """It stays with whom it is; those above are told, and told again while nobody answers."""
    due = _due_again(work, thread, rules)
    work.put(due.path, due.to_data())
    summary = "A customer waits longer than promised and nobody else is there to answer"
    ids = [thread.assigned_staff_id] if thread.assigned_staff_id else []
    roles = rules.unanswered.escalate_to
    ask_for_attention(work, due, summary, ids, roles=roles, urgency="high")
    work.audit("thread.escalated", subject=thread.path, detail={"department": thread.department})
    return "escalated"


def _due_again(work: UnitOfWork, thread: Thread, rules: InboxRules) -> Thread:
    minutes = rules.departments[thread.department].minutes
    due_at = due_after(work.now, minutes, rules, work.tenant.zone)
    return replace(thread, due_at=due_at, updated_at=work.now)


def _told(
    work: UnitOfWork, thread: Thread, to: Colleague, rules: InboxRules, *, words: str, key: str
) -> Thread:
    person = master_of(work, thread.person_id) if thread.person_id else None
    customer = (person.name if person else "") or thread.phone
    return passed_on(work, thread, to, rules, customer=customer, text=words, key=key)


def may_be_taken_up(work: UnitOfWork, rules: InboxRules) -> bool:
    """Somebody is there to take over. What falls due while the dealership is closed waits for its opening."""
    return is_open(work.now, rules, work.tenant.zone)
