"""The rules of the inbox: shipped in rules.yaml, a dealership's own sections in a document."""

from __future__ import annotations

import re
from datetime import date, time
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Annotated, Any, Literal, get_args

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, model_validator

from shared.observability import log
from shared.ports import Data
from shared.runtime.work import UnitOfWork
from shared.yaml_file import read_yaml

RULES_PATH = "inbox_rules/current"
SHIPPED = Path(__file__).with_name("rules.yaml")

Department = Literal["service", "sales", "parts", "rental", "general"]
DEPARTMENTS: tuple[Department, ...] = get_args(Department)
Weekday = Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]


def _midnight(value: Any) -> Any:
    """A day that ends at its end ends at 24:00, which no clock shows."""
    return time.max if value in ("24:00", "24:00:00") else value


ClockTime = Annotated[time, BeforeValidator(_midnight)]

_STRICT = ConfigDict(frozen=True, extra="forbid")


class DepartmentRule(BaseModel):
    """`minutes` of opening hours until an answer is due."""

    model_config = _STRICT

    label: str
    roles: tuple[str, ...] = Field(min_length=1)
    minutes: Annotated[int, Field(ge=1, le=10_080)]
    words: tuple[str, ...] = ()

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """Every word once, in any order."""
        parts = (_word_pattern(word) for word in sorted(self.words, key=len, reverse=True))
        return re.compile("|".join(parts) or r"(?!)", re.IGNORECASE)


def _word_pattern(word: str) -> str:
    whole = word.startswith("=")
    plain = r"\s+".join(re.escape(part) for part in word.removeprefix("=").split())
    return rf"(?<!\w){plain}" + (r"(?!\w)" if whole else "")


class Choice(BaseModel):
    model_config = _STRICT

    lively_hours: Annotated[float, Field(gt=0)]
    apart_minutes: Annotated[float, Field(ge=0)]
    question_minutes: Annotated[float, Field(gt=0)]
    most_options: Annotated[int, Field(ge=2, le=9)]


class Unanswered(BaseModel):
    model_config = _STRICT

    most_reassignments: Annotated[int, Field(ge=0, le=20)]
    escalate_to: tuple[str, ...]


class Flood(BaseModel):
    model_config = _STRICT

    most: Annotated[int, Field(ge=1)]
    minutes: Annotated[float, Field(gt=0)]
    hold_minutes: Annotated[float, Field(gt=0)]


class InboxRules(BaseModel):
    """`hours` by day of the week as opening and closing time of the dealership's zone."""

    model_config = _STRICT

    departments: dict[Department, DepartmentRule]
    fallback_roles: tuple[str, ...]
    hours: dict[Weekday, tuple[ClockTime, ClockTime]]
    closed_on: frozenset[date] = frozenset()
    choice: Choice
    unanswered: Unanswered
    flood: Flood

    @model_validator(mode="after")
    def _is_possible(self) -> InboxRules:
        if set(self.departments) != set(DEPARTMENTS):
            raise ValueError(f"departments are {', '.join(DEPARTMENTS)}, each once")
        if not self.hours or any(opens >= closes for opens, closes in self.hours.values()):
            raise ValueError("there must be a day with hours, and every day opens before it closes")
        return self


class OwnRules(BaseModel):
    """The sections a dealership has of its own; what is left out is as shipped."""

    model_config = _STRICT

    departments: dict[Department, DepartmentRule] | None = None
    fallback_roles: tuple[str, ...] | None = None
    hours: dict[Weekday, tuple[ClockTime, ClockTime]] | None = None
    closed_on: frozenset[date] | None = None
    choice: Choice | None = None
    unanswered: Unanswered | None = None
    flood: Flood | None = None

    def to_data(self) -> dict[str, Any]:
        return self.model_dump(mode="json", exclude_none=True)


@lru_cache(maxsize=1)
def shipped_rules() -> InboxRules:
    return InboxRules.model_validate(read_yaml(SHIPPED))


@lru_cache(maxsize=64)
def _merged(own: str) -> InboxRules:
    import json

    return InboxRules.model_validate({**read_yaml(SHIPPED), **json.loads(own)})


def rules_of(own: Data | None) -> InboxRules:
    """The dealership's rules; `own` is its document. Raises pydantic's `ValidationError` naming the field."""
    if not own:
        return shipped_rules()
    import json

    return _merged(json.dumps(own, default=str, sort_keys=True))


def read_rules(work: UnitOfWork) -> InboxRules:
    """The dealership's; ours when its document does not hold, for texts have to go on."""
    found = work.get(RULES_PATH)
    try:
        return rules_of(found.data if found else None)
    except ValidationError as error:
        fields = [".".join(map(str, one["loc"])) for one in error.errors()[:3]]
        log("ERROR", "the inbox rules of a dealership do not hold", fields=fields)
        return shipped_rules()
