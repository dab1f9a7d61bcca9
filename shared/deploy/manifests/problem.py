"""What is wrong with a manifest, in one line: the file, the field, the word, and the way out."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any, TypeAlias


@dataclass(frozen=True, order=True)
class Problem:
    """`field` is a path in the file such as `routes.0.path`; `word` what stands there."""

    file: str
    field: str
    word: str
    what: str

    def __str__(self) -> str:
        return f"{self.file} field [{self.field}]: [{self.word}] {self.what}"


Found: TypeAlias = tuple[str, Any, str]
"""`(field, word, what is wrong with it)` of one manifest."""


def unknown(word: str, known: Collection[str], what: str) -> str:
    """`is no topic; did you mean [lead-received]?`"""
    near = get_close_matches(word, known, n=1)
    return f"is no {what}; did you mean [{near[0]}]?" if near else f"is no {what}; there is {_listed(known)}"


def _listed(known: Collection[str], most: int = 12) -> str:
    names = sorted(known)
    return ", ".join(names[:most]) + (", …" if len(names) > most else "")
