"""What can be wrong with a vehicle: components, their zones and the operations that mend them.

`components.yaml` is the one list; findings, flags, quotes and plates speak in its ids.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from shared.errors import Misconfigured
from shared.yaml_file import read_yaml

COMPONENTS_FILE = Path(__file__).parent / "components.yaml"

Zone = Literal[
    "front_left",
    "front_right",
    "rear_left",
    "rear_right",
    "front",
    "rear",
    "left",
    "right",
    "roof",
    "interior",
    "underbody",
    "engine_bay",
    "whole",
]
Severity = Literal["red", "yellow", "green"]
SEVERITIES: tuple[Severity, ...] = ("red", "yellow", "green")
"""Worst first."""


class Operation(BaseModel):
    """Work that can be priced; the price is for one `each`, an `axle`, or the `vehicle`."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    title: str
    per: Literal["each", "axle", "vehicle"]


class Component(BaseModel):
    """One component. `operations` begins with the usual one; `safety`: a red flag on it is dangerous."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str = Field(pattern=r"^[a-z][a-z_]*$")
    title: str
    system: str
    safety: bool
    zones: tuple[Zone, ...] = Field(min_length=1)
    words: tuple[str, ...] = Field(min_length=1)
    operations: tuple[str, ...] = Field(min_length=1)

    @property
    def only_zone(self) -> Zone | None:
        """Where it always is, if there is one place only."""
        return self.zones[0] if len(self.zones) == 1 else None


class Catalogue(BaseModel):
    """The whole list. `component(id)` and `operation(code)` raise `KeyError` for a word it has not."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    version: int
    zones: dict[Zone, str]
    components: dict[str, Component]
    operations: dict[str, Operation]

    @model_validator(mode="after")
    def _holds_together(self) -> Catalogue:
        for component in self.components.values():
            unknown = [code for code in component.operations if code not in self.operations]
            if unknown:
                raise ValueError(f"component [{component.id}] names the unknown operation [{unknown[0]}]")
        used = {code for component in self.components.values() for code in component.operations}
        if unused := sorted(self.operations.keys() - used):
            raise ValueError(f"operation [{unused[0]}] mends no component")
        words = [word for component in self.components.values() for word in component.words]
        if doubled := sorted({word for word in words if words.count(word) > 1}):
            raise ValueError(f"the word [{doubled[0]}] names two components")
        return self

    def component(self, name: str) -> Component:
        return self.components[name]

    def operation(self, code: str) -> Operation:
        return self.operations[code]


@lru_cache(maxsize=1)
def catalogue(path: Path = COMPONENTS_FILE) -> Catalogue:
    """The product's list. Raises `Misconfigured` naming the field."""
    try:
        return Catalogue.model_validate(_spelled_out(read_yaml(path)))
    except ValidationError as error:
        first = error.errors()[0]
        field = ".".join(str(part) for part in first["loc"])
        raise Misconfigured(f"{path.name} field [{field}]: {first['msg']}") from error


def _spelled_out(content: dict[str, Any]) -> dict[str, Any]:
    sets = content.pop("zone_sets")
    ids = [component["id"] for component in content["components"]]
    if len(set(ids)) != len(ids):
        raise Misconfigured(f"{COMPONENTS_FILE.name}: a component id stands twice")
    for component in content["components"]:
        if isinstance(component["zones"], str):
            component["zones"] = sets[component["zones"]]
    return {**content, "components": {component["id"]: component for component in content["components"]}}
