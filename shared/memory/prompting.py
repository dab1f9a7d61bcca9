"""The memories that bear on a message: for a task's prompt, and for the person to see beside the answer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from shared.brain.minilm import MODEL_ID
from shared.brain.remembered import MOST_MEMORIES
from shared.memory.memory import Memory
from shared.memory.recall import Recall, Recalled, recall
from shared.memory.words import terms
from shared.platform import Tenant
from shared.ports import Scope

LEAST_SCORE, LEAST_WORDS = 0.4, 0.34
"""For a prompt: best by its meaning or well up in both, or a third of the message's words."""

MOST_SHOWN = 3
SHOWN_WORDS, SHOWN_TERMS = 0.66, 2
SHOWN_SIMILARITY = {MODEL_ID: 0.55}
"""For the person to see: two thirds of the message's words, two at least, or a cosine measured for its space.
Of the router's 474 held-out questions 15 meet one of a hundred memories they have nothing to do with."""


@dataclass(frozen=True)
class Bearing:
    """`prompt` are texts for a model, `shown` what the person sees; both best first."""

    prompt: tuple[str, ...] = ()
    shown: tuple[Memory, ...] = ()


def bearing_on(tenant: Tenant, scope: Scope, text: str, *, now: datetime) -> Bearing:
    """What the person said that bears on the message; at most five for a model, three to be seen."""
    found = recall(tenant, scope, text, k=MOST_MEMORIES, now=now)
    fitting = (one for one in found.found if one.score >= LEAST_SCORE or one.words >= LEAST_WORDS)
    return Bearing(tuple(one.memory.text for one in fitting), shown_of(found, text))


def shown_of(found: Recall, text: str) -> tuple[Memory, ...]:
    """A preference that is applied says so itself."""
    asked, least = len(set(terms(text))), SHOWN_SIMILARITY.get(found.space)
    fitting = (one for one in found.found if _by_words(one, asked) or _by_meaning(one, least))
    return tuple(one.memory for one in fitting if one.memory.subject == "")[:MOST_SHOWN]


def _by_words(one: Recalled, asked: int) -> bool:
    return one.words >= SHOWN_WORDS and round(one.words * asked) >= SHOWN_TERMS


def _by_meaning(one: Recalled, least: float | None) -> bool:
    return least is not None and one.similarity is not None and one.similarity >= least
