"""What each primitive's state is, from the capabilities there are and what is wrong with them."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, TypeAdapter

from shared.yaml_file import read_yaml

HERE = Path(__file__).parent

Status = Literal["active", "degraded", "planned"]


class Primitive(BaseModel):
    """A part of the product by the name people know: the capabilities whose manifests say it, and those of
    `made_of`, which belong to another one as well."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    requirement: str
    made_of: tuple[str, ...] = ()


class Capability(BaseModel):
    """What a manifest says of a capability."""

    model_config = ConfigDict(frozen=True)

    name: str
    primitive: str
    kind: str
    meaning: str
    ports: tuple[str, ...]


class PrimitiveState(BaseModel):
    """`reasons` say why it is degraded; only those who are known see them."""

    name: str
    status: Status
    requirement: str
    meaning: str
    capabilities: tuple[str, ...]
    reasons: tuple[str, ...] = ()


@lru_cache(maxsize=1)
def known_primitives() -> tuple[Primitive, ...]:
    content = read_yaml(HERE / "primitives.yaml")
    return TypeAdapter(tuple[Primitive, ...]).validate_python(content)


@lru_cache(maxsize=1)
def capabilities() -> tuple[Capability, ...]:
    """Every capability of the product, as derived from the manifests when it was built."""
    content = json.loads((HERE / "derived" / "capabilities.json").read_text(encoding="utf-8"))
    return TypeAdapter(tuple[Capability, ...]).validate_python(content)


def states(
    primitives: Sequence[Primitive], known: Sequence[Capability], troubles: Mapping[str, Sequence[str]]
) -> list[PrimitiveState]:
    """The listed primitives, then those that only a manifest names. `troubles` are reasons by capability."""
    by_name = {capability.name: capability for capability in known}
    claimed: dict[str, list[str]] = {}
    for capability in known:
        claimed.setdefault(capability.primitive, []).append(capability.name)
    listed = {primitive.name: primitive for primitive in primitives}
    others = [Primitive(name=name, requirement="") for name in sorted(claimed) if name not in listed]
    return [
        _state(primitive, _parts(primitive, claimed), by_name, troubles)
        for primitive in (*primitives, *others)
    ]


def _parts(primitive: Primitive, claimed: Mapping[str, Sequence[str]]) -> list[str]:
    return list(dict.fromkeys((*claimed.get(primitive.name, ()), *primitive.made_of)))


def _state(
    primitive: Primitive,
    made_of: Sequence[str],
    by_name: Mapping[str, Capability],
    troubles: Mapping[str, Sequence[str]],
) -> PrimitiveState:
    built = [name for name in made_of if name in by_name]
    reasons = tuple(f"{name}: {reason}" for name in built for reason in troubles.get(name, ()))
    is_whole = bool(built) and len(built) == len(made_of)
    return PrimitiveState(
        name=primitive.name,
        status="planned" if not is_whole else "degraded" if reasons else "active",
        requirement=primitive.requirement,
        meaning=" ".join(by_name[name].meaning for name in built),
        capabilities=tuple(built),
        reasons=reasons,
    )
