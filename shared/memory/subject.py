"""Whether two memories are about the same thing, so that the later one replaces the earlier.

Pure and careful: what is not surely the same subject stands beside the other. A replaced memory is kept as
history, and its replacement names it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from shared.memory.memory import Memory
from shared.memory.words import STOP, stem, words

_STATING = """
always never prefer preferred preference rather want wants like likes love hate please remember note keep mind
forget from now going forward default henceforth dont don't no longer anymore any more stop instead only just
future every time whenever ask show see get give
"""
STATING = frozenset(_STATING.split())
"""Words that state a preference and say nothing of its subject."""

VALUES: Mapping[str, str] = {
    word: name
    for name, group in {
        "<time of day>": "morning mornings afternoon afternoons evening evenings noon night nights",
        "<weekday>": "monday tuesday wednesday thursday friday saturday sunday weekday weekdays weekend "
        "weekends "
        "mondays tuesdays wednesdays thursdays fridays saturdays sundays",
        "<span>": "day days daily week weeks weekly month months monthly quarter quarters quarterly "
        "year years "
        "yearly annually hour hourly",
        "<way>": "text texts sms call calls phone phoned called email emails mail emailed texted slack",
        "<order>": "first last highest lowest newest oldest ascending descending top bottom cheapest dearest",
        "<colour>": "black white silver grey gray blue red green brown gold orange yellow",
        "<unit>": "miles kilometers kilometres km mi dollars euros",
    }.items()
    for word in group.split()
}
"""Values of one kind exclude each other: who wants mornings does not want afternoons."""

NUMBER = re.compile(r"\d+(?:[.,:]\d+)?(?:am|pm|k)?$")
IS = re.compile(r"^(.{3,80}?)\s+(?:is|are|should be|must be|equals)\s+(.{1,80})$", re.IGNORECASE)
MUCH_ALIKE = 0.8
LEAST_TERMS = 2


def same_subject(memory: Memory, *, text: str, subject: str) -> bool:
    """Whether the live memory is about what the new text is about."""
    if subject or memory.subject:
        return subject == memory.subject
    if _named(text) and _named(text) == _named(memory.text):
        return True
    old, new = frame_of(memory.text), frame_of(text)
    if min(len(old), len(new)) < LEAST_TERMS:
        return False
    return len(old & new) / len(old | new) >= MUCH_ALIKE


def frame_of(text: str) -> frozenset[str]:
    """The words of its subject: values give their kind, negations and words of stating are left out."""
    kept = [word for word in words(text) if word not in STOP and word not in STATING]
    return frozenset(_kind(word) for word in kept)


def is_restated(memory: Memory, text: str) -> bool:
    """The same words again, but for case, space and punctuation."""
    return words(memory.text) == words(text)


def first_on_subject(memories: Sequence[Memory], *, text: str, subject: str) -> Memory | None:
    """The newest of the live memories that the text replaces; memories come newest first."""
    return next((one for one in memories if same_subject(one, text=text, subject=subject)), None)


def _kind(word: str) -> str:
    if NUMBER.match(word):
        return "<number>"
    return VALUES.get(word) or stem(word)


def _named(text: str) -> frozenset[str]:
    """Of "my favourite salesperson is Dave" what the name is of; empty for other sentences."""
    found = IS.match(text.strip())
    if not found or len(found[1].split()) < LEAST_TERMS:
        return frozenset()
    left = [word for word in words(found[1]) if word not in STATING]
    return frozenset(stem(word) for word in left if word not in STOP) if _is_whose(left) else frozenset()


def _is_whose(left: Sequence[str]) -> bool:
    """One thing of somebody's: "my best customer", "Ann's number"; not "the shop", of which much can be
    said."""
    return bool({"my", "our", "his", "her", "their"} & set(left)) or len(left) > 2
