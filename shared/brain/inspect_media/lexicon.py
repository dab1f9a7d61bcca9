"""The words of `lexicon.yaml`, ready to be looked for."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field

from shared.domain.components import Component, Severity, catalogue
from shared.yaml_file import read_yaml

LEXICON_FILE = Path(__file__).with_name("lexicon.yaml")


class Condition(BaseModel):
    """One way something can be. `but` says another severity for a component, a system or `safety`."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    title: str
    severity: Severity
    words: tuple[str, ...] = Field(min_length=1)
    but: dict[str, Severity] = {}
    good: bool = False
    denied_says_nothing: bool = False
    """`does not need pads yet` is no praise of the pads."""

    def severity_for(self, component: Component) -> Severity:
        asked = [component.id, component.system, *(["safety"] if component.safety else [])]
        return next((self.but[name] for name in asked if name in self.but), self.severity)


class Lexicon(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", ignored_types=(cached_property,))

    version: int
    conditions: dict[str, Condition]
    urgent: tuple[str, ...]
    hedges: tuple[str, ...]
    negations: tuple[str, ...]
    corrections: tuple[str, ...]
    narration: tuple[str, ...]
    doubtful: tuple[str, ...]
    no_praise: tuple[str, ...]
    sarcasm: tuple[str, ...]
    danger: tuple[str, ...]
    implied: dict[str, tuple[str, ...]]
    no_part: tuple[str, ...]
    only_end: dict[str, str]
    one_of_its_kind: frozenset[str]
    beside: frozenset[str]
    locating: frozenset[str]
    between_place_and_part: frozenset[str]
    place_words: frozenset[str]
    fluids: frozenset[str]
    before_left_that_remains: frozenset[str]
    after_right_that_is_no_side: frozenset[str]
    after_back_that_is_rear: frozenset[str]
    usual_zones: dict[str, str]
    abbreviations: dict[str, str]
    misheard: dict[str, str]
    heard_numbers: dict[str, str]
    rewritten: dict[str, str]
    english: frozenset[str]
    vocabulary: str


def any_of(words: tuple[str, ...], *, escaped: bool = False) -> re.Pattern[str]:
    """The longest of the words that stands somewhere by itself."""
    ordered = sorted(words, key=len, reverse=True)
    return re.compile(rf"\b(?:{'|'.join(map(re.escape, ordered) if escaped else ordered)})\b")


@dataclass(frozen=True)
class Patterns:
    """Compiled once a process."""

    lexicon: Lexicon
    components: re.Pattern[str]
    component_of: dict[str, str]
    conditions: tuple[tuple[str, re.Pattern[str]], ...]
    urgent: re.Pattern[str]
    hedges: re.Pattern[str]
    negations: re.Pattern[str]
    corrections: re.Pattern[str]
    narration: re.Pattern[str]
    doubtful: re.Pattern[str]
    no_praise: re.Pattern[str]
    sarcasm: re.Pattern[str]
    danger: re.Pattern[str]
    no_part: re.Pattern[str]
    implied: tuple[tuple[str, re.Pattern[str]], ...]


@lru_cache(maxsize=1)
def patterns() -> Patterns:
    lexicon = Lexicon.model_validate(read_yaml(LEXICON_FILE))
    names = {word: one.id for one in catalogue().components.values() for word in one.words}
    plurals = {plural: name for word, name in names.items() for plural in _plurals(word)}
    known = {**plurals, **names}
    return Patterns(
        lexicon=lexicon,
        components=any_of(tuple(known), escaped=True),
        component_of=known,
        conditions=tuple((name, any_of(one.words)) for name, one in lexicon.conditions.items()),
        urgent=any_of(lexicon.urgent),
        hedges=any_of(lexicon.hedges),
        negations=any_of(lexicon.negations),
        corrections=any_of(lexicon.corrections),
        narration=any_of(lexicon.narration),
        doubtful=any_of(lexicon.doubtful),
        no_praise=any_of(lexicon.no_praise),
        sarcasm=any_of(lexicon.sarcasm),
        danger=any_of(lexicon.danger),
        no_part=any_of(lexicon.no_part),
        implied=tuple((name, any_of(words)) for name, words in lexicon.implied.items()),
    )


def _plurals(word: str) -> tuple[str, ...]:
    if word.endswith(("s", "sh", "ch", "x")):
        return (f"{word}es",)
    return (f"{word[:-1]}ies", f"{word}s") if word.endswith("y") else (f"{word}s",)
