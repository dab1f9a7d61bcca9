"""What one may ask next: example questions that go with a plate, by its kind and never by a model."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, TypeAdapter

from functions.plate_composer.plate_kinds import kinds_by_intent
from shared.yaml_file import read_yaml

MOST = 3
_FILE = Path(__file__).with_name("follow_ups.yaml")


class FollowUp(BaseModel):
    """`intent` is that of the plate that answers; one with the filters `unless` has answered it already."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    say: str
    intent: str
    unless: dict[str, str] = {}

    def is_answered_by(self, filters: Mapping[str, Any], said: str) -> bool:
        is_shown = bool(self.unless) and self.unless.items() <= {**filters}.items()
        return is_shown or self.say == said.strip()


def follow_ups(plate_id: str, filters: Mapping[str, Any], *, said: str, roles: Collection[str]) -> list[str]:
    """At most three, without what the plate shows already and what the person may not see.

    A plate that lists several things, such as the deals of CRM_CARD, has questions for each `subject`.
    """
    by_plate = follow_ups_by_plate()
    known = by_plate.get(f"{plate_id}/{filters.get('subject')}") or by_plate.get(plate_id, ())
    kinds = kinds_by_intent()
    fitting = (one for one in known if not one.is_answered_by(filters, said))
    return [one.say for one in fitting if kinds[one.intent].is_for(roles)][:MOST]


@lru_cache(maxsize=1)
def follow_ups_by_plate() -> Mapping[str, tuple[FollowUp, ...]]:
    """Plate id, or plate id and subject parted by `/` → its questions."""
    return TypeAdapter(dict[str, tuple[FollowUp, ...]]).validate_python(read_yaml(_FILE))
