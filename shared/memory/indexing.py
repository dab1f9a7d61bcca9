"""The vectors of a person's memories, made to fit the documents: run again, it changes nothing more.

Documents are the truth. Whoever changes one tells it (`memory-changed`) in the same commit; this brings the
vectors after, at once where somebody waits for it and again from the event, so a crash between leaves none.
"""

from __future__ import annotations

from collections.abc import Sequence

from shared.memory.memory import Memory, digest_of, live_of
from shared.platform import Tenant
from shared.ports import Scope, StoredVector


def fit_vectors(tenant: Tenant, scope: Scope, memory_ids: Sequence[str]) -> None:
    """Live memories have a vector in the space of the present model, all others none.

    Raises `Unavailable` when the model or a store is away.
    """
    live = live_of(tenant, scope, memory_ids)
    gone = [one for one in memory_ids if one not in {memory.memory_id for memory in live}]
    if gone:
        tenant.vectors.delete(scope, gone)
    if live:
        _embed_missing(tenant, scope, live)


def _embed_missing(tenant: Tenant, scope: Scope, live: Sequence[Memory]) -> None:
    space = tenant.models.embed([]).model
    held = {one.id: one for one in tenant.vectors.held(scope, [memory.memory_id for memory in live])}
    missing = [memory for memory in live if not _fits(memory, held.get(memory.memory_id), space)]
    if not missing:
        return
    embedding = tenant.models.embed([memory.text for memory in missing])
    items = [
        StoredVector(id=memory.memory_id, model=embedding.model, values=values, digest=digest_of(memory.text))
        for memory, values in zip(missing, embedding.vectors, strict=True)
    ]
    tenant.vectors.upsert(scope, items)
    # Deleted meanwhile: whoever deletes takes out the document first and then the vector, so one of us sees
    # the other.
    still = {memory.memory_id for memory in live_of(tenant, scope, [one.id for one in items])}
    if late := [one.id for one in items if one.id not in still]:
        tenant.vectors.delete(scope, late)


def _fits(memory: Memory, held: StoredVector | None, space: str) -> bool:
    return held is not None and held.model == space and held.digest == digest_of(memory.text)
