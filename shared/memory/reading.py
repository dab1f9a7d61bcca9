"""What one sentence states for later, by its words alone: a preference, its end, or something to forget."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from shared.memory.memory import MAX_TEXT, TypedPreference
from shared.memory.preferences import (
    preference_kinds,
    subject_of_preference,
    typed_preference,
    value_said,
)
from shared.memory.stating import (
    ASKED_BACK,
    FORGET_ABOUT,
    FORGET_ALL,
    FORGET_LAST,
    STOPPED,
    is_question,
    states_something,
)

REFUSED = re.compile(r"\b(?:instead of|rather than|over|and not|, not)\b.*$", re.IGNORECASE)
"""What somebody does not want: "weekly instead of monthly"."""

CLAUSES = re.compile(r"[,;]| but ")


class Kind(StrEnum):
    PREFERENCE = "preference"
    CLEARED = "cleared"
    FORGET_LAST = "forget_last"
    FORGET_ABOUT = "forget_about"
    FORGET_ALL = "forget_all"
    ASKED_BACK = "asked_back"


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


def read_sentence(sentence: str) -> Recognised | None:
    """By its words alone."""
    if len(sentence) > MAX_TEXT:
        return None
    if found := ASKED_BACK.search(sentence):
        return Recognised(Kind.ASKED_BACK, sentence, about=_others(found["about"] or ""))
    if is_question(sentence):
        return None
    if FORGET_ALL.search(sentence):
        return Recognised(Kind.FORGET_ALL, sentence)
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


def _others(about: str) -> str:
    """Empty for what is asked about oneself."""
    return "" if about.strip().lower() in ("me", "us", "my preferences", "our preferences") else about.strip()


def stated_preference(sentence: str) -> TypedPreference | None:
    """Of a sentence that names several values, the one that is wanted: "weekly instead of monthly", "no more
    weekly numbers, I prefer monthly"."""
    wanted = REFUSED.sub("", sentence)
    if whole := typed_preference(wanted):
        return whole
    last = CLAUSES.split(wanted)[-1]
    key = subject_of_preference(sentence)
    value = value_said(key, last) if key else None
    return TypedPreference(key=key, value=value) if key and value else None


def _names_another(sentence: str, key: str) -> bool:
    """ "Don't show weekly numbers any more, I prefer monthly" states the second."""
    first, *others = CLAUSES.split(sentence)
    said = value_said(key, others[-1]) if others else None
    return said is not None and said != value_said(key, first)


def preference_of_text(text: str, subject: str | None) -> TypedPreference | None:
    """Of a text that is kept on purpose: what it states, or the value it names of its subject."""
    if subject:
        value = value_said(subject, text) if subject in preference_kinds() else None
        return TypedPreference(key=subject, value=value) if value else None
    found = read_sentence(text)
    return found.preference if found and found.kind is Kind.PREFERENCE else None
