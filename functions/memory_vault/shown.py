"""What a person sees of their memories."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from pydantic import BaseModel, Field, StringConstraints, field_validator

from shared.memory.forget import Receipt
from shared.memory.memory import MAX_TEXT, Memory, State, TypedPreference
from shared.memory.recall import Recall
from shared.runtime.inject import QueryModel

Words = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=MAX_TEXT)]
Subject = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)*$", max_length=80)]


def _readable(text: str) -> str:
    if "\x00" in text:
        raise ValueError("a NUL character cannot be read; send text")
    return text


class NewMemory(BaseModel):
    """`text` of 1 to 1,000 characters. `subject` names what it is about, such as `coffee` or
    `finance.bucket`: a later one of the same subject replaces it; without it the text tells. `user_id` may
    name oneself."""

    text: Words
    subject: Subject | None = None
    user_id: str | None = None

    _text = field_validator("text")(_readable)


class Question(QueryModel):
    """`q` of 1 to 1,000 characters; at most `k` memories, 1 to 50."""

    q: Words
    k: int = Field(5, ge=1, le=50)

    _text = field_validator("q")(_readable)


class Page(QueryModel):
    """`state` is `live` or `superseded`; `after` the id of the last memory of the page before."""

    state: State = State.LIVE
    limit: int = Field(50, ge=1, le=100)
    after: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9_.:-]{0,127}$")] | None = None


class ShownMemory(BaseModel):
    """`supersedes` and `superseded_by` are ids of memories, empty where there is none."""

    memory_id: str
    text: str
    state: State
    subject: str
    preference: TypedPreference | None
    stated_at: datetime
    channel: str
    supersedes: str
    superseded_by: str
    superseded_at: datetime | None


class Stored(BaseModel):
    """`superseded` is the memory that went into history; not `is_new` is one that stood here word for
    word."""

    memory: ShownMemory
    superseded: ShownMemory | None
    is_new: bool


class FoundMemory(BaseModel):
    """`score` is 0 to 1 among the person's memories; `words` the share of the question's words that occur,
    `similarity` the cosine of the meanings, null without a vector."""

    memory_id: str
    text: str
    score: float
    words: float
    similarity: float | None
    age_seconds: int
    stated_at: datetime


class Context(BaseModel):
    """Best first. Not `by_meaning` says that words alone decided, because no vector could be had."""

    memories: list[FoundMemory]
    searched: int
    by_meaning: bool


class Memories(BaseModel):
    """`next` is the id to ask the next page after, null on the last."""

    memories: list[ShownMemory]
    next: str | None


class History(BaseModel):
    """The memory and what it replaced, newest first."""

    versions: list[ShownMemory]


class AppliedPreference(BaseModel):
    key: str
    value: str
    memory_id: str
    stated_at: datetime


class Preferences(BaseModel):
    preferences: list[AppliedPreference]


class Deleted(BaseModel):
    """What was deleted, and what was left of it when both stores were read back at `verified_at`."""

    memory_ids: tuple[str, ...]
    documents_left: int
    vectors_left: int
    verified_at: datetime


def shown(memory: Memory) -> ShownMemory:
    return ShownMemory.model_validate(memory.model_dump(include=set(ShownMemory.model_fields)))


def as_context(found: Recall) -> Context:
    memories = [
        FoundMemory(
            memory_id=one.memory.memory_id,
            text=one.memory.text,
            score=one.score,
            words=one.words,
            similarity=None if one.similarity is None else round(one.similarity, 4),
            age_seconds=one.age_seconds,
            stated_at=one.memory.stated_at,
        )
        for one in found.found
    ]
    return Context(memories=memories, searched=found.searched, by_meaning=found.by_meaning)


def as_deleted(receipt: Receipt) -> Deleted:
    return Deleted(
        memory_ids=receipt.memory_ids,
        documents_left=receipt.documents_left,
        vectors_left=receipt.vectors_left,
        verified_at=receipt.verified_at,
    )
