"""A VIN and an odometer in the lines that were read in pictures."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence

from shared.brain.inspect_media.models import OdometerSeen, VinSeen
from shared.domain.vin import parse_vin

_CANDIDATE = re.compile(r"[A-Z0-9]{17,}")
_NOISE = re.compile(r"^(?:VIN|V\.?I\.?N\.?|ID|NO)[:#. ]*")
_NEVER_IN_A_VIN = {"O": "0", "Q": "0", "I": "1"}
_LOOK_ALIKE = {
    "S": "5",
    "5": "S",
    "B": "8",
    "8": "B",
    "Z": "2",
    "2": "Z",
    "G": "6",
    "6": "G",
    "D": "0",
    "0": "D",
}
"""What the eye of a machine confuses; the check digit says which it was."""

_LENGTH = 17
_ENDS_IN_NUMBER = re.compile(r"\d{4}$")
"""As every VIN does (49 CFR 565.13); words that run together seldom do."""

MOST_MILES = 2_000_000
_MILES = re.compile(
    r"(?<![\w.])(\d{1,3}(?:[,. ]\d{3}){1,2}|\d{3,7})(?:\.\d)?\s*(mi\b|miles\b|mls\b|km\b)?", re.IGNORECASE
)
_SAYS_ODOMETER = re.compile(r"\b(?:odo(?:meter)?|mileage|miles|mi)\b", re.IGNORECASE)
_KM_A_MILE = 1.609344


def find_vins(lines: Iterable[tuple[str, float | None]]) -> tuple[VinSeen, ...]:
    """Each VIN once, the one read most often first; text and second it was read at."""
    read: Counter[str] = Counter()
    first: dict[str, float | None] = {}
    for text, at in lines:
        for vin in _vins_in(text):
            read[vin] += 1
            first.setdefault(vin, at)
    return tuple(VinSeen(text=vin, at_seconds=first[vin]) for vin, _ in read.most_common())


def _vins_in(text: str) -> Iterable[str]:
    joined = re.sub(r"[\s\-*]", "", _NOISE.sub("", text.upper().strip()))
    for found in _CANDIDATE.finditer(joined):
        run = found[0]
        pieces = [run[start : start + _LENGTH] for start in range(len(run) - _LENGTH + 1)]
        numbered = [piece for piece in pieces if _ENDS_IN_NUMBER.search(_plain(piece))]
        if numbered:
            yield next((vin for piece in numbered if (vin := mended(piece))), numbered[-1])


def mended(read: str) -> str:
    """The one VIN whose check digit holds and that could look like this; empty when there is none, or two."""
    plain = _plain(read)
    if holds(plain):
        return plain
    changed = {
        plain[:place] + _LOOK_ALIKE[char] + plain[place + 1 :]
        for place, char in enumerate(plain)
        if char in _LOOK_ALIKE
    }
    fitting = [vin for vin in changed if holds(vin)]
    return fitting[0] if len(fitting) == 1 else ""


def _plain(read: str) -> str:
    return "".join(_NEVER_IN_A_VIN.get(char, char) for char in read)


def holds(vin: str) -> bool:
    """A VIN that nothing speaks against: for vehicles from outside North America the check digit too."""
    try:
        return not parse_vin(vin).warnings
    except ValueError:
        return False


def find_odometer(lines: Sequence[tuple[str, float | None]]) -> OdometerSeen | None:
    """Miles, of a number that is written as an odometer's: with a unit, or beside the word."""
    for index, (text, at) in enumerate(lines):
        near = " ".join(line for line, when in lines[max(0, index - 1) : index + 2] if when == at)
        for found in _MILES.finditer(text):
            unit = (found[2] or "").lower()
            if not unit and not _SAYS_ODOMETER.search(near):
                continue
            number = int(re.sub(r"\D", "", found[1]))
            miles = round(number / _KM_A_MILE) if unit == "km" else number
            if 0 < miles <= MOST_MILES:
                return OdometerSeen(miles=miles, text=text, at_seconds=at)
    return None
