"""What a person told us that bears on a question: by words and by meaning, together.

By words a memory is its text with the day it was said and what was said just before; by meaning it is its
text alone. On public conversations that recalled most of the ways tried (docs/memory.md).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from shared.brain.circuit import circuit_of
from shared.errors import Unavailable
from shared.memory.bm25 import share_of_possible
from shared.memory.fusion import fused
from shared.memory.memory import MAX_LIVE, Memory, State, newest_of, read_memory
from shared.memory.words import terms
from shared.observability import log
from shared.platform import Tenant
from shared.ports import Scope


@dataclass(frozen=True)
class Recalled:
    """`score` is 0 to 1 among the person's memories; `words` the share of the question's terms that occur,
    `similarity` the cosine of the two texts, None without a vector; `age_seconds` since it was said."""

    memory: Memory
    score: float
    words: float
    similarity: float | None
    age_seconds: int


@dataclass(frozen=True)
class Recall:
    """`searched` is how many memories were looked through; `by_meaning` is False when no vector could be had,
    so that words alone decided; `space` names what similarities are of, empty without."""

    found: tuple[Recalled, ...]
    searched: int
    by_meaning: bool
    space: str = ""


def recall(tenant: Tenant, scope: Scope, question: str, *, k: int, now: datetime) -> Recall:
    """The `k` best, best first; ties go to the newer. Raises `Forbidden` for another tenant's scope."""
    memories = live_memories(tenant, scope)
    if not memories:
        return Recall((), 0, True)
    meaning = _similarities(tenant, scope, question)
    space, similarity = meaning or ("", {})
    ranked = rank(memories, question, similarity, now=now)
    return Recall(tuple(ranked[:k]), len(memories), meaning is not None, space)


def live_memories(tenant: Tenant, scope: Scope) -> list[Memory]:
    """Newest first. What the store answered is looked through once more: nobody else's gets on."""
    documents = tenant.documents.query(newest_of(scope, State.LIVE, MAX_LIVE))
    return [read_memory(one.data) for one in documents if scope.owns(one.data)]


def rank(
    memories: Sequence[Memory], question: str, similarity: Mapping[str, float], *, now: datetime
) -> list[Recalled]:
    """`similarity` by memory id; an id that is none of the memories' counts for nothing."""
    asked = terms(question)
    texts = [terms(lexical_text(memory)) for memory in memories]
    # A memory that has no vector yet is as far away as the farthest.
    lowest = min((similarity[m.memory_id] for m in memories if m.memory_id in similarity), default=0.0)
    meaning = [similarity.get(memory.memory_id, lowest) for memory in memories]
    scores = fused(share_of_possible(asked, texts), meaning)
    found = [
        Recalled(
            memory=memory,
            score=round(score, 4),
            words=_share(asked, text),
            similarity=similarity.get(memory.memory_id),
            age_seconds=max(0, round((now - memory.stated_at).total_seconds())),
        )
        for memory, score, text in zip(memories, scores, texts, strict=True)
    ]
    return sorted(found, key=lambda one: (-one.score, one.age_seconds, one.memory.memory_id))


def lexical_text(memory: Memory) -> str:
    """With its day, so that "in October" finds what was said then, and what it answered."""
    return f"{memory.stated_at:%A %d %B %Y} {memory.context} {memory.text}"


def _share(asked: Sequence[str], text: Sequence[str]) -> float:
    wanted = set(asked)
    return round(len(wanted & set(text)) / len(wanted), 4) if wanted else 0.0


def _similarities(tenant: Tenant, scope: Scope, question: str) -> tuple[str, dict[str, float]] | None:
    """The space, and by memory id; None when the model or the index is away: words alone are better than
    nothing. Away again and again, they are left alone for a while, so that nobody waits for them."""
    circuit = circuit_of(tenant.platform, "recall by meaning")
    if not circuit.may_ask():
        return None
    try:
        embedding = tenant.models.embed([question])
        (values,) = embedding.vectors
        found = tenant.vectors.search(scope, model=embedding.model, values=values, limit=MAX_LIVE)
    except Unavailable as error:
        circuit.failed()
        log("WARNING", "recall goes by words alone", error=type(error).__name__)
        return None
    circuit.answered()
    return embedding.model, {one.id: one.similarity for one in found}
