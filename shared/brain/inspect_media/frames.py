"""Clauses become frames: a component, where it is, and everything said of it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import takewhile

from shared.brain.inspect_media.clauses import Clause, Said
from shared.brain.inspect_media.lexicon import patterns
from shared.brain.inspect_media.measures import Measure
from shared.brain.inspect_media.zones import Zone
from shared.domain.components import catalogue

_ABSORBED = {"paint": "body", "wheel": "tires", "brakes": "brakes"}
"""Named beside another part of its system, it is no part of its own."""


@dataclass
class Frame:
    """What was said of one component in one sentence."""

    component: str
    plural: bool
    phrases: list[int]
    zones: list[Zone] = field(default_factory=list)
    conditions: list[Said] = field(default_factory=list)
    measures: list[Measure] = field(default_factory=list)
    is_hedged: bool = False
    is_urgent: bool = False
    is_inherited: bool = False
    """The component was named in a sentence before."""
    says_something: bool = False

    @property
    def has_condition(self) -> bool:
        return bool(self.conditions or self.measures)


@dataclass
class Reader:
    """Goes through a report clause by clause; `unattached` are the phrases of defects without a component."""

    frames: list[Frame] = field(default_factory=list)
    unattached: list[int] = field(default_factory=list)
    _sentence: list[Frame] = field(default_factory=list)
    _zones: list[Zone] = field(default_factory=list)
    _pending: Clause | None = None
    _before: Frame | None = None
    _section: list[Zone] = field(default_factory=list)

    def read(self, clauses: Sequence[Clause]) -> None:
        """One sentence."""
        self._begin(taken_back=clauses[0].is_correction)
        corrected = False
        for clause in clauses:
            corrected = corrected or clause.is_correction
            if corrected and (clause.zones or clause.components or clause.has_condition):
                self._correct(clause)
                corrected = False
            else:
                self._take(clause)
        self._finish(clauses)

    def _begin(self, *, taken_back: bool) -> None:
        """A sentence that begins with `no wait` goes on with the one before."""
        self._pending = None
        if taken_back:
            self.frames = [one for one in self.frames if all(one is not last for last in self._sentence)]
        else:
            self._sentence, self._zones = [], []

    def _take(self, clause: Clause) -> None:
        named = _parts(clause)
        if named and not self._is_surface_of_the_last(named):
            self._name(clause, named)
        elif clause.has_condition:
            self._describe(clause)
        elif clause.zones:
            self._place(clause.zones)
        if clause.is_hedged and not named and not clause.has_condition:
            for frame in self._sentence:
                frame.is_hedged = True

    def _is_surface_of_the_last(self, named: list[tuple[str, bool]]) -> bool:
        """`the bumper is dented and the paint is cracked`: it is the bumper's paint."""
        last = self._sentence[-1] if self._sentence else None
        body = last is not None and catalogue().component(last.component).system == "body"
        return body and [name for name, _ in named] == ["paint"]

    def _name(self, clause: Clause, named: list[tuple[str, bool]]) -> None:
        zones = clause.zones or self._zones
        made = [
            Frame(
                component,
                plural,
                [clause.phrase],
                list(zones),
                list(clause.conditions),
                list(clause.measures),
                clause.is_hedged,
                says_something=clause.says_something,
            )
            for component, plural in named
        ]
        if self._pending and not clause.has_condition:
            for frame in made:
                _add(frame, self._pending)
            self._pending = None
        elif clause.has_condition:
            self._share_back(clause)
        elif clause.joined == "and" and self._sentence:
            self._share_need(made)
        if clause.zones:
            self._zones = clause.zones
        self._sentence += made

    def _share_need(self, made: list[Frame]) -> None:
        """`needs tires and an alignment`: what is needed is said once."""
        need = [said for said in self._sentence[-1].conditions if said.condition == "needs_replacing"]
        for frame in made:
            frame.conditions += need

    def _share_back(self, clause: Clause) -> None:
        """`pads and rotors are shot`: what was named before without a word of its own gets these."""
        if clause.joined == "and":
            for frame in _trailing_bare(self._sentence):
                _add(frame, clause)
                frame.zones = frame.zones or list(clause.zones)

    def _describe(self, clause: Clause) -> None:
        bare = _trailing_bare(self._sentence)
        last = self._sentence[-1] if self._sentence else None
        if bare:
            for frame in bare:
                _add(frame, clause)
            if clause.zones:
                self._place(clause.zones)
        elif last and clause.zones and last.zones and _elsewhere(last.zones, clause.zones):
            self._sentence.append(_like(last, clause))
            self._zones = clause.zones
        elif last:
            _add(last, clause)
            if clause.zones:
                self._place(clause.zones)
        else:
            self._pending = clause
            self._zones = clause.zones or self._zones

    def _place(self, zones: list[Zone]) -> None:
        """A place by itself belongs to what was just said, or to what comes."""
        touched = False
        for frame in self._sentence:
            if not frame.zones:
                frame.zones, touched = list(zones), True
            elif len(frame.zones) == 1 and len(zones) == 1 and (both := frame.zones[0].joined(zones[0])):
                frame.zones, touched = [both], True
        self._zones = zones if not touched else self._sentence[-1].zones

    def _correct(self, clause: Clause) -> None:
        """What follows `no wait` replaces what it contradicts."""
        last = self._sentence[-1] if self._sentence else None
        named = _parts(clause)
        if last is None:
            self._zones, self._pending = [], self._pending if not clause.has_condition else None
            self._take(clause)
        elif not named and not clause.has_condition:
            self._replace_places(clause.zones)
        elif not last.has_condition or not named or any(one == last.component for one, _ in named):
            self._take_back(last, clause, named)
        else:
            self._take(clause)

    def _take_back(self, last: Frame, clause: Clause, named: list[tuple[str, bool]]) -> None:
        """The frame said last goes; what the correction does not say anew is kept of it."""
        self._sentence = [one for one in self._sentence if one is not last]
        self._zones = clause.zones or self._zones
        if named:
            self._name(clause, named)
        else:
            self._sentence.append(_like(last, clause))
            self._sentence[-1].zones = clause.zones or last.zones
        if not clause.has_condition:
            self._sentence[-1].conditions += last.conditions
            self._sentence[-1].measures += last.measures
            self._sentence[-1].phrases = [*last.phrases, *self._sentence[-1].phrases]

    def _replace_places(self, zones: list[Zone]) -> None:
        places = self._sentence[-1].zones
        for frame in self._sentence:
            if frame.zones == places:
                frame.zones = list(zones)
        self._zones = zones

    def _finish(self, clauses: Sequence[Clause]) -> None:
        if self._pending:
            self._leave(self._pending)
        if any(clause.is_urgent for clause in clauses):
            for frame in self._sentence:
                frame.is_urgent = True
        narrated = any(clause.is_narration for clause in clauses)
        only_placed = not self._sentence and not any(clause.has_condition for clause in clauses)
        if narrated or only_placed:
            self._section = self._zones or self._section
        for frame in self._sentence:
            if not frame.zones and frame.has_condition:
                frame.zones = list(self._section if not self._zones else self._zones)
        self.frames += self._sentence
        if self._sentence:
            self._before = self._sentence[-1]

    def _leave(self, clause: Clause) -> None:
        """A sentence without a component: a defect in it belongs to the one before, as a person decides."""
        defects = _defects(clause)
        if not defects:
            return
        if self._before is None:
            self.unattached.append(clause.phrase)
            return
        frame = _like(self._before, clause)
        frame.is_inherited = True
        frame.zones = list(clause.zones or self._before.zones)
        self._sentence.append(frame)


def _trailing_bare(frames: Sequence[Frame]) -> list[Frame]:
    """Those named last of which nothing is said yet; what came before a finished one was only named."""
    return list(takewhile(lambda frame: not frame.has_condition, reversed(frames)))[::-1]


def _parts(clause: Clause) -> list[tuple[str, bool]]:
    """The components a clause speaks of, without those that only say where."""
    known, found = patterns().lexicon, list(clause.components)
    if len(found) > 1:
        first_condition = min((said.start for said in clause.conditions), default=len(clause.text))
        kept = found[:1]
        for name, start, plural in found[1:]:
            if not _is_place(clause.text[:start]):
                kept.append((name, start, plural))
            elif kept[0][0] in known.fluids and first_condition < start:
                kept[0] = (name, start, plural)
        found = kept
    names = list(dict.fromkeys((name, plural) for name, _, plural in found))
    systems = [catalogue().component(name).system for name, _ in names]
    return [
        (name, plural)
        for name, plural in names
        if not (name in _ABSORBED and len(names) > 1 and systems.count(_ABSORBED[name]) > (name != "paint"))
    ]


def _is_place(before: str) -> bool:
    """`to the right rear` before a component: it says where another one is."""
    known = patterns().lexicon
    words = before.split()
    while words and words[-1] in known.between_place_and_part:
        words.pop()
    return bool(words) and words[-1] in known.locating


def _like(frame: Frame, clause: Clause) -> Frame:
    return Frame(
        frame.component,
        frame.plural,
        [clause.phrase],
        list(clause.zones),
        list(clause.conditions),
        list(clause.measures),
        clause.is_hedged,
    )


def _add(frame: Frame, clause: Clause) -> None:
    frame.conditions += clause.conditions
    frame.measures += clause.measures
    frame.is_hedged = frame.is_hedged or clause.is_hedged
    if clause.phrase not in frame.phrases:
        frame.phrases.append(clause.phrase)


def _elsewhere(one: list[Zone], other: list[Zone]) -> bool:
    return all(a.joined(b) is None for a in one for b in other)


def _defects(clause: Clause) -> list[Said]:
    known = patterns().lexicon.conditions
    return [said for said in clause.conditions if not known[said.condition].good and not said.denied]


def read_frames(sentences: Iterable[Sequence[Clause]]) -> Reader:
    reader = Reader()
    for clauses in sentences:
        reader.read(clauses)
    return reader
