"""The memories that go into a task's prompt."""

from __future__ import annotations

from datetime import datetime

from shared.brain.remembered import MOST_MEMORIES
from shared.memory.recall import recall
from shared.platform import Tenant
from shared.ports import Scope

LEAST_SCORE, LEAST_WORDS = 0.4, 0.34
"""Best by its meaning or well up in both, or a third of the message's words."""


def memories_for(tenant: Tenant, scope: Scope, text: str, *, now: datetime) -> tuple[str, ...]:
    """What the person said that bears on the message, best first; at most five."""
    found = recall(tenant, scope, text, k=MOST_MEMORIES, now=now).found
    fitting = (one for one in found if one.score >= LEAST_SCORE or one.words >= LEAST_WORDS)
    return tuple(one.memory.text for one in fitting)
