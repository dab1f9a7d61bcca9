"""What a number says of a component.

Pads: new ones have 10-12 mm; at 2 mm and less they are replaced at once, at 3-4 mm soon. Tires: 2/32 inch is
the legal end (49 CFR 393.75 for commercial vehicles, most states for all), 4/32 the one advised for rain.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from shared.domain.components import Severity

_MEASURE = re.compile(
    r"(?<![\w.])(\d+(?:\.\d+)?)(?: (?:to|or) \d+(?:\.\d+)?)? ?(/32|millimeters?|psi|pounds|percent|volts?)\b"
)
_ROW = re.compile(r"(?<![\w.])((?:\d+(?:\.\d+)? ){1,4})\d+(?:\.\d+)? ?(/32|millimeters?)\b")
"""`6 5 6 2/32`: a wheel each, and the unit is said once."""

_OUT_OF = re.compile(r"\b(\d+) (?:(?:cca|amps|cold cranking amps),? )?(?:out of|of|rated) (?:a |at )?(\d+)\b")
_BARE = re.compile(
    r"\b(?:at|to|are|is|have|has|got|about|only) (?:a )?(\d+(?:\.\d+)?)"
    r"(?=$|[ ,]*$| (?:all|up|in|on|front|rear|left|right|each|both|across|now)\b)"
    r"|\b(?:pads?|tires?|tread|shoes?|brakes?) (\d+)$"
)

_BESIDE_A_PLACE = re.compile(
    r"\b(?:front|rear|fronts|rears|left|right) (?!1\b)(\d+)(?=$| (?:front|rear|left|right|tires?|pads?|on)\b)"
    r"|(?<![/.])\b(\d+) (?:up |in the |on the |out )?(?:front|rear|back)(?=$| \d)"
)
_CORRECTED = re.compile(r"^(\d+(?:\.\d+)?)$")

_BARE_UNITS = {"brake_pad": "millimeters", "brakes": "millimeters", "tire": "/32"}

_LIMITS: dict[tuple[str, str], tuple[float, float]] = {
    ("brake_pad", "millimeters"): (2, 4),
    ("brakes", "millimeters"): (2, 4),
    ("brake_drum", "millimeters"): (1, 2),
    ("brake_pad", "/32"): (2, 5),
    ("brakes", "/32"): (2, 5),
    ("brake_pad", "percent"): (10, 30),
    ("brakes", "percent"): (10, 30),
    ("tire", "/32"): (2, 4),
    ("tire", "percent"): (10, 30),
    ("tire", "millimeters"): (1.6, 3.2),
    ("tire", "psi"): (15, 27),
    ("battery", "volts"): (11.8, 12.3),
    ("battery", "percent"): (40, 70),
    ("alternator", "volts"): (13.0, 13.2),
}
"""Component and unit → red up to, yellow up to; beyond it is fine."""

_MOISTURE = (2.0, 3.0)
"""Percent of water in brake fluid: at 3 % and more it is changed, whatever its colour."""


@dataclass(frozen=True)
class Measure:
    value: float
    unit: str
    start: int
    of: float = 0.0


def find_measures(clause: str, *, is_correction: bool = False) -> list[Measure]:
    """With units, or bare where a number can only be one: `at 5`, `front 6`, `make that 3`."""
    found = [Measure(float(one[1]), _unit(one[2]), one.start(), 0.0) for one in _MEASURE.finditer(clause)]
    found += [
        Measure(float(one[1]), "out_of", one.start(), float(one[2]))
        for one in _OUT_OF.finditer(clause)
        if float(one[2])
    ]
    found += [
        Measure(float(one), _unit(row[2]), row.start())
        for row in _ROW.finditer(clause)
        for one in row[1].split()
    ]
    if not found:
        bare = [*_BARE.finditer(clause)] or [*_BESIDE_A_PLACE.finditer(clause)]
        bare = bare or ([*_CORRECTED.finditer(clause)] if is_correction else [])
        found = [Measure(float(one[one.lastindex or 1]), "", one.start(one.lastindex or 1)) for one in bare]
    return found


def judged(component: str, measure: Measure) -> Severity | None:
    """None when the number says nothing of this component."""
    unit = measure.unit or _BARE_UNITS.get(component, "")
    if component == "brake_fluid" and unit == "percent":
        return "yellow" if measure.value >= _MOISTURE[1] else "green"
    if unit == "out_of":
        if component != "battery":
            return None
        share = measure.value / measure.of
        return "red" if share < 0.5 else "yellow" if share < 0.75 else "green"
    limits = _LIMITS.get((component, unit))
    if limits is None:
        return None
    red, yellow = limits
    return "red" if measure.value <= red else "yellow" if measure.value <= yellow else "green"


def is_dangerously_low(measure: Measure) -> bool:
    """Whatever it was measured of: nothing that wears is thinner than this and safe."""
    wears = ("brake_pad", "tire", "brake_drum")
    return bool(measure.unit) and any(judged(name, measure) == "red" for name in wears)


def _unit(word: str) -> str:
    plural = {"millimeter": "millimeters", "volt": "volts", "pounds": "psi"}
    return plural.get(word, word)
