"""What each purpose of a text asks before it goes, from purposes.yaml."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from shared.texting.request import Purpose
from shared.yaml_file import read_yaml

Asked = Literal["nobody_asked", "not_refused", "granted"]
Hours = Literal["always", "recipient", "solicitation", "unless_asked"]


class Limit(BaseModel):
    """At most `count` in any `hours` hours in a row."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    count: int = Field(ge=1)
    hours: float = Field(gt=0)


class PurposeRule(BaseModel):
    """The words are explained in purposes.yaml."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    consent: Asked
    topic: Literal["", "service", "sales", "marketing"]
    hours: Hours
    asked_minutes: int = Field(0, ge=0)
    limits: tuple[Limit, ...] = Field(min_length=1)
    over: Literal["defer", "refuse"]
    keep_hours: float = Field(gt=0)
    tell: bool
    forget: bool = False


@lru_cache(maxsize=1)
def purpose_rules() -> dict[Purpose, PurposeRule]:
    """Raises `ValueError` for a purpose without rules, or rules without a purpose."""
    written = read_yaml(Path(__file__).with_name("purposes.yaml"))
    if set(written) != set(Purpose):
        raise ValueError(f"purposes.yaml: [{set(written) ^ set(Purpose)}] stands on one side alone")
    return {Purpose(name): PurposeRule.model_validate(rule) for name, rule in written.items()}
