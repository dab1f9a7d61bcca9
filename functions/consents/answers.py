"""What is asked and answered about consent."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints

from shared.domain.phone import parse_phone
from shared.ports import Data, Document

Topic = Literal["service", "sales", "marketing"]
Phone = Annotated[
    str,
    StringConstraints(strip_whitespace=True, max_length=40),
    AfterValidator(lambda text: parse_phone(text)),
    Field(description="E.164, or a number of the US without its country code."),
]
Topics = Annotated[tuple[Topic, ...], Field(max_length=3)]


class Whose(BaseModel):
    """The number in the body: an address of a page is logged on its way."""

    model_config = ConfigDict(extra="forbid")

    phone: Phone


class Said(BaseModel):
    """`topics` empty: all texts; a permission for all leaves out advertising, which is agreed to by name."""

    model_config = ConfigDict(extra="forbid")

    phone: Phone
    state: Literal["granted", "denied"]
    topics: Topics = ()
    note: Annotated[str, StringConstraints(strip_whitespace=True, min_length=3, max_length=500)] = Field(
        description="How it was said, e.g. `signed the form at the counter`: the proof of it."
    )


class Review(BaseModel):
    model_config = ConfigDict(extra="forbid")

    refused: bool
    topics: Topics = ()


class Change(BaseModel):
    """One change: `words` are the part of the customer's text that said it, `confidence` how surely."""

    change_id: str
    phone: str
    kind: str
    words: str
    note: str
    confidence: float
    text_sid: str
    before: str
    after: str
    topics: tuple[str, ...]
    changed_at: datetime
    review: str


class Changes(BaseModel):
    changes: list[Change]


class NumberConsent(BaseModel):
    """What holds now; `evidence` are the last changes, newest last."""

    phone: str
    state: str
    topics: dict[str, str] = Field(default_factory=dict)
    evidence: list[dict[str, Any]] = Field(default_factory=list)


def change_of(data: Data) -> Change:
    evidence = data["evidence"]
    return Change(
        change_id=data["change_id"],
        phone=data["phone"],
        kind=evidence["kind"],
        words=evidence["words"],
        note=evidence["note"],
        confidence=evidence["confidence"],
        text_sid=evidence["text_sid"],
        before=data["before"]["state"],
        after=data["after"]["state"],
        topics=tuple(data["topics"]),
        changed_at=data["changed_at"],
        review=data["review"],
    )


def number_of(phone: str, document: Document | None) -> NumberConsent:
    """Of a number nobody said anything about, `unknown`."""
    if document is None:
        return NumberConsent(phone=phone, state="unknown")
    said = document.data
    return NumberConsent(phone=phone, state=said["state"], topics=said["topics"], evidence=said["evidence"])
