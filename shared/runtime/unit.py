"""Runs a handler as one unit of work: fresh reads after a conflict, one commit, then publish."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from shared.errors import Conflict
from shared.platform import Platform
from shared.ports import Write
from shared.runtime.cause import Cause
from shared.runtime.outbox import hand_on
from shared.runtime.work import UnitOfWork

T = TypeVar("T")

TRIES = 25
"""Enough that of 64 writers of one document none gives up; 12 let one in a hundred of 24 writers go."""
FIRST_PAUSE_S, LONGEST_PAUSE_S = 0.005, 0.3


def run_unit(
    platform: Platform,
    cause: Cause,
    handler: Callable[[UnitOfWork], T],
    *,
    extra: Callable[[T], Sequence[Write]] = lambda _: (),
    fence: Callable[[], None] = lambda: None,
) -> T:
    """Answers what the handler answered, once its work is committed and its messages are handed on.

    `extra` gives further writes of the same commit, e.g. the mark that the cause is done. A
    conflict runs the handler again, unless `fence` raises because the cause is somebody else's by
    now; after `TRIES` the `Conflict` gets out and the bus retries.
    """
    kept: dict[str, Any] = {}
    for attempt in range(TRIES):
        now = platform.clock.now()
        work = UnitOfWork(tenant=platform.tenant(cause.tenant_id), cause=cause, now=now, kept=kept)
        try:
            result = handler(work)
            messages = work.commit(extra(result))
        except Conflict:
            if attempt == TRIES - 1:
                raise
            fence()
            # Full jitter: two writers of one document must not stay in step.
            time.sleep(random.uniform(0, min(FIRST_PAUSE_S * 2**attempt, LONGEST_PAUSE_S)))
            continue
        hand_on(platform, work.outbox_id, messages)
        return result
    raise AssertionError("unreachable")
