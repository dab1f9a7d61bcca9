"""Whether a message answers the open question, and what the question's message means then."""

from __future__ import annotations

import re
from typing import Any

from functions.membrane.question import Question
from shared.brain.route_message.decide import understood
from shared.brain.route_message.entities.extract import find_entities
from shared.brain.route_message.entities.ledger_words import find_bare_lane, find_lane
from shared.brain.route_message.entities.person_names import find_bare_name
from shared.brain.route_message.intents import CHOICE_WORDING, Intent
from shared.brain.route_message.models import Routing

SAID_BY_THE_PERSON = 1.0
"""The confidence of an intent the person chose."""

ALL = re.compile(
    r"^\W*(?:just |show me )?(?:all|any|every(?:thing|one)?|the whole (?:company|lot)|total)\b[\w\s]*\W*$",
    re.IGNORECASE,
)
LETTER = re.compile(
    r"^\W*(?:(?:the|for|it'?s|i (?:mean|meant)|make it)\s+)*(?:lane\s+)?([a-d])\W*"
    r"(?:please|thanks|thank you|lane|one)?\W*$",
    re.IGNORECASE,
)
CODE = re.compile(
    r"^\W*(?:it'?s |number |no\.? |ro )*#?([a-z]{0,3}-?\d[\w-]{1,})\W*(?:please)?\W*$", re.IGNORECASE
)
FIRST = re.compile(r"\b(?:first|1st|former)\b|^\W*(?:1|one)\W*$", re.IGNORECASE)
SECOND = re.compile(r"\b(?:second|2nd|latter)\b|^\W*(?:2|two)\W*$", re.IGNORECASE)
INTENT_WORDS = {
    Intent.FINANCE: r"money|figures?|financ\w*|numbers|costs?|revenue|profit|accounting|books",
    Intent.INVENTORY: r"stock|inventory|lot|for sale|in stock|available",
    Intent.SERVICE: r"work ?shop|shop|service|repairs?|ros?",
    Intent.CRM: r"customers?|leads?|contacts?|person|people|client",
    Intent.LOGISTICS: r"deliver\w*|drivers?|transport|trips?|location|map|where it is",
    Intent.SYSTEM_HEALTH: r"system|software|health|errors?|platform|technical",
}
ALL_IS_AN_ANSWER = frozenset({"lane", "vehicle", "ro_number"})


def match_answer(question: Question, text: str) -> Routing | None:
    """What the question's message means with this answer; None when it does not answer the question."""
    if question.slot == "intent":
        chosen = chosen_intent(question, text)
        return choose(question, chosen, text) if chosen else None
    filled = filled_slot(question, text)
    return None if filled is None else with_answer(question, filled)


def choose(question: Question, intent: Intent, text: str) -> Routing:
    """The message again with its intent settled, and what the answer added; it may now lack a slot."""
    meant = understood(question.text, intent=intent, confidence=SAID_BY_THE_PERSON, today=question.today)
    added = find_entities(text, intent=intent, today=question.today)
    return meant.model_copy(update={"entities": {**meant.entities, **added}})


def with_answer(question: Question, filled: dict[str, Any]) -> Routing:
    kept = {name: value for name, value in question.entities.items() if name != "vin_text"}
    entities = {**kept, **filled}
    return Routing(intent=question.intent, entities=entities, confidence=SAID_BY_THE_PERSON)


def same_words(text: str, option: str) -> bool:
    return re.findall(r"\w+", text.lower()) == re.findall(r"\w+", option.lower())


def chosen_intent(question: Question, text: str) -> Intent | None:
    """By quick reply, by place, or by a word that stands for one of the candidates alone."""
    for intent in question.candidates:
        if same_words(text, CHOICE_WORDING[intent]):
            return intent
    if len(question.candidates) == 2 and len(text.split()) <= 4:
        first, second = question.candidates
        if bool(FIRST.search(text)) != bool(SECOND.search(text)):
            return first if FIRST.search(text) else second
    meant = [i for i in question.candidates if re.search(rf"\b(?:{INTENT_WORDS[i]})\b", text, re.IGNORECASE)]
    return meant[0] if len(meant) == 1 else None


def filled_slot(question: Question, text: str) -> dict[str, Any] | None:
    """The entities the answer gives; {} for "all of them"; None when it is no answer."""
    is_all = ALL.match(text) or any(
        same_words(text, o) for o in question.options if o.startswith(("All ", "Every"))
    )
    if is_all and question.slot in ALL_IS_AN_ANSWER:
        return {}
    if question.slot == "vin":
        return named_vehicle(question, text)
    bare = bare_value(question, text)
    if bare and any(same_words(text, option) for option in question.options):
        return bare
    return {**find_entities(text, intent=question.intent, today=question.today), **bare} or None


def named_vehicle(question: Question, text: str) -> dict[str, Any] | None:
    """Another VIN, or the vehicle by something else than its VIN; one mistyped again is no answer."""
    found = find_entities(text, intent=question.intent, today=question.today)
    return None if "vin_text" in found or not found.keys() & {"vin", "stock_number", "vehicle"} else found


def bare_value(question: Question, text: str) -> dict[str, Any]:
    """A value said without any sentence around it: "A", "10233", "maria lopez"."""
    code = CODE.match(text)
    if question.slot == "lane":
        letter = LETTER.match(text)
        lane = letter[1].upper() if letter else find_lane(text) or find_bare_lane(text)
        return {"lane": lane} if lane else {}
    if question.slot == "ro_number" and code:
        return {"ro_number": code[1].upper()}
    if question.slot == "vehicle" and question.intent is Intent.INVENTORY and code:
        return {"stock_number": code[1].upper()}
    name = find_bare_name(text) if question.slot == "person" and not code else None
    return {"person": name} if name else {}


def is_quick(question: Question, text: str) -> bool:
    """A quick reply or a value of a few words: an answer whatever else it could mean."""
    if any(same_words(text, option) for option in question.options):
        return True
    if question.slot == "lane" and LETTER.match(text):
        return True
    return bool(question.slot in ("ro_number", "vehicle") and CODE.match(text))
