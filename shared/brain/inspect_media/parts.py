"""One component in a sentence with all that is said of it, and which parts a clause speaks of."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import takewhile

from shared.brain.inspect_media.clauses import Clause, Said
from shared.brain.inspect_media.lexicon import patterns
from shared.brain.inspect_media.measures import Measure, judged
from shared.brain.inspect_media.run_ons import is_place
from shared.brain.inspect_media.zones import Zone
from shared.domain.components import catalogue

_LIKEWISE = re.compile(r"(?:so (?:is|are|was|were|does|do)|same (?:with|for|on))\b")
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
    is_torn: bool = False
    is_against_praise: bool = False
    """Something was said that forbids to call it fine without a person."""
    says_something: bool = False

    @property
    def has_condition(self) -> bool:
        return bool(self.conditions or self.measures)


def trailing_bare(frames: Sequence[Frame]) -> list[Frame]:
    """Those named last of which nothing is said yet; what came before a finished one was only named."""
    return list(takewhile(lambda frame: not frame.has_condition, reversed(frames)))[::-1]


def parts(clause: Clause) -> list[tuple[str, bool]]:
    """The components a clause speaks of, without those that only say where."""
    known, found = patterns().lexicon, list(clause.components)
    if len(found) > 1:
        first_condition = min((said.start for said in clause.conditions), default=len(clause.text))
        kept = found[:1]
        for name, start, plural in found[1:]:
            if not is_place(clause.text[:start]):
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


def frame_of(component: str, plural: bool, clause: Clause, zones: Sequence[Zone]) -> Frame:
    return Frame(
        component,
        plural,
        [clause.phrase],
        list(zones),
        list(clause.conditions),
        list(clause.measures),
        clause.is_hedged,
        is_torn=clause.is_torn,
    )


def like(frame: Frame, clause: Clause) -> Frame:
    """The same component, elsewhere: after `front left …`, `right …` is the front right."""
    ends = {zone.end for zone in frame.zones if zone.side}
    zones = clause.zones
    if len(ends) == 1 and len(zones) == 1 and zones[0].side and not zones[0].end:
        zones = [replace(zones[0], end=ends.pop())]
    return frame_of(frame.component, frame.plural, clause, zones)


def add(frame: Frame, clause: Clause) -> None:
    frame.conditions += clause.conditions
    frame.measures += clause.measures
    frame.is_hedged = frame.is_hedged or clause.is_hedged
    frame.is_torn = frame.is_torn or clause.is_torn
    if clause.phrase not in frame.phrases:
        frame.phrases.append(clause.phrase)


def elsewhere(one: list[Zone], other: list[Zone]) -> bool:
    return all(a.joined(b) is None for a in one for b in other)


def defects(clause: Clause) -> list[Said]:
    known = patterns().lexicon.conditions
    return [said for said in clause.conditions if not known[said.condition].good and not said.denied]


def is_bad(frame: Frame) -> bool:
    """A defect of it was said or measured."""
    known = patterns().lexicon.conditions
    named = any(known[said.condition].good == said.denied for said in frame.conditions)
    return named or any(judged(frame.component, one) in ("red", "yellow") for one in frame.measures)


def implied(clause: Clause) -> str | None:
    """The part that is meant when its condition alone is said: `metal to metal`."""
    for name, pattern in patterns().implied:
        if defects(clause) and pattern.search(clause.text):
            return name
    return None


def is_of_another_system(name: str, other: str) -> bool:
    return catalogue().component(name).system != catalogue().component(other).system


def shares_what_was_said(clause: Clause) -> bool:
    """`so is the left one`: the condition is the one said last."""
    return not clause.has_condition and bool(_LIKEWISE.match(clause.text))
