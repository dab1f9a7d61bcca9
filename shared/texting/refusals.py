"""Refusals of texts in somebody's own words: by the patterns in refusals.yaml, else by a small model."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from shared.texting.refusal_model import probability
from shared.yaml_file import read_yaml

READ = 1_600
"""Characters of a text that are looked at: one message's worth, however long the form's field is."""

AS_PROBABLE = 0.45
"""From this probability on the model's word counts: rather one too many, a person reads it anyway."""

_SIGNS = frozenset({"So", "Sk", "Mn", "Cf"})

_SENTENCES = re.compile(r"[.!?;\n]+")
SHOWN = 160
"""Characters of a sentence kept as evidence."""

_PART = re.compile(r"<(\w+)>(?!\?)")


@dataclass(frozen=True)
class Refusal:
    """The part of the text that refuses, and how surely."""

    words: str
    confidence: float


@dataclass(frozen=True)
class _Patterns:
    spelled: tuple[tuple[re.Pattern[str], str], ...]
    refusals: tuple[tuple[float, re.Pattern[str]], ...]
    cues: Mapping[str, re.Pattern[str]]


def refusal_in(text: str) -> Refusal | None:
    """The surest refusal in a text that `opt_out.plain` has made plain; None where there is none."""
    said = spelled(text[:READ])
    return pattern_in(said) or _probable(said)


def pattern_in(said: str) -> Refusal | None:
    """The surest of the patterns that fit."""
    return max(_found(said), key=lambda one: one.confidence, default=None)


def _probable(text: str) -> Refusal | None:
    """A text, or one sentence of it: what stands around a refusal takes nothing from it."""
    parts = [text, *(part for part in _SENTENCES.split(text) if len(part.split()) > 1)]
    asked = [(probability(part), part.strip()) for part in parts if _has_cue(part)]
    confidence, surest = max(asked, default=(0.0, ""))
    return Refusal(surest[:SHOWN], round(confidence, 3)) if confidence >= AS_PROBABLE else None


def _has_cue(part: str) -> bool:
    cues = _patterns().cues
    says_so = cues["alone"].search(part) or (cues["act"].search(part) and cues["way"].search(part))
    return bool(says_so) and not cues["wanted"].search(part)


def _found(text: str) -> Iterator[Refusal]:
    for confidence, pattern in _patterns().refusals:
        if match := pattern.search(text):
            yield Refusal(match[0].strip(), confidence)


def spelled(text: str) -> str:
    """The text with other spellings made alike."""
    if any(char.isalpha() for char in text):
        # A sign between words hides none of them; a text of signs alone is read as it is.
        text = "".join(" " if unicodedata.category(char) in _SIGNS else char for char in text)
    for pattern, replacement in _patterns().spelled:
        text = pattern.sub(replacement, text)
    return re.sub(r"\s+", " ", text).strip()


@lru_cache(maxsize=1)
def _patterns() -> _Patterns:
    written = read_yaml(Path(__file__).with_name("refusals.yaml"))
    parts: Mapping[str, str] = written["parts"]
    spelled = ((re.compile(pattern), replacement) for pattern, replacement in written["spelled"])
    cues = {name: re.compile(pattern) for name, pattern in written["cues"].items()}
    return _Patterns(tuple(spelled), tuple(_refusals(written, parts)), cues)


def _refusals(
    written: Mapping[str, Any], parts: Mapping[str, str]
) -> Iterator[tuple[float, re.Pattern[str]]]:
    for one in written["refusals"]:
        for sureness, pattern in one.items():
            whole = _PART.sub(lambda match: parts[match[1]], pattern)
            yield written["confidence"][sureness], re.compile(whole)
