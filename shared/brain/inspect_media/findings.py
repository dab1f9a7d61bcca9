"""From words to findings: rules alone, so the same report always reads the same."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from shared.brain.inspect_media.clauses import Phrase, Said, sentences
from shared.brain.inspect_media.frames import read_frames
from shared.brain.inspect_media.lexicon import patterns
from shared.brain.inspect_media.measures import Measure, judged
from shared.brain.inspect_media.models import Doubt, Evidence, Finding
from shared.brain.inspect_media.parts import Frame
from shared.domain.components import SEVERITIES, Component, Severity, catalogue

READER = "lexicon-2"

SURE = 0.95
DOUBTED = 0.5
"""Each doubt halves the confidence."""

LEAST_HEARING = 0.5
_LONGEST_EVIDENCE = 300


@dataclass(frozen=True)
class Reading:
    """`unattached`: defects were named, and nobody said of what."""

    findings: tuple[Finding, ...]
    unattached: tuple[Phrase, ...] = ()


def read_report(phrases: Sequence[Phrase]) -> Reading:
    """What a spoken or written report says is wrong or right, one finding a component and place."""
    if not phrases:
        return Reading(())
    reader = read_frames(sentences(phrases))
    found = [one for frame in reader.frames for one in _findings(frame, phrases)]
    return Reading(merged(found), tuple(phrases[number] for number in reader.unattached))


def worst(severities: Iterable[Severity]) -> Severity:
    return min(severities, key=SEVERITIES.index)


@dataclass(frozen=True)
class Judgement:
    severity: Severity
    summary: str
    doubts: tuple[Doubt, ...] = ()


def _findings(frame: Frame, phrases: Sequence[Phrase]) -> list[Finding]:
    component = catalogue().component(frame.component)
    judgement = _judged(frame, component)
    if judgement is None:
        return []
    said = [phrases[number] for number in frame.phrases]
    hearing = min(phrase.confidence for phrase in said)
    unclear: list[Doubt] = ["unclear_speech"] if hearing < LEAST_HEARING else []
    evidence = tuple(
        Evidence(kind="words", text=phrase.text[:_LONGEST_EVIDENCE], at_seconds=phrase.at_s)
        for phrase in said
    )
    found = []
    for zone in _places(frame, component):
        nowhere: list[Doubt] = ["no_zone"] if zone is None and judgement.severity != "green" else []
        doubts = (*judgement.doubts, *nowhere, *unclear)
        found.append(
            Finding.model_validate(
                {
                    "component": component.id,
                    "zone": zone,
                    "severity": judgement.severity,
                    "summary": judgement.summary,
                    "evidence": evidence,
                    "confidence": round(SURE * hearing**0.5 * DOUBTED ** len(doubts), 3),
                    "doubts": doubts,
                }
            )
        )
    return found


def _judged(frame: Frame, component: Component) -> Judgement | None:
    """None when nothing was said of its condition."""
    known = patterns().lexicon.conditions
    said = [one for one in frame.conditions if not (one.denied and known[one.condition].denied_says_nothing)]
    defects = [_defect(one) for one in said if _is_defect(one)]
    has_praise = len(defects) < len(said)
    measured = [(one, found) for one in frame.measures if (found := judged(component.id, one))]
    severities = [known[name].severity_for(component) for name in defects] + [found for _, found in measured]
    doubts = _doubts(frame)
    if not severities and not has_praise:
        if not frame.says_something or frame.conditions:
            return None
        return Judgement("yellow", "said without words known here", (*doubts, "no_condition"))
    severity: Severity = worst([*severities, "green"])
    if severity == "green" and frame.is_against_praise:
        doubts.append("praise_doubted")
    if severity == "green" and doubts:
        severity = "yellow"  # a doubted good is no green
    if severity != "green" and frame.is_urgent:
        severity = "red"
    if has_praise and not defects and severity == "red":
        doubts.append("contradiction")
    titles = [known[name].title for name in defects] if severity != "green" else [known["good"].title]
    words = [*dict.fromkeys(titles), *(_measure_words(one) for one, _ in measured)]
    return Judgement(severity, ", ".join(words) or "measured", tuple(doubts))


def _doubts(frame: Frame) -> list[Doubt]:
    doubts: list[Doubt] = ["hedged"] if frame.is_hedged else []
    if frame.is_inherited:
        doubts.append("component_of_sentence_before")
    if frame.is_torn:
        doubts.append("unclear_whose")
    return doubts


def _is_defect(said: Said) -> bool:
    return patterns().lexicon.conditions[said.condition].good == said.denied


def _defect(said: Said) -> str:
    """A good word that is denied is just bad."""
    return "bad" if patterns().lexicon.conditions[said.condition].good else said.condition


def _measure_words(measure: Measure) -> str:
    if measure.of:
        return f"{measure.value:g} of {measure.of:g}"
    unit = {"/32": "/32 in", "millimeters": " mm", "percent": " %", "psi": " psi", "volts": " V"}
    return f"{measure.value:g}{unit.get(measure.unit, '')}"


def _places(frame: Frame, component: Component) -> list[str | None]:
    if component.only_zone:
        return [component.only_zone]
    named = [place for zone in frame.zones if (place := zone.on(component))]
    known = patterns().lexicon
    end = known.only_end.get(component.id) if frame.plural else None
    return [*dict.fromkeys(named)] or [known.usual_zones.get(component.id, end)]


def merged(found: Sequence[Finding]) -> tuple[Finding, ...]:
    """Said twice is one finding with the evidence of both; good and bad of one part is for a person."""
    by_place: dict[tuple[str, str | None], Finding] = {}
    for one in found:
        key = (one.component, one.zone)
        by_place[key] = _both(by_place[key], one) if key in by_place else one
    bad = [one for one in by_place.values() if one.severity != "green"]
    return tuple(_doubted_beside(one, bad) for one in by_place.values())


def _doubted_beside(one: Finding, bad: Sequence[Finding]) -> Finding:
    """`Tires are fine` is not the whole truth when one of them is not."""
    if one.severity != "green" or not any(
        other.component == one.component and overlap(one.zone, other.zone) for other in bad
    ):
        return one
    doubts = (*one.doubts, "contradiction")
    return one.model_copy(
        update={"severity": "yellow", "doubts": doubts, "confidence": round(one.confidence * DOUBTED, 3)}
    )


def overlap(one: str | None, other: str | None) -> bool:
    """Whether two places share a corner; a place that was not said may be any."""
    if one in (None, "whole") or other in (None, "whole"):
        return True
    said = {*(one or "").split("_"), *(other or "").split("_")}
    return not {"front", "rear"} <= said and not {"left", "right"} <= said


_DISAGREE = frozenset({"readers_differ", "contradiction"})
"""Doubts that saying it twice does not end."""


def _every(one: Finding, other: Finding) -> tuple[Doubt, ...]:
    return tuple(dict.fromkeys((*one.doubts, *other.doubts)))


def _is_of_both(doubt: Doubt, one: Finding, other: Finding) -> bool:
    return doubt in one.doubts and doubt in other.doubts


def _both(one: Finding, other: Finding) -> Finding:
    bad, rest = sorted((one, other), key=lambda finding: SEVERITIES.index(finding.severity))
    doubts: tuple[Doubt, ...] = bad.doubts
    if bad.severity != "green" and rest.severity == "green":
        doubts = tuple(dict.fromkeys((*doubts, *rest.doubts, "contradiction")))
    summary = ", ".join(dict.fromkeys([*bad.summary.split(", "), *rest.summary.split(", ")]))
    same = bad.severity == rest.severity
    return bad.model_copy(
        update={
            "evidence": tuple(dict.fromkeys((*one.evidence, *other.evidence))),
            "confidence": max(one.confidence, other.confidence) if same else bad.confidence,
            "summary": summary if same else bad.summary,
            "doubts": tuple(d for d in _every(bad, rest) if d in _DISAGREE or _is_of_both(d, bad, rest))
            if same
            else doubts,
        }
    )
