"""What became of a file of records, row by row: the answer of the intake."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Literal

from pydantic import BaseModel, Field

Outcome = Literal["created", "updated", "unchanged"]

MOST_ERRORS = 200


class RowError(BaseModel):
    """One thing wrong in one row."""

    line: int = Field(
        description="Line the row begins on (CSV: the header is line 1); in an array its place."
    )
    field: str = Field(description="The field, dotted within lines; empty when the row as a whole is meant.")
    message: str = Field(description="What is wrong and what is expected.")


class IntakeReport(BaseModel):
    """Counts of rows: `received` is the sum of the other four."""

    kind: str
    received: int
    created: int
    updated: int
    unchanged: int
    rejected: int
    errors: list[RowError] = Field(description=f"What was wrong, the first {MOST_ERRORS}.")
    errors_left_out: int = Field(0, description="How many errors more there were.")
    ignored_fields: list[str] = Field([], description="Columns that mean nothing here; check their spelling.")


class Tally:
    """Counts rows while a file is taken in."""

    def __init__(self, kind: str) -> None:
        self.kind = kind
        self.outcomes: Counter[Outcome] = Counter()
        self.rejected = 0
        self.errors: list[RowError] = []
        self.errors_left_out = 0

    def accept(self, outcomes: Iterable[Outcome]) -> None:
        self.outcomes.update(outcomes)

    def reject(self, errors: list[RowError]) -> None:
        """One row with its errors."""
        self.rejected += 1
        kept = errors[: max(0, MOST_ERRORS - len(self.errors))]
        self.errors += kept
        self.errors_left_out += len(errors) - len(kept)

    @property
    def received(self) -> int:
        return self.outcomes.total() + self.rejected

    def report(self, ignored: Iterable[str]) -> IntakeReport:
        return IntakeReport(
            kind=self.kind,
            received=self.received,
            created=self.outcomes["created"],
            updated=self.outcomes["updated"],
            unchanged=self.outcomes["unchanged"],
            rejected=self.rejected,
            errors=sorted(self.errors, key=lambda error: error.line),
            errors_left_out=self.errors_left_out,
            ignored_fields=[name[:60] for name in list(ignored)[:50]],
        )
