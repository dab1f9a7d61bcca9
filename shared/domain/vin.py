"""Vehicle identification numbers: 49 CFR 565.15 and ISO 3779.

The check digit is compulsory in North America alone (world manufacturer identifiers that begin with 1-5),
so elsewhere a wrong one is only a warning.
"""

from __future__ import annotations

from dataclasses import dataclass

_VALUES = {
    **{digit: int(digit) for digit in "0123456789"},
    **dict(zip("ABCDEFGH", range(1, 9), strict=True)),
    **dict(zip("JKLMN", range(1, 6), strict=True)),
    "P": 7,
    "R": 9,
    **dict(zip("STUVWXYZ", range(2, 10), strict=True)),
}
_WEIGHTS = (8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2)
_CHECK_POSITION = 8
_LENGTH = 17
_NORTH_AMERICA = "12345"
# "11111111111111111" satisfies the check digit; no vehicle repeats three characters over 17 places.
_FEWEST_DISTINCT = 4


@dataclass(frozen=True)
class Vin:
    """A VIN in upper case without separators, and what looks odd about it."""

    value: str
    warnings: tuple[str, ...] = ()


def check_digit(vin: str) -> str:
    """The character that belongs at position 9 of 17 valid characters (what stands there is ignored)."""
    total = sum(_VALUES[char] * weight for char, weight in zip(vin, _WEIGHTS, strict=True))
    return "X" if total % 11 == 10 else str(total % 11)


def parse_vin(text: str) -> Vin:
    """Reads a VIN, tolerating case, spaces and hyphens. Raises `ValueError` saying what is wrong."""
    value = text.upper().replace(" ", "").replace("-", "")
    if len(value) != _LENGTH:
        raise ValueError(f"a VIN has {_LENGTH} characters, [{_shown(value)}] has {len(value)}")
    wrong = sorted(set(value) - _VALUES.keys())
    if wrong:
        raise ValueError(f"a VIN has no {wrong} (letters I, O and Q are never used): [{value}]")
    if len(set(value)) < _FEWEST_DISTINCT:
        raise ValueError(f"[{value}] repeats a few characters, no vehicle has such a VIN")
    return _checked(value)


def _checked(value: str) -> Vin:
    found, expected = value[_CHECK_POSITION], check_digit(value)
    if found == expected:
        return Vin(value)
    said = f"check digit (position 9) of [{value}] is [{found}], expected [{expected}]"
    if value[0] in _NORTH_AMERICA:
        raise ValueError(said)
    return Vin(value, (f"{said}; not compulsory outside North America",))


def _shown(value: str) -> str:
    return value if len(value) <= 40 else value[:40] + "…"
