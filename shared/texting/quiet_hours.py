"""When a recipient may be texted: inside the hours of every zone and state that come into question."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, time, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Literal
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict, Field

from shared.texting.places import Whereabouts
from shared.texting.rules import Limit
from shared.yaml_file import read_yaml

Span = tuple[int, int]
Day = Span | Literal["closed"]

DAYS_AHEAD = 9
"""Beyond any closed day: where nothing fits within it, nothing ever does."""
_SATURDAY, _SUNDAY = 5, 6


class StateHours(BaseModel):
    """Hours of the local day, [from, until); a day that is not named is like every other."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    every_day: tuple[int, int]
    saturday: Day | None = None
    sunday: Day | None = None
    most: Limit | None = None

    def on(self, weekday: int) -> Day:
        own = {_SATURDAY: self.saturday, _SUNDAY: self.sunday}.get(weekday)
        return self.every_day if own is None else own


class HoursTable(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    everywhere: StateHours
    states: dict[str, StateHours] = Field(default_factory=dict)


@lru_cache(maxsize=1)
def hours_table() -> HoursTable:
    return HoursTable.model_validate(read_yaml(Path(__file__).with_name("hours.yaml")))


def is_allowed(moment: datetime, where: Whereabouts, *, solicitation: bool) -> bool:
    """Whether the moment (UTC) lies inside the hours of every zone for every state's rules."""
    return all(_fits(moment, zone, _rules(where), solicitation) for zone in where.zones)


def next_allowed(moment: datetime, where: Whereabouts, *, solicitation: bool) -> datetime | None:
    """The first moment from then on that is allowed, UTC; None where the zones have no hour in common."""
    moments = {moment, *_openings(moment, where)}
    allowed = (one for one in sorted(moments) if one >= moment)
    return next((one for one in allowed if is_allowed(one, where, solicitation=solicitation)), None)


def solicitation_limits(where: Whereabouts) -> tuple[Limit, ...]:
    """What the states say of how often."""
    return tuple(rules.most for rules in _rules(where) if rules.most)


def _rules(where: Whereabouts) -> list[StateHours]:
    table = hours_table()
    return [table.everywhere, *(table.states[state] for state in where.states if state in table.states)]


def _fits(moment: datetime, zone: str, rules: Sequence[StateHours], solicitation: bool) -> bool:
    local = moment.astimezone(ZoneInfo(zone))
    return all(_is_inside(local, _span(one, local.weekday(), solicitation)) for one in rules)


def _span(rules: StateHours, weekday: int, solicitation: bool) -> Span | None:
    day = rules.on(weekday)
    if day != "closed":
        return day
    return None if solicitation else hours_table().everywhere.every_day


def _is_inside(local: datetime, span: Span | None) -> bool:
    return span is not None and span[0] <= local.hour < span[1]


def _openings(moment: datetime, where: Whereabouts) -> Iterable[datetime]:
    """Every time a span begins in some zone: the next allowed moment is now or one of them."""
    hours = {day[0] for rules in _rules(where) for day in _days(rules) if day != "closed"}
    for zone in where.zones:
        today = moment.astimezone(ZoneInfo(zone)).date()
        for ahead in range(DAYS_AHEAD):
            for hour in hours:
                opening = datetime.combine(today + timedelta(days=ahead), time(hour), ZoneInfo(zone))
                yield opening.astimezone(UTC)


def _days(rules: StateHours) -> list[Day]:
    return [rules.on(weekday) for weekday in range(7)]


def shown(where: Whereabouts) -> Mapping[str, object]:
    """As it stands in a decision."""
    return {"zones": list(where.zones), "states": list(where.states), "known_by": where.known_by}
