"""Questions nobody answered are closed."""

from __future__ import annotations

from typing import Any

from shared.ports import Query
from shared.runtime.entry import entry_point
from shared.runtime.work import UnitOfWork

AT_ONCE = 100


def expire_questions(work: UnitOfWork) -> dict[str, int]:
    """One tenant's turn, every minute. A session that is answered meanwhile conflicts and is read again."""
    query = Query("sessions", (("question_expires_at", "<=", work.now),), ("question_expires_at",), AT_ONCE)
    sessions = work.query(query)
    for session in sessions:
        closed: dict[str, Any] = {
            "state": "EXPIRED",
            "conversation": {},
            "question_expires_at": None,
            "updated_at": work.now,
        }
        work.put(session.path, {**session.data, **closed})
        work.audit("question.expired", subject=session.path)
    return {"expired": len(sessions)}


question_expiry = entry_point(__file__, expire_questions)
