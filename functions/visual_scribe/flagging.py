"""Findings become flags: new ones, or further sightings of those the vehicle has."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from shared.brain.inspect_media.models import Evidence, Finding
from shared.domain.components import SEVERITIES, catalogue
from shared.domain.media import frame_key, frame_name
from shared.domain.twin_flags import OPEN_STATES, new_flag_id

MOST_EVIDENCE, MOST_SIGHTINGS = 12, 40

Flag = dict[str, Any]


@dataclass(frozen=True)
class Sighting:
    """The media in which findings were made; `check_ins` are media that the check-out is compared with."""

    vin: str
    media_id: str
    stage: str
    repair_order: str | None
    captured_at: datetime
    model_version: str
    frames: frozenset[str]
    check_ins: tuple[str, ...]
    now: datetime


def flagged(findings: Iterable[Finding], existing: Sequence[Mapping[str, Any]], seen: Sighting) -> list[Flag]:
    """The flags that are new or changed. The same findings again change nothing."""
    changed = []
    by_id = {flag["flag_id"]: flag for flag in existing}
    for finding in findings:
        flag = _flag_of(finding, existing)
        if flag is None:
            since = new_flag_id(seen.vin, finding.component, finding.zone or "", since=seen.media_id)
            if since in by_id:
                continue  # dismissed or repaired since, and this is no new sight of it
            changed.append(_new(since, finding, seen))
        elif all(one["media_id"] != seen.media_id for one in flag["sightings"]):
            changed.append(_again(flag, finding, seen))
    return changed


def _flag_of(finding: Finding, existing: Sequence[Mapping[str, Any]]) -> Mapping[str, Any] | None:
    """The open flag of the same component and place."""
    place = (finding.component, finding.zone)
    fitting = [
        one for one in existing if (one["component"], one["zone"]) == place and one["state"] in OPEN_STATES
    ]
    return fitting[0] if fitting else None


def _new(flag_id: str, finding: Finding, seen: Sighting) -> Flag:
    component = catalogue().component(finding.component)
    doubts = list(finding.doubts)
    is_new_damage = seen.stage == "check_out"
    if is_new_damage and not seen.check_ins and finding.severity != "green":
        doubts.append("no_check_in")  # type: ignore[arg-type]  # a flag's doubts are words of their own
    state = "needs_review" if doubts else "open"
    return {
        "flag_id": flag_id,
        "vin": seen.vin,
        "repair_order": seen.repair_order,
        "media_id": seen.media_id,
        "component": component.id,
        "system": component.system,
        "zone": finding.zone,
        "severity": finding.severity,
        "summary": finding.summary,
        "evidence": _evidence(finding.evidence, seen),
        "confidence": finding.confidence,
        "model_version": seen.model_version,
        "doubts": doubts,
        "state": state,
        "pre_existing": not is_new_damage,
        "sightings": [_sighting(finding, seen)],
        "first_seen_at": seen.captured_at,
        "updated_at": seen.now,
        "history": [_entry(state, "seen", finding, seen)],
    }


def _again(flag: Mapping[str, Any], finding: Finding, seen: Sighting) -> Flag:
    after: Flag = {
        **flag,
        "evidence": [*_evidence(finding.evidence, seen), *flag["evidence"]][:MOST_EVIDENCE],
        "sightings": [*flag["sightings"], _sighting(finding, seen)][-MOST_SIGHTINGS:],
        "updated_at": seen.now,
    }
    if flag["state"] not in ("quoted", "approved"):
        after["repair_order"] = seen.repair_order or flag["repair_order"]
    if finding.severity == "green" and flag["severity"] != "green":
        _said_fine(after)
    elif _is_worse(finding.severity, flag["severity"]):
        _got_worse(after, finding, seen)
    elif flag["state"] == "needs_review" and not finding.doubts and finding.severity == flag["severity"]:
        after.update(state="open", doubts=[], summary=finding.summary, confidence=finding.confidence)
    after["history"] = [*flag["history"], _entry(after["state"], "seen again", finding, seen)]
    return after


def _said_fine(after: Flag) -> None:
    """A defect does not go away because somebody says fine: a person says repaired, or dismisses it."""
    after["doubts"] = [*dict.fromkeys([*after["doubts"], "said_fine_since"])]
    if after["state"] == "open":
        after["state"] = "needs_review"


def _got_worse(after: Flag, finding: Finding, seen: Sighting) -> None:
    """A customer declined a yellow flag, not a red one: it is open again."""
    was_green = after["severity"] == "green"
    after.update(
        severity=finding.severity,
        summary=finding.summary,
        confidence=finding.confidence,
        model_version=seen.model_version,
        media_id=seen.media_id,
    )
    if was_green and seen.stage == "check_out":
        after["pre_existing"] = False
    if after["state"] in ("open", "needs_review", "declined", "deferred"):
        after["doubts"] = list(finding.doubts)
        after["state"] = "needs_review" if finding.doubts else "open"


def _is_worse(one: str, other: str) -> bool:
    order: Sequence[str] = SEVERITIES
    return order.index(one) < order.index(other)


def _sighting(finding: Finding, seen: Sighting) -> dict[str, Any]:
    return {
        "media_id": seen.media_id,
        "stage": seen.stage,
        "repair_order": seen.repair_order,
        "at": seen.captured_at,
        "severity": finding.severity,
        "summary": finding.summary,
        "doubts": list(finding.doubts),
    }


def _evidence(evidence: Iterable[Evidence], seen: Sighting) -> list[dict[str, Any]]:
    found = []
    for one in evidence:
        name = frame_name(one.at_seconds) if one.kind == "frame" and one.at_seconds is not None else ""
        key = frame_key(seen.media_id, name) if name in seen.frames else ""
        found.append({**one.model_dump(), "media_id": seen.media_id, "blob_key": key})
    return found


def _entry(state: str, what: str, finding: Finding, seen: Sighting) -> dict[str, Any]:
    return {
        "at": seen.now,
        "by": "visual_scribe",
        "state": state,
        "reason": what,
        "media_id": seen.media_id,
        "severity": finding.severity,
    }
