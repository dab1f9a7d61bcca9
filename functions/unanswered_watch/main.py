"""No customer waits unnoticed."""

from __future__ import annotations

from collections import Counter

from functions.unanswered_watch.unanswered import Shift, may_be_taken_up, take_up
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
    where = (("is_live", "==", True), ("due_at", "<=", work.now))
    overdue = work.query(Query("threads", where, ("due_at",), AT_ONCE))
    shift = Shift(work, rules)
    return dict(Counter(take_up(work, Thread.from_data(one.data), rules, shift) for one in overdue))


unanswered_watch = entry_point(__file__, watch_unanswered)
