"""A bare refinement ("and the red ones?", "last month", "only lane B") continues what was just answered.

Every word of it must be an entity or a word that only ties it to the sentence before; one word more
makes it a message of its own, which never takes anything over.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from pydantic import BaseModel, ConfigDict

from shared.brain.route_message.entities.extract import find_entities
from shared.brain.route_message.entities.ledger_words import ANY_LANE, LANE_LETTER, PLACE
from shared.brain.route_message.entities.money import AGE, COMPARED, MILEAGE, RANGE
from shared.brain.route_message.entities.vehicle_words import (
    BETWEEN,
    BODIES,
    COLOURS,
    CONDITIONS,
    FUELS,
    NEWER,
    THAN,
    YEAR,
    spoken,
)
from shared.brain.route_message.intents import Intent
from shared.brain.route_message.models import Routing

FRESH = timedelta(minutes=5)
LED_IN = re.compile(
    r"^\W*(?:(?:ok(?:ay)?|so|now|then|but)\W+)*"
    r"(?:and|or|only|just|(?:what|how) about|(?:the )?same (?:for|but)|make (?:it|that)|instead)\b",
    re.IGNORECASE,
)
POINTS_BACK = re.compile(r"\b(?:ones?|instead|too|as well)\b\W*$", re.IGNORECASE)
TYING = re.compile(
    r"\b(?:ok(?:ay)?|so|now|then|but|and|or|only|just|what|how|about|the|a|an|same|for|make|it|that|instead|ones?|"
    r"too|as|well|in|on|of|from|with|during|please|thanks|thank you|those|them|priced|newer|older|"
    r"than|dollars|bucks|lanes?|side)\b",
    re.IGNORECASE,
)
NARROWS = {
    Intent.FINANCE: frozenset({"period", "lane", "amount"}),
    Intent.INVENTORY: frozenset({"period", "lane", "amount", "mileage", "days_in_stock", "vehicle"}),
    Intent.SERVICE: frozenset({"period", "vehicle", "amount"}),
    Intent.CRM: frozenset({"period"}),
    Intent.LOGISTICS: frozenset({"period", "vehicle"}),
    Intent.SYSTEM_HEALTH: frozenset({"period"}),
}
SAYS_ENOUGH_ALONE = frozenset({"period", "lane"})
"""Without a word that leads it in, "hybrids" may be a wish of its own; "last month" may not."""
LOOKS = "|".join((*COLOURS, *BODIES.values(), *FUELS.values(), *CONDITIONS.values()))
VEHICLE = (NEWER, THAN, BETWEEN, YEAR, re.compile(rf"\b(?:{LOOKS})\b", re.IGNORECASE))
PATTERNS = {
    "lane": (LANE_LETTER, re.compile(rf"\b(?:{ANY_LANE})(?: {PLACE})?\b", re.IGNORECASE)),
    "amount": (RANGE, COMPARED),
    "mileage": (MILEAGE,),
    "days_in_stock": (AGE,),
}


class LastResolved(BaseModel):
    """What was answered last, as it stands in the session document. `at` is UTC."""

    model_config = ConfigDict(frozen=True)

    intent: Intent
    entities: dict[str, Any]
    confidence: float
    at: datetime


def last_resolved(session: Mapping[str, Any]) -> LastResolved | None:
    stored = session.get("last_resolved")
    return LastResolved.model_validate(stored) if stored else None


def refined(last: LastResolved | None, text: str, *, today: date, now: datetime) -> Routing | None:
    """The last message again, narrowed as the text says; None when the text is no bare refinement of it."""
    if last is None or last.intent not in NARROWS or not timedelta(0) <= now - last.at <= FRESH:
        return None
    said = find_entities(text, intent=last.intent, today=today)
    own = said.keys() - {"also_said"}
    is_tied = bool(LED_IN.search(text) or POINTS_BACK.search(text))
    narrows = NARROWS[last.intent] if is_tied else SAYS_ENOUGH_ALONE & NARROWS[last.intent]
    if not own or own - narrows or words_left(text, said):
        return None
    return Routing(intent=last.intent, entities=merged(last.entities, said), confidence=last.confidence)


def words_left(text: str, said: Mapping[str, Any]) -> list[str]:
    """The words that are neither an entity nor tie the message to the one before."""
    if period := said.get("period"):
        text = text.replace(period["label"], " ")
    patterns = [pattern for name in said for pattern in PATTERNS.get(name, ())]
    if "vehicle" in said:
        patterns += [spoken(), *VEHICLE]
    for pattern in (*patterns, TYING):
        text = pattern.sub(" ", text)
    return re.findall(r"\w+", text)


def merged(before: Mapping[str, Any], said: Mapping[str, Any]) -> dict[str, Any]:
    """What is said now replaces what was said of the same kind; a vehicle is completed part by part."""
    kept = {name: value for name, value in before.items() if name != "also_said"}
    entities = {**kept, **said}
    if "vehicle" in said and "vehicle" in before:
        entities["vehicle"] = merged_vehicle(before["vehicle"], said["vehicle"])
    return entities


def merged_vehicle(before: Mapping[str, Any], said: Mapping[str, Any]) -> dict[str, Any]:
    replaced: set[str] = set()
    if "make" in said:
        replaced |= {"make", "model"}
    if any(name.startswith("year") for name in said):
        replaced |= {"year", "year_from", "year_to"}
    return {**{name: value for name, value in before.items() if name not in replaced}, **said}
