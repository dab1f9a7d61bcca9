"""Texts that were put off go on when their time has come."""

from __future__ import annotations

from shared.events.texting import TextRequested
from shared.ports import Query
from shared.runtime.entry import entry_point
from shared.runtime.work import UnitOfWork

AT_ONCE = 200


def release_texts(work: UnitOfWork) -> dict[str, int]:
    """One tenant's turn, every minute: what is due is asked for again, longest due first.

    Whether it may go is decided anew. A text that moves meanwhile conflicts and is read again.
    """
    due = work.query(Query("texts", (("due_at", "<=", work.now),), ("due_at",), AT_ONCE))
    for text in due:
        work.put(text.path, {**text.data, "due_at": None})
        work.emit(TextRequested(text_id=text.id))
    return {"released": len(due)}


text_clock = entry_point(__file__, release_texts)
