"""A report cut into sentences and clauses, each with what is named in it."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import pairwise

from shared.brain.inspect_media.lexicon import Patterns, patterns
from shared.brain.inspect_media.measures import Measure, find_measures
from shared.brain.inspect_media.run_ons import RUN_ON, Marks, cuts_between, is_torn
from shared.brain.inspect_media.wording import Wording, normalised
from shared.brain.inspect_media.zones import Zone, find_zones
from shared.domain.components import catalogue

_SENTENCE = re.compile(r"[!?;]|(?<!\d)\.|\.(?!\d)")
_CLAUSE = re.compile(
    r"[,:]|\b(?:but|although|though|however|then|and"
    r"|except(?: for)?|besides|other than|aside from|apart from)\b"
)
_TWO_PLACES = re.compile(r"\b(?:left|right|front|rear) and (?:the )?(?:left|right|front|rear)\b")
"""`left and right front` is one place word after another, no new clause."""

_OPENING = re.compile(r"^(?:(?:ok|okay|alright|all right|so|well|oh|hey|yeah|yep)\b[, ]*)+(?=\w)")
LONGEST_SENTENCE = 500
_SEVERAL_WORDS = 3
_NEGATION_REACH = 4
"""Words between a negation and what it denies: `I don't see any big cracks`."""

_LINKING = re.compile(
    r"\b(?:is|are|was|has|have|got|looks?|looking|feels?|sounds?|seems?|needs?|shows?|wont|doesnt|dont|cant)\b"
)
_ABOUT_A_NUMBER = re.compile(
    r"(?:maybe|probably|i think|i guess|about) \d+(?! ?(?:/32|millimeters|psi|volts))"
)


_NOT_THIS = re.compile(r"\b(?:aint|isnt|is not|not|wasnt|was not) the (?:(?:left|right|front|rear) )*$")
"""`it ain't the rear main`: named only to be ruled out."""


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
    is_doubtful: bool = False
    """Another one's word, another vehicle, an open condition: everything in the sentence is a person's."""
    is_against_praise: bool = False
    is_sarcastic: bool = False
    is_torn: bool = False
    """A condition stands between two components, and nothing says which of them it is of."""

    is_dangerous: bool = False

    @property
    def has_condition(self) -> bool:
        return bool(self.conditions or self.measures)

    @property
    def is_exception(self) -> bool:
        """`… except the right rear`: what was said is not true of it."""
        return self.joined.startswith(("but", "except", "besides", "other", "aside", "apart"))

    @property
    def only_says_where(self) -> bool:
        words = patterns().lexicon
        return all(
            word in words.place_words or word in words.locating or word in words.between_place_and_part
            for word in self.text.split()
        )

    @property
    def is_unknown(self) -> bool:
        """Several words, and not one of them known here; after praise they may take it back."""
        known = self.components or self.zones or self.has_condition
        return not known and not self.is_narration and len(self.text.split()) >= _SEVERAL_WORDS

    @property
    def says_something(self) -> bool:
        """A component is linked to a word nobody here knows; on a safety part any such word counts."""
        if not self.components or self.is_narration:
            return False
        is_safety = any(catalogue().component(name).safety for name, _, _ in self.components)
        return self.is_sarcastic or bool(_LINKING.search(self.text)) or (is_safety and self.says_more)

    @property
    def says_more(self) -> bool:
        """Words are left that are neither the part nor its place."""
        left = patterns().components.sub("", self.text).split()
        words = patterns().lexicon
        return any(
            one not in words.place_words | words.locating | words.between_place_and_part for one in left
        )


def sentences(phrases: Iterable[Phrase]) -> Iterator[list[Clause]]:
    """The clauses of each sentence; a pause between two phrases ends none, punctuation does."""
    known = patterns()
    words = known.lexicon
    wording = Wording(words.abbreviations, words.misheard, words.heard_numbers, words.rewritten)
    text, starts = "", list[int]()
    for phrase in phrases:
        starts.append(len(text))
        text += normalised(phrase.text, wording) + " "
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
    cuts += [(one.start() + begin, one.start() + begin, ",") for one in known.corrections.finditer(part)]
    joined, start = "", begin
    for cut, after, word in [*sorted(cuts), (end, end, "")]:
        for first, piece, glue in _pieces(text[start:cut], joined, known):
            at = start + first
            yield _read(piece, glue, bisect_right(starts, at) - 1, known)
        joined, start = word, after


def _pieces(text: str, joined: str, known: Patterns) -> Iterator[tuple[int, str, str]]:
    """What was said in one breath, in pieces of one subject each, and where they begin."""
    text = text.rstrip()
    if not text:
        return
    marks = Marks(
        subjects=tuple((start, True, name) for name, start, _ in _components(text, known))
        + tuple((zone.start, False, f"{zone.end}{zone.side}") for zone in find_zones(text)),
        conditions=tuple(
            (said.start, said.end, said.condition == "needs_replacing") for said in _conditions(text, known)
        )
        + tuple((one.start, one.start + 1, False) for one in find_measures(text)),
    )
    for start, end in pairwise([0, *cuts_between(text, marks), len(text)]):
        piece = text[start:end]
        yield start + len(piece) - len(piece.lstrip()), piece.strip(), RUN_ON if start else joined


def _read(text: str, joined: str, phrase: int, known: Patterns) -> Clause:
    correction = known.corrections.search(text)
    if correction:
        text = text[correction.end() :].strip() if correction.start() < 12 else text
    text = text or "-"
    conditions = _conditions(text, known)
    components = _without_what_runs_out(_components(text, known), conditions, known)
    measures = find_measures(text, is_correction=correction is not None)
    zones = find_zones(text)
    hedge = _ABOUT_A_NUMBER.sub("", text)
    return Clause(
        text=text,
        joined=joined,
        phrase=phrase,
        components=components,
        zones=zones,
        conditions=conditions,
        measures=measures,
        is_hedged=bool(known.hedges.search(hedge)),
        is_urgent=bool(known.urgent.search(text)),
        is_correction=correction is not None,
        is_narration=bool(known.narration.search(text)),
        is_doubtful=bool(known.doubtful.search(text)),
        is_against_praise=bool(known.no_praise.search(text)),
        is_sarcastic=bool(known.sarcasm.search(text)),
        is_dangerous=any(not _is_denied(text[: one.start()], known) for one in known.danger.finditer(text)),
        is_torn=len({_is_praise(said, known) for said in conditions}) > 1
        or (len(zones) > 1 and len({one.value for one in measures}) > 1)
        or is_torn(text, [(start, name) for name, start, _ in components], conditions),
    )


def _components(text: str, known: Patterns) -> list[tuple[str, int, bool]]:
    found = []
    nowhere = [one.span() for one in known.no_part.finditer(text)]
    for match in known.components.finditer(text):
        if _NOT_THIS.search(text[: match.start()]):
            continue
        if any(start <= match.start() < end for start, end in nowhere):
            continue
        name = known.component_of[match[0]]
        alone = match[0] in known.lexicon.one_of_its_kind
        plural = alone or (match[0].endswith("s") and match[0] not in catalogue().component(name).words)
        found.append((name, match.start(), plural))
    return found


def _without_what_runs_out(
    components: list[tuple[str, int, bool]], conditions: list[Said], known: Patterns
) -> list[tuple[str, int, bool]]:
    """`the water pump is pouring coolant`: the pump leaks, the coolant is only what is seen of it."""
    after_leak = {said.end + 1 for said in conditions if said.condition == "leaking"}
    return [
        one
        for number, one in enumerate(components)
        if not (number and one[0] in known.lexicon.fluids and one[1] in after_leak)
    ]


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


def _is_praise(said: Said, known: Patterns) -> bool:
    return known.lexicon.conditions[said.condition].good != said.denied


def _is_denied(before: str, known: Patterns) -> bool:
    ends = [found.end() for found in known.negations.finditer(before)]
    return bool(ends) and len(before[ends[-1] :].split()) < _NEGATION_REACH
