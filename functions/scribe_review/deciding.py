"""What a person decides about flags, and when it may not be decided."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Self

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, model_validator

from shared.domain.components import Severity, Zone, catalogue
from shared.domain.twin_flags import OPEN_STATES, area, new_flag_id
from shared.errors import AlreadyExists, InvalidInput

MOST_REASON = 500

Flag = dict[str, Any]


class Seen(BaseModel):
    """`updated_at` is what the person saw: a flag that changed since is shown again, not decided."""

    model_config = ConfigDict(str_strip_whitespace=True)

    updated_at: AwareDatetime | None = None
    reason: str = Field("", max_length=MOST_REASON)


class Dismissal(Seen):
    reason: str = Field(min_length=1, max_length=MOST_REASON)


def misplaced(component: str, zone: str | None) -> str:
    """What is wrong with a component at a place; empty when nothing is."""
    known = catalogue().components.get(component)
    if known is None:
        return f"component: there is no [{component}] in the catalogue"
    if zone not in (None, "whole", *known.zones):
        return f"zone: [{component}] is at {', '.join(known.zones)}, not at [{zone}]"
    return ""


class Place(BaseModel):
    """A component of the catalogue and where it is on it."""

    component: str
    zone: Zone | None = None

    @model_validator(mode="after")
    def _is_in_the_catalogue(self) -> Self:
        if problem := misplaced(self.component, self.zone):
            raise ValueError(problem)
        return self


class Correction(Seen):
    """What is left out stays as it is."""

    component: str | None = None
    zone: Zone | None = None
    severity: Severity | None = None
    summary: str | None = Field(None, min_length=1, max_length=200)

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if not self.model_fields_set & {"component", "zone", "severity", "summary"}:
            raise ValueError("nothing to correct: say component, zone, severity or summary")
        return self


class Addition(Place):
    """What a person saw or heard. A defect has its place, or nobody could price it."""

    severity: Severity
    summary: str = Field(min_length=1, max_length=200)
    media_id: str | None = Field(None, max_length=128)
    repair_order: str | None = Field(None, max_length=100)


def check_decidable(flag: Mapping[str, Any], seen: Seen, states: Sequence[str]) -> None:
    """Raises `AlreadyExists` for a flag that changed since it was seen, or is decided already."""
    if seen.updated_at and seen.updated_at < flag["updated_at"]:
        raise AlreadyExists(f"flag [{flag['flag_id']}] changed since; look at it again")
    if flag["state"] not in states:
        raise AlreadyExists(f"flag [{flag['flag_id']}] is [{flag['state']}], not {' or '.join(states)}")


def confirmed(flag: Mapping[str, Any]) -> Flag:
    """Raises `InvalidInput` for a defect whose place nobody said: correct it instead."""
    component = catalogue().component(flag["component"])
    if flag["zone"] is None and flag["severity"] != "green" and component.only_zone is None:
        raise InvalidInput(f"zone: say where with /api/flags/{flag['flag_id']}/correct")
    return {**flag, "state": "open", "doubts": [], "confidence": 1.0}


def corrected(flag: Mapping[str, Any], correction: Correction, others: Sequence[Mapping[str, Any]]) -> Flag:
    """Raises `AlreadyExists` when another open flag is of that component and place."""
    said = correction.model_dump(include={"component", "zone", "severity", "summary"}, exclude_unset=True)
    after = {**flag, **{name: value for name, value in said.items() if value is not None}}
    if problem := misplaced(after["component"], after["zone"]):
        raise InvalidInput(problem)
    after["system"] = catalogue().component(after["component"]).system
    _refuse_double(after, others)
    return confirmed(after) if flag["state"] == "needs_review" else after


def _refuse_double(flag: Flag, others: Sequence[Mapping[str, Any]]) -> None:
    for other in others:
        same = (other["component"], other["zone"]) == (flag["component"], flag["zone"])
        if same and other["flag_id"] != flag["flag_id"] and other["state"] in OPEN_STATES:
            raise AlreadyExists(f"{area(flag)} is flagged already as [{other['flag_id']}]")


def added(
    addition: Addition, vin: str, *, others: Sequence[Mapping[str, Any]], by: str, new_id: str, now: datetime
) -> Flag:
    """Raises `AlreadyExists` when it is flagged already."""
    component = catalogue().component(addition.component)
    flag: Flag = {
        "flag_id": new_flag_id(vin, addition.component, addition.zone or "", since=new_id),
        "vin": vin,
        "repair_order": addition.repair_order,
        "media_id": addition.media_id or "",
        "component": component.id,
        "system": component.system,
        "zone": component.only_zone or addition.zone,
        "severity": addition.severity,
        "summary": addition.summary,
        "evidence": [{"kind": "words", "text": addition.summary, "at_seconds": None, "blob_key": ""}],
        "confidence": 1.0,
        "model_version": "person",
        "doubts": [],
        "state": "open",
        "pre_existing": True,
        "sightings": [],
        "first_seen_at": now,
        "updated_at": now,
        "history": [{"at": now, "by": by, "state": "open", "reason": "added by a person"}],
    }
    _refuse_double(flag, others)
    return confirmed(flag)
