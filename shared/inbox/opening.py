"""A new conversation."""

from __future__ import annotations

from collections.abc import Mapping

from shared.inbox.numbers import take_number
from shared.inbox.rules import Department
from shared.inbox.thread import Thread
from shared.runtime.work import UnitOfWork


def new_thread(
    work: UnitOfWork,
    *,
    phone: str,
    person_id: str,
    department: Department,
    about: Mapping[str, str] | None = None,
) -> Thread:
    """With a number of its own; nothing was said in it yet. Nothing but the number is written."""
    thread_id = work.new_id().replace("-", "")
    return Thread(
        thread_id=thread_id,
        number=take_number(work, thread_id),
        phone=phone,
        person_id=person_id,
        department=department,
        created_at=work.now,
        updated_at=work.now,
        about=dict(about or {}),
    )
