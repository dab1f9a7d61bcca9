"""What the scribe is asked and what it answers, whoever answers."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from shared.domain.components import Severity, Zone

Doubt = Literal[
    "hedged",
    "no_zone",
    "no_condition",
    "contradiction",
    "praise_doubted",
    "unclear_whose",
    "component_of_sentence_before",
    "unclear_speech",
    "seen_not_said",
    "readers_differ",
    "model_unsure",
]
"""Why a person must decide about a finding."""

Unread = Literal[
    "nothing_recognised",
    "nothing_said",
    "pictures_only",
    "other_language",
    "unclear_speech",
    "too_long",
    "part_not_named",
    "cannot_be_decoded",
    "nobody_could_look",
]
"""Why a person must look at the media itself."""


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True)


class Part(_Frozen):
    """A stored file; the vehicle it should show is told to nobody who reads a VIN in it."""

    key: str
    content_type: str


class InspectionInput(_Frozen):
    """`note` is what the mechanic typed with it."""

    media: Part | None = None
    note: str = ""


class Evidence(_Frozen):
    """`words` were said or typed, `frame` is a picture, `ocr` is writing in one; times are seconds."""

    kind: Literal["words", "frame", "ocr"]
    text: str = ""
    at_seconds: float | None = None


class Finding(_Frozen):
    """One component in one place. A defect with doubts is at least yellow, never green."""

    component: str
    zone: Zone | None
    severity: Severity
    summary: str
    evidence: tuple[Evidence, ...]
    confidence: float = Field(ge=0, le=1)
    doubts: tuple[Doubt, ...] = ()


class VinSeen(_Frozen):
    text: str
    at_seconds: float | None = None


class OdometerSeen(_Frozen):
    miles: int
    text: str
    at_seconds: float | None = None


class Line(_Frozen):
    """Of the transcript; `confidence` of the hearing."""

    text: str
    at_seconds: float | None = None
    confidence: float = 1.0


class Picture(_Frozen):
    """A frame of a video, kept as evidence."""

    at_seconds: float
    sharpness: float
    jpeg: bytes = Field(repr=False)


class Inspection(_Frozen):
    """Everything found in one media. `unread` are reasons for a person to look at it whole."""

    findings: tuple[Finding, ...] = ()
    vins: tuple[VinSeen, ...] = ()
    odometer: OdometerSeen | None = None
    transcript: tuple[Line, ...] = ()
    pictures: tuple[Picture, ...] = ()
    unread: tuple[Unread, ...] = ()
    duration_s: float = 0.0
    model_version: str
