"""Which vehicle a media shows: the one it was sent for, unless a VIN in the pictures says otherwise."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from shared.brain.inspect_media.writing import holds

VinCheck = Literal[
    "verified",
    "said_by_a_person",
    "not_seen",
    "unclear",
    "read_in_picture",
    "mismatch",
    "no_vehicle",
]

LEAST_ALIKE = 12
"""Of 17 characters: a VIN read through glass loses a few; another vehicle's differs in more."""


@dataclass(frozen=True)
class Car:
    """`vin` is None when nothing may be written to any vehicle; `seen` is what the pictures say."""

    vin: str | None
    check: VinCheck
    seen: str = ""


def decide_car(
    expected: str | None, seen: Sequence[str], *, said_by_a_person: bool, known: frozenset[str]
) -> Car:
    """`known` are those of `seen` that the dealership has a record of.

    A VIN whose check digit holds and that is another one stops the writing. So does one that cannot be mended
    and is not even alike: then a person looks at the plate.
    """
    first = next((vin for vin in seen if holds(vin)), seen[0] if seen else "")
    if expected is None:
        readable = [vin for vin in seen if vin in known]
        return (
            Car(readable[0], "read_in_picture", readable[0])
            if len(readable) == 1
            else Car(None, "no_vehicle", first)
        )
    if said_by_a_person:
        return Car(expected, "said_by_a_person", first)
    if expected in seen:
        return Car(expected, "verified", expected)
    others = [vin for vin in seen if holds(vin) or _alike(vin, expected) < LEAST_ALIKE]
    if others:
        return Car(None, "mismatch", others[0])
    return Car(expected, "unclear" if seen else "not_seen", first)


def _alike(one: str, other: str) -> int:
    return sum(a == b for a, b in zip(one, other, strict=False))
