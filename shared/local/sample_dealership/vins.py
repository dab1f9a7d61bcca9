"""VINs as manufacturers make them: real manufacturer and model codes, model year, plant, check digit."""

from __future__ import annotations

from shared.domain.vin import check_digit

_YEAR_CODES = "ABCDEFGHJKLMNPRSTVWXY123456789"
_FIRST_YEAR = 2010
"""Model year of code A; the codes come round every 30 years."""


def make_vin(*, pattern: str, year: int, plant: str, serial: int) -> str:
    """`pattern` is positions 1-8 (manufacturer, line, body, engine), `serial` the last six digits."""
    code = _YEAR_CODES[(year - _FIRST_YEAR) % len(_YEAR_CODES)]
    without = f"{pattern}0{code}{plant}{serial:06d}"
    return without[:8] + check_digit(without) + without[9:]
