"""At which hours and how often alerts may be texted to a person."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, Field, model_validator

from shared.attention.day import local_day, zone_of
from shared.attention.people import budget_path, preferences_path
from shared.attention.rules import attention_rules
from shared.runtime.work import UnitOfWork

Clock = Annotated[str, Field(pattern=r"^([01]\d|2[0-3]):[0-5]\d$")]


class Preferences(BaseModel):
    """Quiet hours in the dealership's time zone, e.g. `22:00` to `06:30`; the same time twice: never quiet.
    What is left out goes back to the house's rule."""

    quiet_start: Clock | None = None
    quiet_end: Clock | None = None
    texts_per_day: Annotated[int, Field(ge=0, le=100)] | None = None

    @model_validator(mode="after")
    def _is_a_span(self) -> Preferences:
        if (self.quiet_start is None) != (self.quiet_end is None):
            raise ValueError("quiet_start and quiet_end go together")
        return self


class PreferencesView(BaseModel):
    """What holds: own words, else the house's rule; `own` names what the person said."""

    quiet_start: str
    quiet_end: str
    texts_per_day: int
    texts_today: int
    own: list[str]


def kept(work: UnitOfWork, staff_id: str, wanted: Preferences) -> None:
    said = wanted.model_dump(exclude_none=True)
    path = preferences_path(staff_id)
    work.get(path)
    work.put(path, {**said, "staff_id": staff_id, "updated_at": work.now})
    work.audit("attention.preferences_set", subject=path, detail={"own": sorted(said)})


def view_of_preferences(work: UnitOfWork, staff_id: str) -> PreferencesView:
    rules, today = attention_rules(), local_day(work.now, zone_of(work))
    own, budget = work.get_many([preferences_path(staff_id), budget_path(staff_id, today)])
    said = {name: own.data[name] for name in Preferences.model_fields if own and name in own.data}
    house = {
        "quiet_start": f"{rules.quiet_hours.start:%H:%M}",
        "quiet_end": f"{rules.quiet_hours.end:%H:%M}",
        "texts_per_day": rules.texts_per_day,
    }
    texts_today = budget.data["texts"] if budget else 0
    return PreferencesView(**{**house, **said}, texts_today=texts_today, own=sorted(said))
