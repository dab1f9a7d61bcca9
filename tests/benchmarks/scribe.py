"""What the scribe finds in reports, beside a search for keywords.

A finding is right when component, place and severity are; one with a doubt is a person's, neither right nor
wrong. `found` of a report are certain, `unsure` must be left to a person: decided alone they count as wrong.

Every set has taught the lexicon by now: what is measured here guards against reading worse than before. How
well it reads what it has not seen is what the first run of `independent` says: precision 0.595, recall 0.518,
recall of red 0.5, 3 defects called green, 0.643 of the doubts left to a person.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from shared.brain.inspect_media.clauses import Phrase
from shared.brain.inspect_media.findings import read_report
from shared.brain.inspect_media.lexicon import patterns
from shared.domain.components import catalogue
from shared.yaml_file import read_yaml

REPORTS = Path(__file__).with_name("scribe_reports")
SETS = {
    "held_out": "written before the lexicon by its author; first run: precision 0.854, recall 0.884",
    "independent": "by another author; development data since its first run: precision 0.595, recall 0.518",
    "others": "written by others, who had not seen the lexicon; first run: precision 0.64, recall 0.82",
}
"""All have taught the lexicon by now: a first run is the honest figure."""

FIGURES = ("precision", "recall", "red_recall", "wrongly_green", "abstention")

Triple = tuple[str, str, str]


@dataclass(frozen=True)
class Answer:
    """What a reader decides alone, and what it leaves to a person."""

    decided: frozenset[Triple]
    left: frozenset[tuple[str, str]]


Reader = Callable[[str], Answer]


def run(say: Callable[[str], None] = print) -> Sequence[dict[str, Any]]:
    return [row for name in SETS if (REPORTS / f"{name}.yaml").is_file() for row in _rows(name)]


def _rows(name: str) -> Iterator[dict[str, Any]]:
    reports = read_yaml(REPORTS / f"{name}.yaml")
    ours, baseline = score(reports, by_lexicon), score(reports, by_keywords)
    notes = f"{len(reports)} reports {SETS[name]}"
    for figure in FIGURES:
        yield {
            "measure": f"scribe {figure.replace('_', ' ')}, {name} set",
            "ours": ours[figure],
            "baseline": baseline[figure],
            "baseline_name": "keyword search",
            "notes": notes,
        }


def score(reports: Sequence[dict[str, Any]], reader: Reader) -> dict[str, float]:
    """Shares of 1. `wrongly_green`: of all defects said, those called fine; `abstention`: of what had to be
    left to a person, what was."""
    right = wrong = said = reds = red_right = green = unsure = left = 0
    for report in reports:
        answer = reader(report["text"])
        found = {_triple(line) for line in report.get("found", ())}
        doubted = {tuple(line.split()) for line in report.get("unsure", ())}
        hits = {one for one in answer.decided if one in found}
        right, wrong, said = right + len(hits), wrong + len(answer.decided - hits), said + len(found)
        reds += sum(severity == "red" for _, _, severity in found)
        red_right += sum(severity == "red" for _, _, severity in hits)
        bad = {(part, place) for part, place, severity in found if severity != "green"}
        green += sum((part, place) in bad for part, place, severity in answer.decided if severity == "green")
        unsure += len(doubted)
        alone = {(part, place) for part, place, _ in answer.decided}
        left += sum(one not in alone for one in doubted)
    return {
        "precision": round(right / max(right + wrong, 1), 3),
        "recall": round(right / max(said, 1), 3),
        "red_recall": round(red_right / max(reds, 1), 3),
        "wrongly_green": green,
        "abstention": round(left / max(unsure, 1), 3),
    }


def _triple(line: str) -> Triple:
    component, place, severity = line.split()
    return component, "-" if place == "whole" and not _is_one_place(component) else place, severity


def _is_one_place(component: str) -> bool:
    return catalogue().component(component).only_zone is not None


def by_lexicon(text: str) -> Answer:
    findings = read_report([Phrase(text)]).findings
    return Answer(
        frozenset(
            _triple(f"{one.component} {one.zone or '-'} {one.severity}") for one in findings if not one.doubts
        ),
        frozenset((one.component, one.zone or "-") for one in findings if one.doubts),
    )


_PLACES = re.compile(
    r"\b(?:(front|rear)[ -](left|right)|(left|right)[ -](front|rear)|(front|rear|left|right))\b"
)


def by_keywords(text: str) -> Answer:
    """Each sentence: every component named, the first place, the worst condition word; no grammar."""
    known, decided = patterns(), set()
    for sentence in re.split(r"(?<!\d)[.!?]", text.lower()):
        severities = [
            known.lexicon.conditions[name].severity
            for name, words in known.conditions
            if words.search(sentence)
        ]
        if not severities:
            continue
        worst = min(severities, key=["red", "yellow", "green"].index)
        found = _PLACES.search(sentence)
        ends = [part for part in (found.groups() if found else ()) if part]
        said = "_".join(sorted(ends, key=["front", "rear", "left", "right"].index)) or "-"
        for match in known.components.finditer(sentence):
            component = catalogue().component(known.component_of[match[0]])
            place = component.only_zone or (said if said in component.zones else "-")
            decided.add((component.id, place, worst))
    return Answer(frozenset(decided), frozenset())
