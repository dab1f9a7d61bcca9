"""A report cut into sentences and clauses, each with what is named in it."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from shared.brain.inspect_media.lexicon import Patterns, patterns
from shared.brain.inspect_media.measures import Measure, find_measures
from shared.brain.inspect_media.wording import normalised
from shared.brain.inspect_media.zones import Zone, find_zones
from shared.domain.components import catalogue

_SENTENCE = re.compile(r"[!?;]|(?<!\d)\.|\.(?!\d)")
_CLAUSE = re.compile(r"[,:]|\b(?:but|although|though|however|then)\b|\band\b")
_TWO_PLACES = re.compile(r"\b(?:left|right|front|rear) and (?:the )?(?:left|right|front|rear)\b")
"""`left and right front` is one place word after another, no new clause."""

_OPENING = re.compile(r"^(?:(?:ok|okay|alright|all right|so|well|oh|hey|yeah|yep)\b[, ]*)+(?=\w)")
LONGEST_SENTENCE = 500
_NEGATION_REACH = 4
"""Words between a negation and what it denies: `I don't see any big cracks`."""

_LINKING = re.compile(r"\b(?:is|are|was|has|have|got|looks?|looking|feels?|sounds?|seems?|needs?|shows?)\b")
_ABOUT_A_NUMBER = re.compile(
    r"(?:maybe|probably|i think|i guess|about) \d+(?! ?(?:/32|millimeters|psi|volts))"
)


@dataclass(frozen=True)
class Phrase:
    """Words as they were said or written, from `at_s` on; `confidence` of the hearing, 1 for writing."""

    text: str
    at_s: float | None = None
    confidence: float = 1.0


@dataclass(frozen=True)
class Said:
    """A condition in a clause; `denied` when a negation stands before it."""

    condition: str
    start: int
    end: int
    denied: bool


@dataclass
class Clause:
    """`joined` is how it hangs on the clause before: `and`, `but`, `,` or nothing at a sentence's begin."""

    text: str
    joined: str
    phrase: int
    components: list[tuple[str, int, bool]] = field(default_factory=list)
    """Id, where, and whether it was named in the plural."""
    zones: list[Zone] = field(default_factory=list)
    conditions: list[Said] = field(default_factory=list)
    measures: list[Measure] = field(default_factory=list)
    is_hedged: bool = False
    is_urgent: bool = False
    is_correction: bool = False
    is_narration: bool = False

    @property
    def has_condition(self) -> bool:
        return bool(self.conditions or self.measures)

    @property
    def says_something(self) -> bool:
        """A component is linked to a word nobody here knows."""
        return bool(self.components and not self.is_narration and _LINKING.search(self.text))


def sentences(phrases: Iterable[Phrase]) -> Iterator[list[Clause]]:
    """The clauses of each sentence; a pause between two phrases ends none, punctuation does."""
    known = patterns()
    text, starts = "", list[int]()
    for phrase in phrases:
        starts.append(len(text))
        said = normalised(
            phrase.text, abbreviations=known.lexicon.abbreviations, misheard=known.lexicon.misheard
        )
        text += said + " "
        if len(text) - max(text.rfind(end) for end in ".!?;") > LONGEST_SENTENCE:
            text += ". "  # nobody breathes so late: the stop was not heard
    for begin, end in _spans(text, _SENTENCE):
        clauses = [clause for clause in _clauses(text, begin, end, starts, known) if clause.text]
        if clauses:
            yield clauses


def _spans(text: str, cut: re.Pattern[str], begin: int = 0) -> Iterator[tuple[int, int]]:
    for found in cut.finditer(text):
        yield begin, found.start()
        begin = found.end()
    yield begin, len(text)


def _clauses(text: str, begin: int, end: int, starts: list[int], known: Patterns) -> Iterator[Clause]:
    opening = _OPENING.match(text[begin:end].lstrip())
    if opening:
        begin += len(text[begin:end]) - len(text[begin:end].lstrip()) + opening.end()
    part = text[begin:end]
    whole = [found.span() for found in _TWO_PLACES.finditer(part)]
    cuts = [
        (one.start() + begin, one.end() + begin, one[0])
        for one in _CLAUSE.finditer(part)
        if not any(first < one.start() < last for first, last in whole)
    ]
    joined, start = "", begin
    for cut, after, word in [*cuts, (end, end, "")]:
        piece = text[start:cut]
        first = start + len(piece) - len(piece.lstrip())
        yield _read(piece.strip(), joined, bisect_right(starts, first) - 1, known)
        joined, start = word, after


def _read(text: str, joined: str, phrase: int, known: Patterns) -> Clause:
    correction = known.corrections.search(text)
    if correction:
        text = text[correction.end() :].strip() if correction.start() < 12 else text
    conditions = _conditions(text, known)
    hedge = _ABOUT_A_NUMBER.sub("", text)
    return Clause(
        text=text or "-",
        joined=joined,
        phrase=phrase,
        components=_components(text, known),
        zones=find_zones(text),
        conditions=conditions,
        measures=find_measures(text),
        is_hedged=bool(known.hedges.search(hedge)),
        is_urgent=bool(known.urgent.search(text)),
        is_correction=correction is not None,
        is_narration=bool(known.narration.search(text)),
    )


def _components(text: str, known: Patterns) -> list[tuple[str, int, bool]]:
    found = []
    for match in known.components.finditer(text):
        name = known.component_of[match[0]]
        plural = match[0].endswith("s") and match[0] not in catalogue().component(name).words
        found.append((name, match.start(), plural))
    return found


def _conditions(text: str, known: Patterns) -> list[Said]:
    """The longest of those that overlap."""
    every = [
        (match.start(), match.end(), name)
        for name, pattern in known.conditions
        for match in pattern.finditer(text)
    ]
    kept: list[Said] = []
    for start, end, name in sorted(every, key=lambda one: (one[0] - one[1], one[0])):
        if all(end <= other.start or start >= other.end for other in kept):
            kept.append(Said(name, start, end, _is_denied(text[:start], known)))
    return sorted(kept, key=lambda said: said.start)


def _is_denied(before: str, known: Patterns) -> bool:
    ends = [found.end() for found in known.negations.finditer(before)]
    return bool(ends) and len(before[ends[-1] :].split()) < _NEGATION_REACH
