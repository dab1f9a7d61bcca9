"""Preferences said in a chat are recognised: by what the sentence says of itself, and by whether it is nearer
to known statements than to known questions.

Held-out sentences and their figures: tests/unit/memory/, docs/memory.md.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from pathlib import Path
from typing import Any

from shared.memory.memory import MAX_TEXT, TypedPreference
from shared.memory.preferences import (
    preference_kinds,
    subject_of_preference,
    typed_preference,
    value_said,
)
from shared.memory.stating import (
    AT_THE_END,
    FORGET_ABOUT,
    FORGET_LAST,
    REQUESTED,
    STOPPED,
    is_question,
    states_something,
)

SENTENCES = re.compile(
    r"(?<!\bMr\.)(?<!\bMs\.)(?<!\bDr\.)(?<!\bSt\.)(?<!\bNo\.)(?<!\bMrs\.)(?<!\bInc\.)(?<=[.!?;])\s+|\n+",
    re.IGNORECASE,
)
"""Where one ends: not after "Mrs."."""

NOTHING_MORE = re.compile(
    r"^\W*(?:thanks?(?: you| a lot)?|ok(?:ay)?|please|cheers|got it|great|that['’]?s (?:it|all))?\W*$", re.I
)
NEAREST = 3
STATEMENTS, QUESTIONS = "statements.txt", "questions.txt"

LEAST_MARGIN = -0.3
"""The words decide; the meaning has a veto over what is far nearer to questions. On the development
sentences the lowest statement is at -0.25."""

Encode = Callable[[str], Any]
"""A text's vector, float32 of length 1."""


class Kind(StrEnum):
    PREFERENCE = "preference"
    CLEARED = "cleared"
    FORGET_LAST = "forget_last"
    FORGET_ABOUT = "forget_about"


@dataclass(frozen=True)
class Recognised:
    """`text` is the sentence that says it; `subject` the key of a typed preference that is cleared; `about`
    the words of what is to be forgotten; `rest` what the message asks besides, to be answered as well."""

    kind: Kind
    text: str
    preference: TypedPreference | None = None
    subject: str = ""
    about: str = ""
    rest: str = ""


def recognise(text: str, encode: Encode) -> Recognised | None:
    """None for everything that is asked, told or ordered for once."""
    sentences = [one.strip() for one in SENTENCES.split(text.strip()) if one.strip()]
    for number, sentence in enumerate(sentences):
        found = read_sentence(sentence)
        if found and (found.kind is not Kind.PREFERENCE or is_nearer_to_statements(sentence, encode)):
            others = [*sentences[:number], *sentences[number + 1 :]]
            return _with_rest(found, [one for one in others if not NOTHING_MORE.match(one)])
    return None


def read_sentence(sentence: str) -> Recognised | None:
    """By its words alone."""
    if is_question(sentence) or len(sentence) > MAX_TEXT:
        return None
    if FORGET_LAST.search(sentence):
        return Recognised(Kind.FORGET_LAST, sentence)
    if found := FORGET_ABOUT.search(sentence):
        return Recognised(Kind.FORGET_ABOUT, sentence, about=found["about"].strip(" .!"))
    key = subject_of_preference(sentence) if STOPPED.search(sentence) else None
    if key and not _names_another(sentence, key):
        return Recognised(Kind.CLEARED, sentence, subject=key)
    if states_something(sentence):
        return Recognised(Kind.PREFERENCE, sentence, preference=stated_preference(sentence))
    return None


def stated_preference(sentence: str) -> TypedPreference | None:
    """Of a sentence that names several values, the one of its last clause: "not weekly, I prefer monthly"."""
    if whole := typed_preference(sentence):
        return whole
    last = re.split(r"[,;]| but | instead of ", sentence)[-1]
    key = subject_of_preference(sentence)
    value = value_said(key, last) if key else None
    return TypedPreference(key=key, value=value) if key and value else None


def _names_another(sentence: str, key: str) -> bool:
    """ "Don't show weekly numbers any more, I prefer monthly" states the second."""
    first, *others = re.split(r"[,;]| but ", sentence)
    said = value_said(key, others[-1]) if others else None
    return said is not None and said != value_said(key, first)


def _with_rest(found: Recognised, others: Sequence[str]) -> Recognised:
    if others:
        rest = " ".join(others)
    elif found.kind is Kind.PREFERENCE and REQUESTED.search(found.text):
        rest = AT_THE_END.sub("", found.text).strip()
    else:
        return found
    return Recognised(found.kind, found.text, found.preference, found.subject, found.about, rest)


def is_nearer_to_statements(sentence: str, encode: Encode) -> bool:
    """The mean cosine to the three nearest known statements, against that to the three nearest questions."""
    vector = encode(sentence)
    return _nearness(STATEMENTS, vector, encode) - _nearness(QUESTIONS, vector, encode) > LEAST_MARGIN


def _nearness(name: str, vector: Any, encode: Encode) -> float:
    import numpy as np

    return float(np.sort(_known(name, encode) @ vector)[-NEAREST:].mean())


@lru_cache(maxsize=8)
def _known(name: str, encode: Encode) -> Any:
    import numpy as np

    lines = (Path(__file__).parent / "said" / name).read_text(encoding="utf-8").splitlines()
    return np.stack([encode(line) for line in lines if line.strip()])


def preference_of_text(text: str, subject: str | None) -> TypedPreference | None:
    """Of a text that is kept on purpose: what it states, or the value it names of its subject."""
    if subject:
        value = value_said(subject, text) if subject in preference_kinds() else None
        return TypedPreference(key=subject, value=value) if value else None
    found = read_sentence(text)
    return found.preference if found and found.kind is Kind.PREFERENCE else None
