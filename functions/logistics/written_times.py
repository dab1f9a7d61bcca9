"""Reading times as apps write them: by the locale and the time zone AppSheet says with the rows."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Any
from zoneinfo import ZoneInfo

from shared.domain.written_values import read_moment, shown
from shared.errors import InvalidInput

_SLASHES = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})(.*)", re.DOTALL)
_OFFSET = re.compile(r"(?:Z|[+-]\d{2}:?\d{2})\s*$")
_MONTH_FIRST = ("", "en-us", "en-ph", "en-pr", "es-us", "es-pr", "en")
_EARLIEST_S = 1_000_000_000
"""2001: a smaller number is no time."""
_LATEST_MS = 10**13

WINDOWS_ZONES = {
    "utc": "Etc/UTC",
    "eastern standard time": "America/New_York",
    "us eastern standard time": "America/Indiana/Indianapolis",
    "central standard time": "America/Chicago",
    "mountain standard time": "America/Denver",
    "us mountain standard time": "America/Phoenix",
    "pacific standard time": "America/Los_Angeles",
    "alaskan standard time": "America/Anchorage",
    "hawaiian standard time": "Pacific/Honolulu",
    "atlantic standard time": "America/Halifax",
    "gmt standard time": "Europe/London",
    "w. europe standard time": "Europe/Berlin",
    "romance standard time": "Europe/Paris",
    "central europe standard time": "Europe/Budapest",
}
"""AppSheet names zones as Windows does (CLDR, windowsZones)."""


@dataclass(frozen=True)
class Clockwork:
    """How times without words of their own are meant: day or month first, and in which zone, which is looked
    up when the first such time comes."""

    zone: Callable[[], tzinfo]
    is_month_first: bool = True

    def read(self, value: Any) -> datetime:
        """UTC: ISO 8601, a local date and time, or (milli)seconds since 1970. Raises `ValueError`."""
        if isinstance(value, int | float) and not isinstance(value, bool):
            return _since_1970(value)
        found = _SLASHES.fullmatch(value.strip()) if isinstance(value, str) else None
        if found and not self.is_month_first:
            value = f"{found[1]}.{found[2]}.{found[3]}{found[4]}"
        says_offset = isinstance(value, str) and bool(_OFFSET.search(value))
        return read_moment(value, UTC if says_offset else self.zone())


def clockwork(*, locale: str, zone_name: str, own_zone: Callable[[], tzinfo]) -> Clockwork:
    """Raises `InvalidInput` for a zone nobody knows: an hour's error would be taken for a clock's."""
    given = read_zone(zone_name) if zone_name.strip() else None
    return Clockwork(
        own_zone if given is None else lambda: given, locale.strip().lower().replace("_", "-") in _MONTH_FIRST
    )


def read_zone(name: str) -> tzinfo:
    known = WINDOWS_ZONES.get(name.strip().lower(), name.strip())
    try:
        return ZoneInfo(known)
    except (ValueError, OSError, KeyError) as error:
        raise InvalidInput(
            f"Properties.Timezone: [{shown(name)}] is not known; America/Chicago, Central Standard Time are; "
            "or send times with their offset"
        ) from error


def _since_1970(value: float) -> datetime:
    if not abs(value) < _LATEST_MS:
        raise ValueError(f"seconds or milliseconds since 1970 are expected, not [{shown(value)}]")
    seconds = value / 1000 if abs(value) >= _EARLIEST_S * 100 else value
    if not _EARLIEST_S <= seconds < 4 * _EARLIEST_S:
        raise ValueError(f"seconds or milliseconds since 1970 are expected, not [{shown(value)}]")
    return datetime.fromtimestamp(0, UTC) + timedelta(seconds=seconds)
