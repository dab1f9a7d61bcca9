"""Preferences said in a chat are recognised: by what a sentence says of itself, and by whether it is nearer
to known statements than to known questions.

Held-out sentences and their figures: tests/unit/memory/, docs/memory.md.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import Any

from shared.memory.reading import Kind, Recognised, read_sentence
from shared.memory.stating import AT_THE_END, REQUESTED

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


def recognise(text: str, encode: Encode) -> Recognised | None:
    """None for everything that is asked, told or ordered for once."""
    sentences = [one.strip() for one in SENTENCES.split(text.strip()) if one.strip()]
    for number, sentence in enumerate(sentences):
        found = read_sentence(sentence)
        if found and (found.kind is not Kind.PREFERENCE or is_nearer_to_statements(sentence, encode)):
            others = [*sentences[:number], *sentences[number + 1 :]]
            return _with_rest(found, [one for one in others if not NOTHING_MORE.match(one)])
    return None


def _with_rest(found: Recognised, others: Sequence[str]) -> Recognised:
    if others:
        rest = " ".join(others)
    elif found.kind is Kind.PREFERENCE and REQUESTED.search(found.text):
        rest = AT_THE_END.sub("", found.text).strip()
    else:
        return found
    return replace(found, rest=rest)


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
