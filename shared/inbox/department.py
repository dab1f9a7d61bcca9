"""Which department a text is for, by its words; facts decide before words do."""

from __future__ import annotations

import re
from collections.abc import Mapping

from shared.inbox.rules import Department, InboxRules


def scores(text: str, rules: InboxRules) -> Mapping[Department, int]:
    """Different words of each department in the text; departments without any are left out."""
    found = {
        name: len({hit.casefold() for hit in rule.pattern.findall(text)})
        for name, rule in rules.departments.items()
    }
    return {name: count for name, count in found.items() if count}


def meant_department(text: str, rules: InboxRules) -> Department | None:
    """The department with the most words, None when there is none or two have as many."""
    ranked = sorted(scores(text, rules).items(), key=lambda item: -item[1])
    if not ranked or (len(ranked) > 1 and ranked[0][1] == ranked[1][1]):
        return None
    return ranked[0][0]


_WORDS = re.compile(r"[a-z0-9]+")


def named_things(text: str, names: Mapping[str, tuple[str, ...]]) -> set[str]:
    """Keys of the things whose number, model or make the text has as whole words.

    A text that has one thing's number and another's make means the first.
    """
    said = f" {' '.join(_WORDS.findall(text.casefold()))} "
    found = {key: [name for name in called if _is_said(name, said)] for key, called in names.items()}
    numbered = {key for key, hits in found.items() if any(_is_numbered(name) for name in hits)}
    return numbered or {key for key, hits in found.items() if hits}


def _is_said(name: str, said: str) -> bool:
    folded = " ".join(_WORDS.findall(name.casefold()))
    return bool(folded) and f" {folded} " in said


def _is_numbered(name: str) -> bool:
    return any(char.isdigit() for char in name)
