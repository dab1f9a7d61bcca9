"""What a customer sends to decide: each line's choice with its reason, the code, the signature."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, field_validator

from functions.quotes.line import Line
from functions.quotes.verify_receipt import canonical
from shared.domain.field_types import Money
from shared.errors import FieldError, InvalidInput

Choice = Literal["approve", "decline", "defer"]

MOST_STROKES, MOST_POINTS, EXTENT = 60, 1500, 1000
LEAST_INK = 40
"""Of a pad that is 1000 wide: a dot or a slip of the finger is no signature."""

Words = Annotated[
    str,
    StringConstraints(
        strip_whitespace=True, min_length=2, max_length=500, pattern=r"^[^\x00-\x08\x0b-\x1f\x7f]+$"
    ),
]
Name = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=2, max_length=120, pattern=r"^[^\x00-\x1f\x7f]+$"),
]


class _Sent(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class LineChoice(_Sent):
    """`reason` is needed to decline and to put off."""

    line_id: Annotated[str, StringConstraints(min_length=1, max_length=200)]
    decision: Choice
    reason: Words | None = None


class Stroke(_Sent):
    """One movement of the pen: x1, y1, x2, y2, …, whole numbers from 0 to 1000 of the pad's width."""

    points: Annotated[
        list[Annotated[int, Field(ge=0, le=EXTENT)]], Field(min_length=4, max_length=2 * MOST_POINTS)
    ]

    @field_validator("points")
    @classmethod
    def _pairs(cls, value: list[int]) -> list[int]:
        if len(value) % 2:
            raise ValueError("points are x and y in turn, so an even number of them")
        return value


class Signature(_Sent):
    """The typed name and what was drawn."""

    name: Name
    strokes: Annotated[list[Stroke], Field(min_length=1, max_length=MOST_STROKES)]

    @field_validator("strokes")
    @classmethod
    def _is_drawn(cls, value: list[Stroke]) -> list[Stroke]:
        if sum(len(stroke.points) for stroke in value) > 2 * MOST_POINTS:
            raise ValueError(f"a signature has {MOST_POINTS} points at most")
        if sum(_length(stroke.points) for stroke in value) < LEAST_INK:
            raise ValueError("the signature is only a dot; draw it with the finger")
        return value


class DecisionRequest(_Sent):
    """`version` is the one that was shown. `approved_total_usd`, when sent, must be the total of what is
    approved, tax included: nobody signs another sum than they read."""

    version: Annotated[int, Field(ge=1)]
    code: Annotated[str, StringConstraints(pattern=r"^[0-9]{6}$")]
    lines: Annotated[list[LineChoice], Field(min_length=1, max_length=200)]
    signature: Signature
    approved_total_usd: Money | None = None

    def digest(self) -> str:
        """The same decision sent again is known by it."""
        return hashlib.sha256(canonical(self.model_dump(mode="json"))).hexdigest()


def choices_for(lines: Sequence[Line], sent: Sequence[LineChoice]) -> Mapping[str, LineChoice]:
    """Line id → choice. Raises `InvalidInput` naming lines that are missing, doubled, foreign or without a
    reason: a quote is decided whole."""
    known = [line.line_id for line in lines]
    found: dict[str, LineChoice] = {}
    errors: list[FieldError] = []
    for place, choice in enumerate(sent):
        if problem := _problem(choice, known, found):
            errors.append(FieldError(f"lines.{place}", problem))
        found.setdefault(choice.line_id, choice)
    errors += [FieldError("lines", f"[{one}] has no decision") for one in known if one not in found]
    if errors:
        raise InvalidInput("the decision does not fit the quote", errors=tuple(errors))
    return found


def _problem(choice: LineChoice, known: Sequence[str], found: Mapping[str, Any]) -> str:
    if choice.line_id not in known:
        return f"[{choice.line_id[:60]}] is no line of this quote"
    if choice.line_id in found:
        return f"[{choice.line_id}] is decided twice"
    if choice.decision != "approve" and not choice.reason:
        return f"a [reason] is needed to {choice.decision} [{choice.line_id}]"
    return ""


def _length(points: Sequence[int]) -> float:
    pairs = list(zip(points[::2], points[1::2], strict=True))
    return sum(float(((x2 - x1) ** 2 + (y2 - y1) ** 2) ** 0.5) for (x1, y1), (x2, y2) in pairwise(pairs))
