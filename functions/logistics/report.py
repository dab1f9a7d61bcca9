"""What became of the rows: the answer to AppSheet."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from pydantic import BaseModel, Field

from shared.errors import FieldError, InvalidInput

Outcome = Literal["kept", "unchanged", "flagged", "outside", "refused"]
MOST_TOLD = 200


@dataclass(frozen=True)
class Verdict:
    """What became of one row. `line` counts from 1."""

    line: int
    outcome: Outcome
    field: str = ""
    message: str = ""
    row_id: str = ""


class RowReport(BaseModel):
    """A row that was not simply kept, and why."""

    line: int = Field(description="The row's place in the batch, from 1.")
    row_id: str
    outcome: Outcome
    field: str
    message: str


class PositionsReport(BaseModel):
    """Counts of rows: `received` is the sum of the other five."""

    received: int
    kept: int
    unchanged: int = Field(description="Known already, or a later one of the same five seconds is.")
    flagged: int = Field(description="Kept, and not believed while it does not fit the others.")
    outside: int = Field(description="Taken before or after the trip, or in a pause: not kept.")
    refused: int = Field(description="Wrong; what is wrong is said in `rows`.")
    rows: list[RowReport] = Field(description=f"The rows that were not simply kept, the first {MOST_TOLD}.")


def report(verdicts: Sequence[Verdict]) -> PositionsReport:
    """Raises `InvalidInput` when not one row can be used, so that the app's own log shows it."""
    told = sorted((one for one in verdicts if one.message), key=lambda one: one.line)
    if verdicts and all(one.outcome == "refused" for one in verdicts):
        errors = tuple(FieldError(one.field, one.message, one.line) for one in told[:MOST_TOLD])
        raise InvalidInput(f"{told[0].field or 'row'}: {told[0].message}", errors=errors)
    count = Counter(one.outcome for one in verdicts)
    return PositionsReport(
        received=len(verdicts),
        kept=count["kept"],
        unchanged=count["unchanged"],
        flagged=count["flagged"],
        outside=count["outside"],
        refused=count["refused"],
        rows=[RowReport(**vars(one)) for one in told[:MOST_TOLD]],
    )
