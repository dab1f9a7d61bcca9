"""Short numbers of conversations: what a member of staff types to answer one.

Numbers are drawn, not counted, so that no document is written by every new conversation. A number is used
again only long after its conversation ended, and `#12 …` is taken from those alone whom conversation 12 was
passed to, so an answer to an old conversation never reaches a new customer.
"""

from __future__ import annotations

from datetime import timedelta
from random import Random

from shared.errors import Conflict
from shared.inbox.thread import number_path
from shared.runtime.work import UnitOfWork

RESTS = timedelta(days=60)
"""After a conversation was closed."""

_DRAWN = ((10, 99, 4), (100, 999, 4), (1_000, 9_999, 3), (100_000, 999_999, 3))
"""From, to, how many are tried."""


def take_number(work: UnitOfWork, thread_id: str) -> int:
    """The shortest free number of those drawn; the same conversation draws the same ones again."""
    numbers = drawn(thread_id)
    found = work.get_many([number_path(number) for number in numbers])
    for number, known in zip(numbers, found, strict=True):
        freed_at = known.data["freed_at"] if known else None
        if known is None or (freed_at is not None and work.now - freed_at >= RESTS):
            work.put(number_path(number), {"thread_id": thread_id, "freed_at": None})
            return number
    raise Conflict("every number drawn for a new conversation is taken")


def drawn(thread_id: str) -> list[int]:
    random = Random(thread_id)
    return [random.randint(first, last) for first, last, tries in _DRAWN for _ in range(tries)]


def free_number(work: UnitOfWork, number: int, thread_id: str) -> None:
    """Its conversation was closed: from now on it rests."""
    work.put(number_path(number), {"thread_id": thread_id, "freed_at": work.now})


def keep_number(work: UnitOfWork, number: int, thread_id: str) -> None:
    """Its conversation goes on after all."""
    work.put(number_path(number), {"thread_id": thread_id, "freed_at": None})
