"""What happens about a matter now: pure decisions from the matter, the people of its level and the rules."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta, tzinfo

from shared.attention.day import next_moment, quiet_until
from shared.attention.item import STAFF, Item, Told
from shared.attention.people import Person
from shared.attention.rules import Band, Quiet, Rules, Way
from shared.attention.urgency import Urgency, next_rise, urgency

FRAMES_AT_ONCE = 5
MIDNIGHT = time(0)


@dataclass(frozen=True)
class Act:
    """One decision: a way taken, held back or without anybody at its end."""

    way: Way
    told: Told


@dataclass(frozen=True)
class Plan:
    """The item as it stands after `acts`, and what it is made of."""

    item: Item
    acts: tuple[Act, ...]
    urgency: Urgency


def on_its_level(item: Item, rules: Rules, now: datetime) -> Item:
    """One rung higher when nobody took it in time."""
    if item.escalate_at is None or now < item.escalate_at or item.level >= len(rules.ladder) - 1:
        return item
    return item.with_(level=item.level + 1, told={}, escalate_at=None)


def is_anything_to_do(item: Item, rules: Rules, now: datetime) -> bool:
    """Otherwise nobody has to be looked up: ten thousand requests rolled up in one matter are one search."""
    ways = rules.ways_of(item.kind, urgency(item, rules, now).band)
    return any(way not in item.avoids and _is_open(item, way, now) for way in ways)


def plan(item: Item, people: Sequence[Person], rules: Rules, *, now: datetime, zone: tzinfo) -> Plan:
    """`people` are those of the item's level. Does nothing twice: what is settled at this level stays."""
    found = urgency(item, rules, now)
    acts = tuple(
        Act(way, told)
        for way in rules.ways_of(item.kind, found.band)
        if way not in item.avoids and _is_open(item, way, now)
        for told in [_told(item, way, people, rules, now=now, zone=zone)]
    )
    told = {**item.told, **{act.way: act.told for act in acts}}
    texted = [one for act in acts if act.way == "sms" and act.told.outcome == "sent" for one in act.told.to]
    after = item.with_(
        points=found.points,
        band=found.band.name,
        told=told,
        told_people=[*item.told_people, *texted],
        digest_at=item.digest_at or next_moment(now, rules.digest.at, zone),
    )
    escalate_at = _escalates(after, found.band, rules, now)
    after = after.with_(escalate_at=escalate_at)
    return Plan(after.with_(next_at=_next_look(after, rules, now)), acts, found)


def _is_open(item: Item, way: Way, now: datetime) -> bool:
    told = item.told.get(way)
    return told is None or (not told.is_settled and told.until is not None and told.until <= now)


def _told(
    item: Item, way: Way, people: Sequence[Person], rules: Rules, *, now: datetime, zone: tzinfo
) -> Told:
    if way == "sms":
        return texted(item, people, rules, now=now, zone=zone)
    if way == "slack":
        return Told(outcome="sent", at=now)
    if way == "digest":
        return Told(outcome="held", at=now, reason="digest")
    shown = [person.staff_id for person in in_turn(item, people)[:FRAMES_AT_ONCE]]
    return Told(outcome="sent" if shown else "nobody", at=now, to=shown, reason="" if shown else "no_staff")


def in_turn(item: Item, people: Sequence[Person]) -> list[Person]:
    """Who was not texted yet, is not off, was named, is present and had fewest alerts today comes first."""
    return sorted(
        people,
        key=lambda person: (
            person.staff_id in item.told_people,
            person.is_off,
            person.rank,
            not person.is_present,
            person.texts_today,
            person.staff_id,
        ),
    )


def texted(item: Item, people: Sequence[Person], rules: Rules, *, now: datetime, zone: tzinfo) -> Told:
    """One text to one person. All in quiet hours: held until the first of them ends; all budgets used up:
    held until the next day. Safety is held back by neither."""
    reachable = [
        one for one in in_turn(item, people) if one.phone and STAFF + one.staff_id not in item.avoids
    ]
    if not reachable:
        return Told(outcome="nobody", at=now, reason="no_phone" if people else "no_staff")
    if item.level and rules.ladder[item.level].addressed and _all_know(item, reachable):
        # The same words to the same person help nobody: the next rung hears of it now.
        return Told(outcome="nobody", at=now, reason="told_already")
    quiet = {
        person.staff_id: until
        for person in reachable
        if not item.safety and (until := quiet_until(now, _quiet(item, person, rules), zone))
    }
    awake = [person for person in reachable if person.staff_id not in quiet]
    allowed = [one for one in awake if item.safety or one.texts_today < one.texts_per_day]
    if allowed:
        return Told(outcome="sent", at=now, to=[allowed[0].staff_id])
    if awake:
        return Told(outcome="held", at=now, reason="budget", until=next_moment(now, MIDNIGHT, zone))
    return Told(outcome="held", at=now, reason="quiet_hours", until=min(quiet.values()))


def _all_know(item: Item, people: Sequence[Person]) -> bool:
    return all(person.staff_id in item.told_people for person in people)


def _quiet(item: Item, person: Person, rules: Rules) -> Quiet | None:
    """A person's own quiet hours hold for all but safety, the house's not for kinds told at any hour."""
    if person.quiet is not None:
        return person.quiet
    return None if rules.kind(item.kind).at_any_hour else rules.quiet_hours


def _escalates(item: Item, band: Band, rules: Rules, now: datetime) -> datetime | None:
    """When the next rung hears of it: sooner once the matter is in a higher band, never while a text waits
    for the end of quiet hours, at once when nobody of this rung can be told."""
    text = item.told.get("sms")
    if band.acknowledge_minutes is None or item.level >= len(rules.ladder) - 1:
        return None
    if text is not None and text.outcome == "held" and text.reason == "quiet_hours":
        return None
    if text is not None and text.outcome == "nobody":
        return now
    until = now + timedelta(minutes=band.acknowledge_minutes)
    return min(item.escalate_at, until) if item.escalate_at else until


def _next_look(item: Item, rules: Rules, now: datetime) -> datetime | None:
    held = [told.until for told in item.told.values() if told.until is not None and not told.is_settled]
    moments = [item.escalate_at, next_rise(item, rules, now), *held]
    return min((at for at in moments if at is not None), default=None)
