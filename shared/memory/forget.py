"""Memories are deleted for good: documents first, then vectors, then both are read back and a receipt says
so.

The receipt names ids alone, nothing of what was remembered.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from shared.errors import NotFound, Unavailable
from shared.memory.memory import Memory, memory_path, read_memory
from shared.memory.preferences import preference_path, subject_of_preference, without_memories
from shared.memory.remember import put_preferences, tell
from shared.memory.subject import frame_of
from shared.platform import Tenant
from shared.ports import Data, Expect, Scope, Write
from shared.runtime.work import UnitOfWork

MOST_VERSIONS = 200
LEAST_SHARE = 0.5


@dataclass(frozen=True)
class Receipt:
    """`memory_ids` are the memory asked for and what it had replaced. Both are counted after the deletion."""

    memory_ids: tuple[str, ...]
    documents_left: int
    vectors_left: int
    verified_at: datetime

    def document(self, scope: Scope) -> dict[str, Any]:
        return {
            "person_id": scope.person_id,
            "memory_ids": list(self.memory_ids),
            "documents_left": self.documents_left,
            "vectors_left": self.vectors_left,
            "verified_at": self.verified_at,
        }


def receipt_path(memory_id: str) -> str:
    return f"memory_receipts/{memory_id}"


def read_receipt(data: Data) -> Receipt:
    return Receipt(
        tuple(data["memory_ids"]), data["documents_left"], data["vectors_left"], data["verified_at"]
    )


def own_memory(work: UnitOfWork, scope: Scope, memory_id: str) -> Memory:
    """Raises `NotFound` for another person's memory as for none at all."""
    found = work.get(memory_path(memory_id))
    if found is None or not scope.owns(found.data):
        raise NotFound(f"there is no memory [{memory_id}]")
    return read_memory(found.data)


def versions_of(work: UnitOfWork, scope: Scope, memory: Memory) -> list[Memory]:
    """The memory and what it replaced, newest first."""
    versions = [memory]
    while versions[-1].supersedes and len(versions) < MOST_VERSIONS:
        found = work.get(memory_path(versions[-1].supersedes))
        if found is None or not scope.owns(found.data):
            break
        versions.append(read_memory(found.data))
    return versions


def forget(work: UnitOfWork, scope: Scope, memory: Memory) -> list[str]:
    """Deletes the memory, what it replaced and the preference it set, and tells it; answers the ids.

    A preference is not what it was before: what was replaced was replaced on purpose.
    """
    ids = [one.memory_id for one in versions_of(work, scope, memory)]
    for memory_id in ids:
        work.delete(memory_path(memory_id))
    if memory.superseded_by:
        _cut_off(work, scope, memory)
    known = work.get(preference_path(scope))
    if known and scope.owns(known.data):
        left = without_memories(known.data, ids, at=work.now)
        put_preferences(work, scope, left or known.data)
    tell(work, scope, ids, "deleted")
    return ids


def _cut_off(work: UnitOfWork, scope: Scope, memory: Memory) -> None:
    """What replaced it names it no more."""
    later = work.get(memory_path(memory.superseded_by))
    if later and scope.owns(later.data):
        work.put(later.path, {**later.data, "supersedes": ""})


def about_words(memories: Sequence[Memory], about: str) -> Memory | None:
    """The memory that "forget what I said about …" means: the only one, or the clearly best, that has most of
    the words; None when it is not clear, for what is deleted does not come back."""
    key = subject_of_preference(about)
    if key and (typed := [one for one in memories if one.subject == key]):
        return typed[0]
    shares = sorted((-share_of(about, one), number) for number, one in enumerate(memories))
    if not shares or -shares[0][0] < LEAST_SHARE:
        return None
    is_clear = len(shares) == 1 or shares[1][0] > shares[0][0]
    return memories[shares[0][1]] if is_clear else None


def share_of(about: str, memory: Memory) -> float:
    """How many of the words that say something are in the memory, 0 to 1."""
    wanted = frame_of(about)
    return len(wanted & frame_of(memory.text)) / len(wanted) if wanted else 0.0


def prove_forgotten(tenant: Tenant, scope: Scope, memory_ids: Sequence[str], *, now: datetime) -> Receipt:
    """Takes the vectors out, reads back and writes the receipt; run again, the first receipt stands.

    Only for memories whose documents are deleted. Raises `Unavailable` when something is still there.
    """
    tenant.vectors.delete(scope, memory_ids)
    documents = [one for one in tenant.documents.get_many([memory_path(i) for i in memory_ids]) if one]
    vectors = tenant.vectors.held(scope, memory_ids)
    if documents or vectors:
        raise Unavailable(
            f"of [{len(memory_ids)}] deleted memories [{len(documents)}] documents and [{len(vectors)}] "
            f"vectors "
            "are still there; delete them again"
        )
    receipt = Receipt(tuple(memory_ids), len(documents), len(vectors), now)
    path = receipt_path(memory_ids[0])
    stored = tenant.documents.get(path)
    if stored is not None:
        return read_receipt(stored.data)
    tenant.documents.commit([Write(path, receipt.document(scope), Expect.ANYTHING)])
    return receipt
