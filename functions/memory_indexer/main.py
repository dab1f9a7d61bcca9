"""Vectors follow the memories they were made of."""

from __future__ import annotations

from shared.events.memory import MemoryChanged
from shared.memory.forget import prove_forgotten
from shared.memory.indexing import fit_vectors
from shared.memory.memory import State, newest_of
from shared.runtime.entry import entry_point
from shared.runtime.work import UnitOfWork

MOST_AT_ONCE = 100
"""A model takes a tenth of a second for each, and an event has a minute."""


def follow(changed: MemoryChanged, work: UnitOfWork) -> None:
    """Retried with back-off while the model or a store is away; done again, it changes nothing.

    Events may come late and in any order: what counts is what the documents say now. The person's newest
    memories are looked at as well, for after a change of the model all of them need vectors of its space.
    """
    scope = work.tenant.scope(changed.person_id)
    fit_vectors(work.tenant, scope, changed.memory_ids)
    newest = work.query(newest_of(scope, State.LIVE, MOST_AT_ONCE))
    fit_vectors(work.tenant, scope, [one.id for one in newest])
    if changed.change == "deleted":
        prove_forgotten(work.tenant, scope, changed.memory_ids, now=work.now)


memory_indexer = entry_point(__file__, follow)
