"""The plates there are, as `plates.yaml` says: which intent each answers and who may see it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from functools import lru_cache
from pathlib import Path

from pydantic import BaseModel, ConfigDict, TypeAdapter

from shared.yaml_file import read_yaml

_FILE = Path(__file__).with_name("plates.yaml")


class PlateKind(BaseModel):
    """One kind of plate. Without `roles` everybody who is signed in may see it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    plate_id: str
    intent: str
    name: str
    roles: tuple[str, ...]
    shows: str
    narrows_by: frozenset[str] = frozenset()
    preferences: tuple[str, ...] = ()
    """Keys of the stated preferences that its composer applies."""
    examples: tuple[str, ...]

    def is_for(self, roles: Collection[str]) -> bool:
        return not self.roles or bool(set(self.roles) & set(roles))


@lru_cache(maxsize=1)
def plate_kinds() -> tuple[PlateKind, ...]:
    return TypeAdapter(tuple[PlateKind, ...]).validate_python(read_yaml(_FILE))


@lru_cache(maxsize=1)
def kinds_by_intent() -> Mapping[str, PlateKind]:
    return {kind.intent: kind for kind in plate_kinds()}


def kinds_for(roles: Collection[str]) -> tuple[PlateKind, ...]:
    """What somebody with these roles can ask for."""
    return tuple(kind for kind in plate_kinds() if kind.examples and kind.is_for(roles))
