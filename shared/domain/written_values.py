"""Reading values as people and their programs write them: money, counts, days, moments, codes.

Every reader takes the value as it came (text of a spreadsheet cell or a JSON value) and raises `ValueError`
saying what it expected. Guessing stops where two readings are possible.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, tzinfo
from decimal import Decimal, InvalidOperation
from typing import Any

LARGEST_MONEY = Decimal(10) ** 12
EARLIEST_YEAR, LATEST_YEAR = 1900, 2200

_THOUSANDS = re.compile(r"[+-]?\d{1,3}(,\d{3})+")
_MONEY_SIGNS = re.compile(r"(?:USD|[$€£\s\u00a0\u202f'])", re.IGNORECASE)
_PLAIN_NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)")
_COUNT = re.compile(r"\d{1,12}")
_US_DAY = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})")
_EUROPEAN_DAY = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})")
_TIME_OF_DAY = re.compile(r"(\d{1,2}):(\d{2})(?::(\d{2}))?\s*(am|pm)?", re.IGNORECASE)


def read_money(value: Any) -> Decimal:
    """An amount with at most two decimals: `1234.5`, `$1,234.50`, `1.234,50`, `(120.00)` for −120."""
    if isinstance(value, Decimal | int) and not isinstance(value, bool):
        return _money(Decimal(value), value)
    if isinstance(value, float):
        return _money(Decimal(repr(value)), value)
    if not isinstance(value, str):
        raise ValueError(f"an amount such as 1234.50 is expected, not [{shown(value)}]")
    text = _MONEY_SIGNS.sub("", value)
    in_brackets = text.startswith("(") and text.endswith(")")
    number = _point_decimal(text[1:-1] if in_brackets else text)
    if not number.isascii() or not _PLAIN_NUMBER.fullmatch(number):
        raise ValueError(f"an amount such as 1234.50 is expected, not [{shown(value)}]")
    return _money(-Decimal(number) if in_brackets else Decimal(number), value)


def read_count(value: Any) -> int:
    """A whole number from 0: `45000`, `45,000`, `45 000`."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise ValueError(f"a whole number is expected, not [{shown(value)}]")
    text = repr(value).removesuffix(".0") if isinstance(value, float) else str(value)
    text = re.sub(r"[\s\u00a0\u202f']", "", text)
    text = text.replace(",", "") if _THOUSANDS.fullmatch(text) else text
    if not text.isascii() or not _COUNT.fullmatch(text):
        raise ValueError(f"a whole number such as 45000 is expected, not [{shown(value)}]")
    return int(text)


def read_day(value: Any) -> date:
    """A day: `2026-11-20`, US `11/20/2026` (month first), European `20.11.2026`."""
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    if not isinstance(value, str):
        raise ValueError(f"a day such as 2026-11-20 is expected, not [{shown(value)}]")
    try:
        return _in_range(_day(value.strip()))
    except ValueError as error:
        raise ValueError(f"a day such as 2026-11-20 is expected, not [{shown(value)}]") from error


def read_moment(value: Any, zone: tzinfo = UTC) -> datetime:
    """A moment in UTC: ISO 8601, or a day as in `read_day` with a time; without an offset it is in `zone`."""
    if isinstance(value, str):
        try:
            value = _moment(value.strip())
        except ValueError as error:
            raise ValueError(
                f"a moment such as 2026-11-20T15:30:00Z is expected, not [{shown(value)}]"
            ) from error
    if not isinstance(value, datetime):
        raise ValueError(f"a moment such as 2026-11-20T15:30:00Z is expected, not [{shown(value)}]")
    _in_range(value.date())
    return (value if value.tzinfo else value.replace(tzinfo=zone)).astimezone(UTC)


def read_code(value: Any) -> Any:
    """A word of a fixed list, however it is written: `In Stock`, `in-stock` → `in_stock`."""
    return re.sub(r"[\s-]+", "_", value.strip().lower()) if isinstance(value, str) else value


def read_text(value: Any) -> Any:
    """Text; a whole number counts as text, programs send numbers for numbers with letters in them."""
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    if isinstance(value, str) and "\x00" in value:
        raise ValueError("text with a NUL character cannot be stored")
    return value


def read_line(value: Any) -> Any:
    """Text of one line: breaks and runs of spaces, of which spreadsheets are full, become one space."""
    text = read_text(value)
    return " ".join(text.split()) if isinstance(text, str) else text


def shown(value: Any) -> str:
    """The value for an error message, cut to a readable length."""
    text = str(value) if not isinstance(value, int) or abs(value) < 10**40 else "a huge number"
    return text if len(text) <= 40 else text[:40] + "…"


def _point_decimal(text: str) -> str:
    # The last separator is the decimal one; a lone comma before three digits groups thousands.
    if "," not in text:
        return text
    if "." in text and text.rfind(",") < text.rfind("."):
        whole, _, decimals = text.rpartition(".")
        return f"{whole.replace(',', '')}.{decimals}" if _THOUSANDS.fullmatch(whole) else text
    if "." not in text and _THOUSANDS.fullmatch(text):
        return text.replace(",", "")
    whole, _, decimals = text.rpartition(",")
    grouped = _THOUSANDS.fullmatch(whole.replace(".", ",")) or whole.lstrip("+-").isdigit()
    return f"{whole.replace('.', '')}.{decimals}" if grouped else text


def _money(amount: Decimal, value: Any) -> Decimal:
    if not amount.is_finite() or abs(amount) >= LARGEST_MONEY:
        raise ValueError(f"an amount below {LARGEST_MONEY:,} is expected, not [{shown(value)}]")
    try:
        cents = amount.quantize(Decimal("0.01"))
    except InvalidOperation as error:
        raise ValueError(f"an amount such as 1234.50 is expected, not [{shown(value)}]") from error
    if cents != amount:
        raise ValueError(f"an amount has at most two decimals, not [{shown(value)}]")
    return cents + Decimal(0)


def _day(text: str) -> date:
    if match := _US_DAY.fullmatch(text):
        return date(int(match[3]), int(match[1]), int(match[2]))
    if match := _EUROPEAN_DAY.fullmatch(text):
        return date(int(match[3]), int(match[2]), int(match[1]))
    # A moment where a day is asked for: the day as it is written there.
    return datetime.fromisoformat(text).date()


def _moment(text: str) -> datetime:
    day, _, time = text.partition(" ")
    match = _TIME_OF_DAY.fullmatch(time.strip())
    if not match:
        return datetime.fromisoformat(text)
    hour = int(match[1])
    if match[4]:
        if not 1 <= hour <= 12:
            raise ValueError("hours run from 1 to 12 with am and pm")
        hour = hour % 12 + (12 if match[4].lower() == "pm" else 0)
    parsed = _day(day)
    return datetime(parsed.year, parsed.month, parsed.day, hour, int(match[2]), int(match[3] or 0))


def _in_range(day: date) -> date:
    if not EARLIEST_YEAR <= day.year <= LATEST_YEAR:
        raise ValueError(f"years run from {EARLIEST_YEAR} to {LATEST_YEAR}")
    return day
