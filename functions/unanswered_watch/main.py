"""No customer waits unnoticed."""

from __future__ import annotations

from collections import Counter

from functions.unanswered_watch.unanswered import Shift, may_be_taken_up, take_up, tell_now
from shared.inbox.rules import read_rules
from shared.inbox.thread import Thread
from shared.ports import Query
from shared.runtime.entry import entry_point
from shared.runtime.work import UnitOfWork

AT_ONCE = 40
"""A run's commit holds some ten writes of each; the next run takes the next ones."""


def watch_unanswered(work: UnitOfWork) -> dict[str, int]:
    """One tenant's turn, every minute. What is answered meanwhile conflicts and is read again."""
    rules = read_rules(work)
    if not may_be_taken_up(work, rules):
        return {}
    shift, done = Shift(work, rules), Counter[str]()
    told = _due(work, "tell_at")
    done.update(tell_now(work, one, rules) for one in told.values())
    overdue = (one for key, one in _due(work, "due_at").items() if key not in told)
    done.update(take_up(work, one, rules, shift) for one in overdue)
    return dict(done)


def _due(work: UnitOfWork, field: str) -> dict[str, Thread]:
    where = (("is_live", "==", True), (field, "<=", work.now))
    found = work.query(Query("threads", where, (field,), AT_ONCE))
    return {one.id: Thread.from_data(one.data) for one in found}


unanswered_watch = entry_point(__file__, watch_unanswered)
