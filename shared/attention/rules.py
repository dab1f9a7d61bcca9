"""The rules of attention as `rules.yaml` has them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import time
from functools import lru_cache
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from shared.yaml_file import read_yaml

_FILE = Path(__file__).with_name("rules.yaml")

Way = Literal["sms", "plate", "slack", "digest"]
Asked = Literal["low", "normal", "high", "critical"]
ASKED: tuple[Asked, ...] = ("low", "normal", "high", "critical")


class _Strict(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class ValueRule(_Strict):
    """`per_tenfold` points for every tenfold of `from_usd`, `most` at most."""

    from_usd: float = Field(gt=0)
    per_tenfold: float
    most: float


class DueRule(_Strict):
    at_due: float
    per_hour_past: float
    most: float


class AgeRule(_Strict):
    per_hour: float
    most: float


class UrgencyRule(_Strict):
    asked: Mapping[Asked, float]
    safety: float
    value: ValueRule
    due: DueRule
    age: AgeRule


class Band(_Strict):
    name: str
    at_least: float
    ways: tuple[Way, ...]
    acknowledge_minutes: int | None = None


class Rung(_Strict):
    """One step of the ladder: those addressed, or everybody of the roles."""

    addressed: bool = False
    roles: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _is_somebody(self) -> Rung:
        if self.addressed == bool(self.roles):
            raise ValueError("a rung is either [addressed] or has [roles]")
        return self


class Quiet(_Strict):
    """From `start` to `end` of the day; the same time twice is never."""

    start: time
    end: time


class DigestRule(_Strict):
    at: time
    lines: int


class SlackRule(_Strict):
    channel: str
    by_role: Mapping[str, str]

    def channel_for(self, roles: tuple[str, ...] | list[str]) -> str:
        return next((self.by_role[role] for role in roles if role in self.by_role), self.channel)


class KindRule(_Strict):
    points: float
    words: str
    roles: tuple[str, ...]
    answer_minutes: int | None = None
    at_any_hour: bool = False
    told_is_done: bool = False
    in_chat: bool = True


class Rules(_Strict):
    urgency: UrgencyRule
    bands: tuple[Band, ...] = Field(min_length=1)
    ladder: tuple[Rung, ...] = Field(min_length=1)
    fallback_roles: tuple[str, ...]
    texts_per_day: int = Field(ge=0)
    quiet_hours: Quiet
    digest: DigestRule
    longest_snooze_hours: int
    longest_safety_snooze_hours: int
    people_at_once: int
    slack: SlackRule
    default_kind: KindRule
    kinds: Mapping[str, KindRule]

    @model_validator(mode="after")
    def _bands_fall(self) -> Rules:
        thresholds = [band.at_least for band in self.bands]
        if thresholds != sorted(thresholds, reverse=True):
            raise ValueError("bands: [at_least] falls from one to the next")
        return self

    def kind(self, name: str) -> KindRule:
        return self.kinds.get(name, self.default_kind)

    def ways_of(self, kind: str, band: Band) -> tuple[Way, ...]:
        """The band's, but for the staff's chat where the kind is not for everybody's eyes."""
        return tuple(way for way in band.ways if way != "slack" or self.kind(kind).in_chat)

    def band_of(self, points: float) -> Band:
        """The last one takes whatever the others do not."""
        return next((band for band in self.bands if points >= band.at_least), self.bands[-1])

    def band(self, name: str) -> Band:
        return next(band for band in self.bands if band.name == name)

    def is_above(self, name: str, other: str) -> bool:
        names = [band.name for band in self.bands]
        return names.index(name) < names.index(other)


@lru_cache(maxsize=1)
def attention_rules() -> Rules:
    return Rules.model_validate(read_yaml(_FILE))
