"""Dictation without punctuation: which condition is of which part, by the order of the words alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Protocol

from shared.brain.inspect_media.lexicon import patterns

RUN_ON = "+"
"""How a piece hangs on the one before that nobody separated from it."""


class Span(Protocol):
    @property
    def start(self) -> int: ...

    @property
    def end(self) -> int: ...


@dataclass(frozen=True)
class Marks:
    """`subjects`: where, whether a component (or a place), which.

    `conditions`: from, to, and whether what it is of comes after it (`needs …`).
    """

    subjects: tuple[tuple[int, bool, str], ...]
    conditions: tuple[tuple[int, int, bool], ...]


@dataclass(frozen=True)
class _Run:
    """Subjects or conditions that follow each other."""

    is_subject: bool
    start: int
    has_component: bool
    has_place: bool


def cuts_between(text: str, marks: Marks) -> list[int]:
    """Where a new subject begins: part then condition, or condition then part, as the text began.

    Nothing is cut where one subject or one condition is named, or where the order changes midway.
    """
    runs = _runs(text, marks)
    conditions = sum(not run.is_subject for run in runs)
    subjects = {name for _, _, name in marks.subjects}
    if conditions < 2 or len(subjects) < 2 or len(runs) < 3:
        return []
    if runs[0].is_subject and not _ends_in_places(runs):
        cuts = [run.start for run in runs[1:] if run.is_subject and _has_words_after(run, runs)]
        return sorted({_needed_from(cut, marks) for cut in cuts})
    if runs[0].is_subject:
        return [run.start for run in runs[2:] if not run.is_subject]
    if runs[-1].is_subject:
        return [run.start for run in runs[1:] if not run.is_subject]
    return []


def _ends_in_places(runs: Sequence[_Run]) -> bool:
    """`brakes 5 mm front 6 mm rear`: one part, and each place stands behind what was measured there."""
    first, places = runs[0], [run for run in runs[1:] if run.is_subject]
    is_part_alone = first.has_component and not first.has_place
    return is_part_alone and runs[-1].is_subject and not any(run.has_component for run in places)


def _needed_from(cut: int, marks: Marks) -> int:
    """`… recommend 2 front tires` begins with what is recommended, not with the place."""
    before = [start for start, end, is_forward in marks.conditions if is_forward and cut - end in range(4)]
    return before[0] if before and before[0] > 0 else cut


def _runs(text: str, marks: Marks) -> list[_Run]:
    said = [
        (start, True, is_component)
        for start, is_component, _ in marks.subjects
        if not is_place(text[:start]) and not any(first < start < last for first, last, _ in marks.conditions)
    ]
    said += [(start, False, False) for start, _, _ in marks.conditions]
    runs = []
    for is_subject, members in groupby(sorted(said), key=lambda one: one[1]):
        run = list(members)
        runs.append(_Run(is_subject, run[0][0], any(one[2] for one in run), not all(one[2] for one in run)))
    return runs


def _has_words_after(run: _Run, runs: Sequence[_Run]) -> bool:
    """A place at the very end is where the last condition is; a part there is another subject."""
    return run is not runs[-1] or run.has_component


def is_place(before: str) -> bool:
    """`to the right rear` before a component: it says where another one is."""
    return _word_of_place(before) in patterns().lexicon.locating


def _word_of_place(before: str) -> str:
    words = before.split()
    while words and words[-1] in patterns().lexicon.between_place_and_part:
        words.pop()
    return words[-1] if words else ""


def is_torn(text: str, components: Sequence[tuple[int, str]], conditions: Sequence[Span]) -> bool:
    """Different parts on both sides of one condition, the second one no place; or none but a part beside."""
    beside = [_word_of_place(text[:start]) in patterns().lexicon.beside for start, _ in components]
    if conditions and beside and all(beside):
        return True
    own = [(start, name) for start, name in components if not is_place(text[:start])]
    return any(
        one.start > first and last > one.end and name != other
        for one in conditions
        for first, name in own
        for last, other in own
    )
