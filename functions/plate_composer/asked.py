"""What was asked for, read from the entities the router found."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from decimal import Decimal
from typing import Any

DAY = timedelta(days=1)


@dataclass(frozen=True)
class Period:
    """Whole days of the dealership, both included. `label` are the words that said so."""

    start: date
    end: date
    label: str = ""

    @property
    def in_words(self) -> str:
        span = f"{self.start}" if self.start == self.end else f"{self.start} to {self.end}"
        return f"{self.label} ({span})" if self.label else span

    @property
    def days(self) -> int:
        return (self.end - self.start).days + 1


@dataclass(frozen=True)
class Range:
    """Bounds of a number, both included; None is open."""

    low: Decimal | None = None
    high: Decimal | None = None


def in_words(low: Any, high: Any, form: str) -> str:
    """`from $20,000 to $30,000`, or nothing when both ends are open; `form` writes one bound."""
    if low is not None and low == high:
        return form.format(low)
    ends = (("from", low), ("to", high))
    return " ".join(f"{word} {form.format(bound)}" for word, bound in ends if bound is not None)


@dataclass(frozen=True)
class Asked:
    """`as_of` is UTC; `zone` is the dealership's, in which days begin and end. `said` is the message itself,
    `preferences` what the person wants of such plates unless they say otherwise, by key."""

    entities: Mapping[str, Any]
    roles: tuple[str, ...]
    as_of: datetime
    zone: tzinfo
    said: str = ""
    preferences: Mapping[str, str] = field(default_factory=dict)

    @property
    def today(self) -> date:
        return self.as_of.astimezone(self.zone).date()

    def text(self, name: str) -> str | None:
        return _text(self.entities.get(name))

    def part(self, name: str) -> Mapping[str, Any]:
        """An entity with parts, such as `vehicle`; empty when it was not said."""
        value = self.entities.get(name)
        return value if isinstance(value, Mapping) else {}

    def part_text(self, name: str, part: str) -> str | None:
        return _text(self.part(name).get(part))

    @property
    def vehicle_words(self) -> dict[str, str]:
        """What was said of a vehicle that its document says too."""
        names = ("colour", "year", "make", "model", "body")
        return {name: word for name in names if (word := self.part_text("vehicle", name))}

    @property
    def period(self) -> Period | None:
        said = self.part("period")
        try:
            start, end = date.fromisoformat(said["start"]), date.fromisoformat(said["end"])
        except (KeyError, TypeError, ValueError):
            return None
        return Period(min(start, end), max(start, end), _text(said.get("label")) or "")

    def range(self, *names: str) -> Range:
        """The first of the named entities `{op, value, upper?}` that was said, as bounds."""
        said = next((self.part(name) for name in names if self.part(name)), {})
        value, upper = _number(said.get("value")), _number(said.get("upper"))
        if value is None:
            return Range()
        bounds = {">": Range(value, None), "<": Range(None, value), "between": Range(value, upper)}
        return bounds.get(str(said.get("op")), Range(value, value))

    def moments(self, period: Period) -> tuple[datetime, datetime]:
        """UTC, from the first midnight to the one after the last day."""
        first = datetime.combine(period.start, time.min, self.zone)
        return first.astimezone(UTC), datetime.combine(period.end + DAY, time.min, self.zone).astimezone(UTC)


def _text(value: Any) -> str | None:
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return None
    return str(value).strip() or None


def _number(value: Any) -> Decimal | None:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return Decimal(str(value))
