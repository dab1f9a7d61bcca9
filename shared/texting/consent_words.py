"""What somebody's words say about being texted."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class ConsentKind(StrEnum):
    """`stop`, `start`, `help`: one of the words everybody agrees on; `refusal`: said in one's own words."""

    STOP = "stop"
    START = "start"
    HELP = "help"
    REFUSAL = "refusal"
    NONE = "none"


@dataclass(frozen=True)
class ConsentWords:
    """`evidence` is the part of the text that says so, `confidence` 0 to 1 how surely it does."""

    kind: ConsentKind
    confidence: float = 1.0
    evidence: str = ""


NOTHING_SAID = ConsentWords(ConsentKind.NONE)
