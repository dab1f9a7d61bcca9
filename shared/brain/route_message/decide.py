"""From probabilities to an answer or one question. Pure: thresholds and the day come in as arguments."""

from __future__ import annotations

from datetime import date

from shared.brain.route_message.asking import Thresholds
from shared.brain.route_message.entities.extract import find_entities
from shared.brain.route_message.intents import Intent
from shared.brain.route_message.models import Alternative, Routing
from shared.brain.route_message.scoring import Scores
from shared.brain.route_message.slots import choice_gap, find_gap
from shared.brain.route_message.status_words import find_status, is_only_status
from shared.brain.route_message.subject_words import DEALS, find_subject, is_about_deals

WORTH_NAMING = 0.05
"""An alternative less likely than this is noise."""
SETTLED_BY_WORDS = 0.9
"""The confidence of an intent that the words leave no doubt about, whatever the weights make of them."""


def decide_routing(text: str, *, scores: Scores, thresholds: Thresholds, today: date) -> Routing:
    """Asks what is meant when that is unclear, else for what the likeliest intent needs."""
    intent, confidence = next(iter(scores.probabilities.items()))
    if intent is not Intent.OUT_OF_SCOPE and _is_about_deals(text, today):
        return understood(text, intent=Intent.CRM, confidence=SETTLED_BY_WORDS, today=today)
    routing = understood(text, intent=intent, confidence=confidence, today=today)
    others = [(other, value) for other, value in scores.probabilities.items() if other is not intent]
    alternatives = tuple(
        Alternative(intent=other, confidence=round(value, 4))
        for other, value in others
        if value > WORTH_NAMING
    )
    is_doubted = scores.doubt > thresholds.ask_above_doubt and not is_only_status(text, intent=intent)
    is_unclear = confidence < thresholds.ask_below or is_doubted
    if intent is not Intent.OUT_OF_SCOPE and is_unclear and not routing.missing:
        in_scope = [other for other, _ in others if other is not Intent.OUT_OF_SCOPE]
        gap = choice_gap([intent, *in_scope])
        asked = {"missing": (gap.slot,), "question": gap.question, "options": gap.options}
        routing = routing.model_copy(update=asked)
    return routing.model_copy(update={"alternatives": alternatives})


def understood(text: str, *, intent: Intent, confidence: float, today: date) -> Routing:
    """The routing for an intent that is settled: entities, and the question for what is missing."""
    if intent is Intent.OUT_OF_SCOPE:
        return Routing(intent=intent, confidence=round(confidence, 4))
    entities = find_entities(text, intent=intent, today=today) | find_status(text, intent=intent)
    entities |= find_subject(text, intent=intent)
    gap = find_gap(text, intent=intent, entities=entities)
    return Routing(
        intent=intent,
        entities=entities,
        confidence=round(confidence, 4),
        missing=(gap.slot,) if gap else (),
        question=gap.question if gap else None,
        options=gap.options if gap else (),
    )


def _is_about_deals(text: str, today: date) -> bool:
    person = find_entities(text, intent=Intent.CRM, today=today).get("person") if DEALS.search(text) else None
    return is_about_deals(text, person=person)
