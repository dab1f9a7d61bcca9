"""How urgent a matter is at a moment: pure, of what was asked, safety, value, promised time and age."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from shared.attention.item import Item
from shared.attention.rules import Band, DueRule, Rules, ValueRule

HORIZON = timedelta(days=30)
MINUTE = timedelta(minutes=1)


@dataclass(frozen=True)
class Part:
    """Why it has so many points, in words."""

    name: str
    points: float
    words: str


@dataclass(frozen=True)
class Urgency:
    points: float
    band: Band
    parts: tuple[Part, ...]


def urgency(item: Item, rules: Rules, now: datetime) -> Urgency:
    """Never falls as time goes by. Parts without points are left out."""
    parts = tuple(part for part in _parts(item, rules, now) if part.points or part.name == "kind")
    points = round(sum(part.points for part in parts), 2)
    return Urgency(points, rules.band_of(points), parts)


def next_rise(item: Item, rules: Rules, now: datetime) -> datetime | None:
    """The first minute at which the matter is in a higher band than now; None within `HORIZON`.

    Points only grow with time, so halving the interval finds it.
    """
    band = urgency(item, rules, now).band.name
    minutes = int(HORIZON / MINUTE)
    if band == rules.bands[0].name or urgency(item, rules, now + HORIZON).band.name == band:
        return None
    low, high = 0, minutes
    while high - low > 1:
        middle = (low + high) // 2
        rose = urgency(item, rules, now + middle * MINUTE).band.name != band
        low, high = (low, middle) if rose else (middle, high)
    return now + high * MINUTE


def _parts(item: Item, rules: Rules, now: datetime) -> Iterator[Part]:
    kind, points = rules.kind(item.kind), rules.urgency
    yield Part("kind", kind.points, kind.words)
    yield Part("asked", points.asked[item.asked], f"asked for as {item.asked}")
    if item.safety:
        yield Part("safety", points.safety, "somebody may get hurt")
    if item.value_usd is not None:
        yield Part("value", _of_value(item.value_usd, points.value), f"${abs(item.value_usd):,.2f} at stake")
    if item.due_at is not None:
        yield Part("due", _of_due(item, points.due, now), _due_words(item.due_at, now))
    hours = max(0.0, (now - item.requested_at).total_seconds() / 3600)
    age = min(points.age.most, hours * points.age.per_hour)
    yield Part("age", age, f"waiting for {in_words(now - item.requested_at)}")


def _of_value(value: Decimal, rule: ValueRule) -> float:
    amount = float(abs(value))
    if amount <= rule.from_usd:
        return 0.0
    return min(rule.most, rule.per_tenfold * math.log10(amount / rule.from_usd))


def _of_due(item: Item, rule: DueRule, now: datetime) -> float:
    assert item.due_at is not None
    allowed = (item.due_at - item.requested_at).total_seconds()
    passed = (now - item.requested_at).total_seconds()
    share = 1.0 if allowed <= 0 else min(1.0, max(0.0, passed / allowed))
    late_hours = max(0.0, (now - item.due_at).total_seconds() / 3600)
    return min(rule.most, share * rule.at_due + late_hours * rule.per_hour_past)


def _due_words(due_at: datetime, now: datetime) -> str:
    if now < due_at:
        return f"an answer is due in {in_words(due_at - now)}"
    return f"the promised time is past by {in_words(now - due_at)}"


def in_words(span: timedelta) -> str:
    """`under a minute`, `12 minutes`, `3 hours`, `2 days`."""
    minutes = int(max(timedelta(0), span) / MINUTE)
    for size, name in ((1440, "day"), (60, "hour"), (1, "minute")):
        if minutes >= size:
            count = minutes // size
            return f"{count} {name}{'' if count == 1 else 's'}"
    return "under a minute"
