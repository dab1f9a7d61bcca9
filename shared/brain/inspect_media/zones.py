"""Where on the vehicle: `driver side front`, `LR`, `all four corners`, and the left that means remaining."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from itertools import pairwise

from shared.brain.inspect_media.lexicon import patterns
from shared.domain.components import Component

_SIDES = {"left": "left", "driver": "left", "drivers": "left", "right": "right", "passenger": "right"}
_SIDES["passengers"] = "right"
_ENDS = {"front": "front", "fronts": "front", "rear": "rear", "rears": "rear", "back": "rear"}
_BETWEEN = frozenset({"side", "hand", "corner", "wheel", "end"})
_WORD = re.compile(r"[a-z]+|,")
_ALL = re.compile(
    r"\b(?:all (?:4|the way around|around)|(?:4|all) corners|all (?:of )?(?:the |them|four)"
    r"|x ?4|across the board)\b"
)
_NO_PLACE_AFTER_REAR = frozenset({"main", "view"})


@dataclass(frozen=True)
class Zone:
    """A place as far as it was said; `start` is where in the clause."""

    end: str = ""
    side: str = ""
    everywhere: bool = False
    start: int = 0

    def joined(self, other: Zone) -> Zone | None:
        """Both together where they complete each other; None where they say different places."""
        if self.everywhere or other.everywhere:
            return None
        if (self.end and other.end and self.end != other.end) or (
            self.side and other.side and self.side != other.side
        ):
            return None
        return Zone(self.end or other.end, self.side or other.side, start=self.start)

    def on(self, component: Component) -> str | None:
        """The catalogue's word for it on this component; None where it has no such place."""
        if component.only_zone:
            return component.only_zone
        if self.everywhere:
            return "whole"
        said = "_".join(part for part in (self.end, self.side) if part)
        fitting = [said, self.end, self.side, f"front_{self.side}", f"rear_{self.side}"]
        return next((name for name in fitting if name and name in component.zones), None)


def find_zones(clause: str) -> list[Zone]:
    """In the order said; `left and right front` are two."""
    words = [(found[0], found.start()) for found in _WORD.finditer(clause)]
    runs: list[Zone] = []
    current: Zone | None = None
    for index, (word, start) in enumerate(words):
        before = words[index - 1][0] if index else ""
        after = words[index + 1][0] if index + 1 < len(words) else ""
        named = _named(word, before, after)
        if named is None:
            current = current if word in _BETWEEN else None
            continue
        merged = current.joined(named) if current else None
        if merged and current and current.end and current.side and not _goes_on(current, after):
            merged = None
        if merged and runs:
            current = runs[-1] = merged
        else:
            current = replace(named, start=start)
            runs.append(current)
    if everywhere := _ALL.search(clause):
        return [Zone(everywhere=True, start=everywhere.start())]
    return _completed(_shared_ends(runs), clause)


def _goes_on(whole: Zone, after: str) -> bool:
    """`left front left rear`: the second `left` begins another corner."""
    following = _named(after, "", "") if after else None
    return following is None or whole.joined(following) is not None


def _named(word: str, before: str, after: str) -> Zone | None:
    words = patterns().lexicon
    if word == "left" and before in words.before_left_that_remains and after not in (*_ENDS, "side", "hand"):
        return None
    if word == "right" and (after in words.after_right_that_is_no_side or before in ("all", "is", "are")):
        return None
    if word == "rear" and after in _NO_PLACE_AFTER_REAR:
        return None
    if word == "back" and not (
        after in words.after_back_that_is_rear or before in _SIDES or before in ("the", "out", "in")
    ):
        return None
    if word in _SIDES:
        return Zone(side=_SIDES[word])
    return Zone(end=_ENDS[word]) if word in _ENDS else None


def _completed(runs: list[Zone], clause: str) -> list[Zone]:
    """`the left bulb is out up front`: two words apart that make one place."""
    if len(runs) != 2 or " and " in clause[runs[0].start : runs[1].start]:
        return runs
    half = all(bool(run.end) != bool(run.side) for run in runs)
    both = runs[0].joined(runs[1]) if half and bool(runs[0].end) != bool(runs[1].end) else None
    return [both] if both else runs


def _shared_ends(runs: list[Zone]) -> list[Zone]:
    """`left and right front`: the end said last is both's."""
    shared = list(runs)
    for index, (one, other) in enumerate(pairwise(runs)):
        if one.side and not one.end and other.end and other.side and one.side != other.side:
            shared[index] = replace(one, end=other.end)
    return shared
