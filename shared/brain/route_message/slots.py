"""What is missing before a message can be answered, and the one question that gets it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

from shared.brain.route_message.intents import CHOICE_WORDING, Intent
from shared.yaml_file import read_yaml

SLOTS_FILE = Path(__file__).parent / "slots.yaml"

OPEN_ENDS = (
    r"for|from|of|with|about|between|and|or|than|under|over|by|at|to|on|in|the|an?|my|our|any|some|every|"
    r"which|what|is|are|was|has|have|lane|number|no|ro|vin|(?:repair|work) order"
)
BREAKS_OFF = re.compile(
    rf"(?:\b(?:{OPEN_ENDS})|^(?:find|show|track|look ?up|pull up|list|get|search)(?: me)?)\W*$", re.IGNORECASE
)
"""The last words of a sentence that was not finished."""

STRANDED_ENDS = (
    r"waiting (?:on|for)|(?:checked|booked|came|come|coming|comes|called|trade|traded|fit|been|take|took) in|"
    r"interested in|looking for|(?:came|come|called) from|belongs? to|asked for|"
    r"(?:moved?|assigned|going|driving|talk|talking) to|working on|is it for|up to|to go|turned on|logged on|"
    r"(?:we|they|you) have|"
    r"(?:it|he|she|we|they|there|that|this|drivers?|trucks?|cars?|vans?) (?:is|are|was|at)|"
    r"going on|on and on|are we in|or no|is it in|or what"
)
STRANDED = re.compile(rf"\b(?:{STRANDED_ENDS})\W*$|^\W*(?:and |so )?is it\W*$", re.IGNORECASE)
"""Ends that look open and are not: "who are we waiting on"."""

LANE_SAID = re.compile(r"\blanes? [a-d]\W*$", re.IGNORECASE)


@dataclass(frozen=True)
class OpenQuestion:
    """`options` are quick replies; any other answer is as welcome."""

    slot: str
    question: str
    options: tuple[str, ...] = ()


@dataclass(frozen=True)
class SlotRule:
    any_of: tuple[str, ...]
    unless: re.Pattern[str] | None
    open_question: OpenQuestion | None

    def is_satisfied(self, text: str, entities: Mapping[str, Any]) -> bool:
        if not self.any_of or entities.keys() & set(self.any_of):
            return True
        return bool(self.unless and self.unless.search(text))


@dataclass(frozen=True)
class Gap:
    """What to ask. `slot` is `intent` when it is unclear which of several things is meant."""

    slot: str
    question: str
    options: tuple[str, ...] = field(default=())


@lru_cache(maxsize=1)
def slot_rules() -> dict[Intent, SlotRule]:
    content = read_yaml(SLOTS_FILE)
    return {Intent(name): read_rule(rule) for name, rule in content.items()}


def read_rule(rule: Mapping[str, Any]) -> SlotRule:
    asked, unless = rule.get("open_question"), rule.get("unless")
    question = OpenQuestion(asked["slot"], asked["question"], tuple(asked["options"])) if asked else None
    pattern = re.compile(rf"\b(?:{unless})\b", re.IGNORECASE) if unless else None
    return SlotRule(tuple(rule["any_of"]), pattern, question)


def breaks_off(text: str, entities: Mapping[str, Any]) -> bool:
    """The sentence ends where something should follow: "show me the numbers for"."""
    if not BREAKS_OFF.search(text) or STRANDED.search(text) or LANE_SAID.search(text):
        return False
    last = re.findall(r"\w+", text.lower())[-1]
    return not (last == "lane" and "lane" in entities)


def find_gap(text: str, *, intent: Intent, entities: Mapping[str, Any]) -> Gap | None:
    """The open question of the intent when a needed slot is empty or the sentence breaks off."""
    if mistyped := entities.get("vin_text"):
        # Without it every vehicle would be shown, as if that had been asked for.
        return Gap("vin", f"[{mistyped}] is no VIN: a character is mistyped. What is the right one?")
    rule = slot_rules()[intent]
    if rule.open_question is None:
        return None
    if rule.is_satisfied(text, entities) and not breaks_off(text, entities):
        return None
    asked = rule.open_question
    return Gap(asked.slot, asked.question, asked.options)


def choice_gap(candidates: Sequence[Intent]) -> Gap:
    """Two meanings are close: the person chooses."""
    first, second = (CHOICE_WORDING[intent] for intent in candidates[:2])
    options = tuple(wording.capitalize() for wording in (first, second))
    return Gap("intent", f"Do you mean {first} or {second}?", options)
