"""Clauses become frames: a component, where it is, and everything said of it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from shared.brain.inspect_media.clauses import Clause
from shared.brain.inspect_media.measures import is_dangerously_low
from shared.brain.inspect_media.parts import (
    Frame,
    add,
    defects,
    elsewhere,
    frame_of,
    implied,
    is_bad,
    is_of_another_system,
    like,
    parts,
    shares_what_was_said,
    trailing_bare,
)
from shared.brain.inspect_media.run_ons import RUN_ON
from shared.brain.inspect_media.zones import Zone
from shared.domain.components import catalogue


@dataclass
class Reader:
    """Goes through a report clause by clause; `unattached` are the phrases of defects without a component."""

    frames: list[Frame] = field(default_factory=list)
    unattached: list[int] = field(default_factory=list)
    _sentence: list[Frame] = field(default_factory=list)
    _zones: list[Zone] = field(default_factory=list)
    _pending: list[Clause] = field(default_factory=list)
    _before: Frame | None = None
    _section: list[Zone] = field(default_factory=list)
    _is_sarcastic: bool = False

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

    def end(self) -> None:
        """Praise in a report that means praise otherwise is no praise."""
        for frame in self.frames:
            frame.is_against_praise |= self._is_sarcastic

    def _begin(self, *, taken_back: bool) -> None:
        """A sentence that begins with `no wait` goes on with the one before."""
        self._pending = []
        if taken_back:
            self.frames = [one for one in self.frames if all(one is not last for last in self._sentence)]
        else:
            self._sentence, self._zones = [], []

    def _take(self, clause: Clause) -> None:
        named = parts(clause)
        if named and not self._is_surface_of_the_last(named):
            self._name(clause, named)
        elif clause.has_condition:
            self._describe(clause)
        elif clause.zones and clause.is_exception and self._sentence:
            self._except(clause)
        elif clause.zones:
            if self._sentence and not clause.only_says_where:
                self._sentence[-1].is_against_praise = True
            self._place(clause.zones, self._sentence)
        if clause.is_hedged and not clause.has_condition:
            for frame in self._sentence:
                frame.is_hedged = True

    def _except(self, clause: Clause) -> None:
        excepted = like(self._sentence[-1], clause)
        excepted.says_something = True
        self._sentence.append(excepted)

    def _is_surface_of_the_last(self, named: list[tuple[str, bool]]) -> bool:
        """`the bumper is dented and the paint is cracked`: it is the bumper's paint."""
        last = self._sentence[-1] if self._sentence else None
        body = last is not None and catalogue().component(last.component).system == "body"
        return body and [name for name, _ in named] == ["paint"]

    def _name(self, clause: Clause, named: list[tuple[str, bool]]) -> None:
        is_run_on = clause.joined == RUN_ON
        corners = [zone for zone in self._zones if not zone.everywhere]
        zones = clause.zones or ([] if is_run_on else corners)
        made = [frame_of(component, plural, clause, zones) for component, plural in named]
        for frame in made:
            frame.says_something = clause.says_something or clause.is_exception
        if self._pending and not clause.is_exception and (is_run_on or not clause.has_condition):
            self._take_pending(made)
        if shares_what_was_said(clause):
            self._share_last(made)
        elif clause.has_condition:
            self._share_back(clause)
        elif clause.joined == "and" and self._sentence:
            self._share_need(made)
        if clause.zones:
            self._zones = clause.zones
        self._sentence += made

    def _take_pending(self, made: list[Frame]) -> None:
        """What was said before its part was named; each place named with it is a finding of its own."""
        placed = [clause for clause in self._pending if clause.zones]
        if len(placed) > 1 or (placed and made[0].has_condition):
            self._sentence += [
                frame_of(one.component, one.plural, clause, clause.zones) for clause in placed for one in made
            ]
            self._pending = [clause for clause in self._pending if not clause.zones]
        if not made[0].has_condition:
            for frame in made:
                for clause in self._pending:
                    add(frame, clause)
            self._pending = []

    def _share_last(self, made: list[Frame]) -> None:
        if self._sentence:
            for frame in made:
                frame.conditions += self._sentence[-1].conditions

    def _share_need(self, made: list[Frame]) -> None:
        """`needs tires and an alignment`: what is needed is said once."""
        need = [said for said in self._sentence[-1].conditions if said.condition == "needs_replacing"]
        for frame in made:
            frame.conditions += need

    def _share_back(self, clause: Clause) -> None:
        """`pads and rotors are shot`: what was named before without a word of its own gets these."""
        if clause.joined == "and":
            for frame in trailing_bare(self._sentence):
                add(frame, clause)
                frame.zones = frame.zones or list(clause.zones)

    def _describe(self, clause: Clause) -> None:
        bare = trailing_bare(self._sentence)
        last = self._sentence[-1] if self._sentence else None
        meant = implied(clause)
        if last and meant and is_of_another_system(meant, last.component):
            self._sentence.append(frame_of(meant, True, clause, clause.zones))
        elif bare:
            for frame in bare:
                add(frame, clause)
            if clause.zones:
                self._place(clause.zones, bare)
        elif last and clause.zones and last.zones and elsewhere(last.zones, clause.zones):
            self._say_elsewhere(last, clause)
        elif last:
            add(last, clause)
            if clause.zones:
                self._place(clause.zones, [last])
        else:
            self._pending.append(clause)
            self._zones = clause.zones or self._zones

    def _say_elsewhere(self, last: Frame, clause: Clause) -> None:
        """`pads and rotors are good up front, rears are thin`: of which of them, a person knows."""
        peers = [
            one for one in self._sentence if one.zones == last.zones and one.conditions == last.conditions
        ]
        said = [like(one, clause) for one in peers]
        for frame in said:
            frame.is_torn |= len({one.component for one in said}) > 1
        self._sentence += said
        self._zones = clause.zones

    def _place(self, zones: list[Zone], frames: Sequence[Frame]) -> None:
        """A place by itself belongs to what was just said, or to what comes."""
        touched = False
        for frame in frames:
            if not frame.zones:
                frame.zones, touched = list(zones), True
            elif len(frame.zones) == 1 and len(zones) == 1 and (both := frame.zones[0].joined(zones[0])):
                frame.zones, touched = [both], True
        self._zones = zones if not touched else self._sentence[-1].zones

    def _correct(self, clause: Clause) -> None:
        """What follows `no wait` replaces what it contradicts."""
        last = self._sentence[-1] if self._sentence else None
        named = parts(clause)
        if last is None:
            self._zones, self._pending = [], [] if clause.has_condition else self._pending
            self._take(clause)
        elif not named and not clause.has_condition:
            self._replace_places(clause.zones)
        elif not last.has_condition or not named or any(one == last.component for one, _ in named):
            self._take_back(last, clause, named)
        else:
            last.is_hedged = True  # whether it was taken back or only added to, a person knows
            self._take(clause)

    def _take_back(self, last: Frame, clause: Clause, named: list[tuple[str, bool]]) -> None:
        """The frame said last goes; what the correction does not say anew is kept of it."""
        self._sentence = [one for one in self._sentence if one is not last]
        self._zones = clause.zones or self._zones
        if named:
            self._name(clause, named)
        else:
            self._sentence.append(like(last, clause))
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
        is_empty = not self._sentence and not self._pending
        for clause in self._pending:
            self._leave(clause)
        narrated = any(clause.is_narration for clause in clauses)
        only_placed = not self._sentence and not any(clause.has_condition for clause in clauses)
        if narrated or only_placed:
            self._section = self._zones or self._section
        for frame in self._sentence:
            if not frame.zones and frame.has_condition:
                frame.zones = list(self._section)
        self._hand_over_danger(clauses)
        self._mark(clauses, [self._before] if is_empty and self._before else self._sentence)
        self.frames += self._sentence
        if self._sentence:
            self._before = self._sentence[-1]

    def _mark(self, clauses: Sequence[Clause], frames: Sequence[Frame]) -> None:
        """What holds of the whole sentence; `Tow only.` and `Who knows.` are about what was said before."""
        self._is_sarcastic |= any(clause.is_sarcastic for clause in clauses)
        is_urgent = any(clause.is_urgent for clause in clauses)
        is_doubtful = any(clause.is_doubtful for clause in clauses)
        is_hedge_alone = frames is not self._sentence and any(clause.is_hedged for clause in clauses)
        is_against_praise = any(clause.is_against_praise or clause.is_unknown for clause in clauses)
        for frame in frames:
            frame.is_urgent |= is_urgent
            frame.is_hedged |= is_doubtful or is_hedge_alone
            frame.is_against_praise |= is_against_praise

    def _hand_over_danger(self, clauses: Sequence[Clause]) -> None:
        """What sounds like danger and became no finding is a person's, and nothing beside it is fine."""
        dangers = [clause.phrase for clause in clauses if clause.is_dangerous]
        if not dangers or any(is_bad(frame) for frame in self._sentence):
            return
        self.unattached += [phrase for phrase in dangers if phrase not in self.unattached]
        for frame in self._sentence or filter(None, [self._before]):
            frame.is_against_praise = True

    def _leave(self, clause: Clause) -> None:
        """A sentence without a component: a defect in it belongs to the one before, as a person decides."""
        meant, before = implied(clause), self._before
        zones = clause.zones or self._zones
        if meant and (before is None or zones or is_of_another_system(meant, before.component)):
            self._sentence.append(frame_of(meant, True, clause, zones))
            return
        inherited = like(before, clause) if before else None
        is_low = any(map(is_dangerously_low, clause.measures))
        if not defects(clause) and not is_low and not (inherited and is_bad(inherited)):
            return
        if before is None or inherited is None or not is_bad(inherited):
            self.unattached.append(clause.phrase)
            return
        inherited.is_inherited = True
        inherited.zones = inherited.zones or list(self._zones or before.zones)
        self._sentence.append(inherited)


def read_frames(sentences: Iterable[Sequence[Clause]]) -> Reader:
    reader = Reader()
    for clauses in sentences:
        reader.read(clauses)
    reader.end()
    return reader
