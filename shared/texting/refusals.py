"""Refusals of texts in somebody's own words; the patterns are in refusals.yaml."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from shared.yaml_file import read_yaml

READ = 1_600
"""Characters of a text that are looked at: one message's worth, however long the form's field is."""

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


def refusal_in(text: str) -> Refusal | None:
    """The surest refusal in a text that `opt_out.plain` has made plain; None where there is none."""
    found = _found(_spelled(text[:READ]))
    return max(found, key=lambda one: one.confidence, default=None)


def _found(text: str) -> Iterator[Refusal]:
    for confidence, pattern in _patterns().refusals:
        if match := pattern.search(text):
            yield Refusal(match[0].strip(), confidence)


def _spelled(text: str) -> str:
    for pattern, replacement in _patterns().spelled:
        text = pattern.sub(replacement, text)
    return re.sub(r"\s+", " ", text).strip()


@lru_cache(maxsize=1)
def _patterns() -> _Patterns:
    written = read_yaml(Path(__file__).with_name("refusals.yaml"))
    parts: Mapping[str, str] = written["parts"]
    spelled = ((re.compile(pattern), replacement) for pattern, replacement in written["spelled"])
    return _Patterns(tuple(spelled), tuple(_refusals(written, parts)))


def _refusals(
    written: Mapping[str, Any], parts: Mapping[str, str]
) -> Iterator[tuple[float, re.Pattern[str]]]:
    for one in written["refusals"]:
        for sureness, pattern in one.items():
            whole = _PART.sub(lambda match: parts[match[1]], pattern)
            yield written["confidence"][sureness], re.compile(whole)
