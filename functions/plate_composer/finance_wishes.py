"""How a person wants their money charts: as this message says, else as they said once for all."""

from __future__ import annotations

import re
from dataclasses import dataclass

from functions.plate_composer.asked import Asked, Period
from functions.plate_composer.chart_periods import period_starts
from functions.plate_composer.plate import MOST_ROWS
from shared.memory.preferences import preference_kinds, value_said

BUCKET, LANE = "finance.bucket", "finance.lane"
ALL_LANES = re.compile(
    r"\b(?:(?:all|every|each|both|other|any|by|per) (?:the )?(?:lanes?|departments?|business lines?)|lanes|"
    r"overall|(?:whole|entire) (?:company|dealership|business)|company[- ]wide|everything)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Wishes:
    """`bucket` is None where the period decides; `lane` is empty or the one parameter of the queries; `note`
    says what was applied that the message did not say."""

    bucket: str | None
    lane: dict[str, str]
    note: str


def stated_wishes(asked: Asked, period: Period) -> Wishes:
    """A stated preference never narrows what the message asks for in so many words."""
    notes = list[str]()
    said = value_said(BUCKET, asked.said)
    bucket = said or asked.preferences.get(BUCKET)
    if bucket and len(period_starts(period.start, period.end, bucket)) > MOST_ROWS:
        notes.append(f"The period is too long to be grouped by {bucket}.")
        bucket = None
    elif bucket and not said:
        notes.append(preference_kinds()[BUCKET].applied.format(value=bucket))
    lane = _preferred_lane(asked)
    if lane:
        notes.append(preference_kinds()[LANE].applied.format(value=lane))
    return Wishes(bucket, {"lane": lane} if lane else {}, " ".join(notes))


def _preferred_lane(asked: Asked) -> str | None:
    """Not where the message names a lane, all of them, or a category, which may be of any."""
    if asked.text("lane") or asked.text("category") or ALL_LANES.search(asked.said):
        return None
    return asked.preferences.get(LANE)
