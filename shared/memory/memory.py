"""What is remembered of a person's own words: `memories/{id}`, each of one person.

A memory is `live` until another on the same subject replaces it; then it is `superseded` and stays as history
until the person deletes it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from shared.platform import Tenant
from shared.ports import Query, Scope

MAX_TEXT = 1_000
MAX_CONTEXT = 300
MAX_LIVE = 1_000
"""Live memories of a person: a recall reads them all, and Firestore's nearest search finds no more."""


class State(StrEnum):
    LIVE = "live"
    SUPERSEDED = "superseded"


class TypedPreference(BaseModel):
    """A preference that a capability applies, e.g. `finance.bucket` = `week`."""

    model_config = ConfigDict(frozen=True)

    key: str
    value: str


class Memory(BaseModel):
    """`context` is what was said just before; `subject` what a later memory must be about to replace this
    one.

    `supersedes` and `superseded_by` are memory ids, empty where there is none.
    """

    model_config = ConfigDict(frozen=True, extra="ignore")

    memory_id: str
    person_id: str
    text: str = Field(max_length=MAX_TEXT)
    subject: str = ""
    preference: TypedPreference | None = None
    context: str = ""
    channel: str = "api"
    session_id: str = ""
    message_id: str = ""
    state: State = State.LIVE
    stated_at: datetime
    supersedes: str = ""
    superseded_by: str = ""
    superseded_at: datetime | None = None

    @property
    def path(self) -> str:
        return memory_path(self.memory_id)

    def document(self) -> dict[str, Any]:
        content = self.model_dump()
        return {**content, "state": str(self.state)}


def memory_path(memory_id: str) -> str:
    return f"memories/{memory_id}"


def read_memory(data: Mapping[str, Any]) -> Memory:
    return Memory.model_validate(dict(data))


def live_of(tenant: Tenant, scope: Scope, memory_ids: Sequence[str]) -> list[Memory]:
    """Those of the ids that are this person's and live."""
    found = tenant.documents.get_many([memory_path(one) for one in memory_ids])
    memories = [read_memory(one.data) for one in found if one and scope.owns(one.data)]
    return [memory for memory in memories if memory.state is State.LIVE]


def newest_of(scope: Scope, state: State, limit: int, start_after: str | None = None) -> Query:
    """The person's memories in a state, newest first."""
    conditions = (("person_id", "==", scope.person_id), ("state", "==", str(state)))
    return Query("memories", conditions, ("-stated_at",), limit, start_after)


def digest_of(text: str) -> str:
    """Tells whether a vector was made of this text; nothing else is done with it."""
    return hashlib.sha256(text.encode()).hexdigest()
