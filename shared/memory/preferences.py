"""Preferences that capabilities apply, read from what a person says and kept in `preferences/{person}`.

A figure is never taken from here: a preference chooses among the ways a plate can be made, no more.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, TypeAdapter, field_validator

from shared.memory.memory import TypedPreference
from shared.ports import Data, Scope
from shared.yaml_file import read_yaml

_FILE = Path(__file__).with_name("preferences.yaml")


class PreferenceKind(BaseModel):
    """One line of `preferences.yaml`."""

    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=True)

    sets: str
    clears: str
    applied: str
    ask_next: str
    about: re.Pattern[str]
    verbs: re.Pattern[str]
    not_about: re.Pattern[str]
    values: dict[str, re.Pattern[str]]

    @field_validator("about", "verbs", "not_about", mode="before")
    @classmethod
    def _compiled(cls, pattern: str) -> re.Pattern[str]:
        return _pattern(pattern)

    @field_validator("values", mode="before")
    @classmethod
    def _all_compiled(cls, values: Mapping[str, str]) -> dict[str, re.Pattern[str]]:
        return {value: _pattern(pattern) for value, pattern in values.items()}

    def value_in(self, text: str) -> str | None:
        """The one value that is named; None when none is, or several are."""
        named = [value for value, pattern in self.values.items() if pattern.search(text)]
        return named[0] if len(named) == 1 else None

    def is_valued(self, text: str) -> bool:
        """One or several of its values are named."""
        return any(pattern.search(text) for pattern in self.values.values())

    def is_subject_of(self, text: str) -> bool:
        is_said = self.about.search(text) or self.verbs.search(text)
        return bool(is_said) and not self.not_about.search(text)


def _pattern(text: str) -> re.Pattern[str]:
    alternatives = re.sub(r"\|\s+", "|", text)
    return re.compile(rf"\b(?:{alternatives})\b", re.IGNORECASE)


@lru_cache(maxsize=1)
def preference_kinds() -> Mapping[str, PreferenceKind]:
    """By key."""
    return TypeAdapter(dict[str, PreferenceKind]).validate_python(read_yaml(_FILE))


def typed_preference(text: str) -> TypedPreference | None:
    """What a capability can apply of a stated preference: "margin reports grouped by week"."""
    for key, kind in preference_kinds().items():
        value = kind.value_in(text)
        if value and kind.is_subject_of(text):
            return TypedPreference(key=key, value=value)
    return None


def subject_of_preference(text: str) -> str | None:
    """The key that is spoken of, with or without a value: "stop grouping the reports"."""
    found = typed_preference(text)
    if found:
        return found.key
    spoken = ((key, kind) for key, kind in preference_kinds().items() if kind.is_subject_of(text))
    return next((key for key, kind in spoken if kind.verbs.search(text) or kind.is_valued(text)), None)


def value_said(key: str, text: str) -> str | None:
    """The value a single question asks for: "Lane A by week" wants weeks this once."""
    return preference_kinds()[key].value_in(text)


def preference_path(scope: Scope) -> str:
    return f"preferences/{scope.person_key}"


def with_preference(known: Data | None, set_to: TypedPreference, *, memory_id: str, at: datetime) -> Data:
    """The document once a preference is stated."""
    values = {**((known or {}).get("values") or {})}
    values[set_to.key.replace(".", "_")] = {
        "key": set_to.key,
        "value": set_to.value,
        "memory_id": memory_id,
        "stated_at": at,
    }
    return {"values": values, "updated_at": at}


def without_memories(known: Data, memory_ids: Collection[str], *, at: datetime) -> Data | None:
    """The document once memories are gone; None when it says the same without them."""
    values: Mapping[str, Any] = known.get("values") or {}
    left = {name: one for name, one in values.items() if one["memory_id"] not in memory_ids}
    return None if left == values else {"values": left, "updated_at": at}


def chosen(known: Data | None, keys: Collection[str]) -> dict[str, str]:
    """The values of the keys the person has stated, of those there still are."""
    values: Mapping[str, Any] = (known or {}).get("values") or {}
    stated = {str(one["key"]): str(one["value"]) for one in values.values()}
    kinds = preference_kinds()
    return {key: stated[key] for key in keys if key in stated and stated[key] in kinds[key].values}
