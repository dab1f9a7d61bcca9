"""Time passes for what needs attention: it climbs, comes back, and is summed up once a day."""

from __future__ import annotations

from functions.attention_clock.digests import tell_digests
from shared.attention.item import from_document
from shared.attention.look import look_at
from shared.attention.requests import begun_again
from shared.attention.rules import attention_rules
from shared.ports import Query
from shared.runtime.entry import entry_point
from shared.runtime.work import UnitOfWork

AT_ONCE = 50


def move_on(work: UnitOfWork) -> dict[str, int]:
    """One tenant's turn, every minute. A matter that somebody takes meanwhile conflicts and is read again."""
    rules = attention_rules()
    due = work.query(Query("attention_items", (("next_at", "<=", work.now),), ("next_at",), AT_ONCE))
    for document in due:
        item = from_document(document.data)
        if item.state == "snoozed":
            item = begun_again(item, work.now)
        look_at(work, item.with_(next_at=None) if item.state != "open" else item, rules)
    return {"looked_at": len(due), "digests": tell_digests(work, rules)}


attention_clock = entry_point(__file__, move_on)
