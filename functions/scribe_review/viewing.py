"""What is known of a vehicle, as reviewers see it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any

from pydantic import BaseModel, Field

from shared.domain.media import COLLECTION
from shared.domain.twin_diff import Comparison, compare
from shared.domain.twin_flags import area, flags_of
from shared.ports import Query
from shared.runtime.inject import QueryModel
from shared.runtime.work import UnitOfWork

MOST_MEDIA = 100


class Flag(BaseModel):
    """One flag with everything it rests on."""

    flag_id: str
    vin: str
    area: str
    component: str
    system: str
    zone: str | None
    severity: str
    summary: str
    state: str
    doubts: list[str]
    confidence: float
    model_version: str
    pre_existing: bool
    repair_order: str | None
    media_id: str
    evidence: list[dict[str, Any]]
    sightings: list[dict[str, Any]]
    history: list[dict[str, Any]]
    first_seen_at: datetime
    updated_at: datetime


class Twin(BaseModel):
    """Worst first; what is over comes last."""

    vin: str
    flags: list[Flag]


class ComparisonQuery(QueryModel):
    """Without a repair order: all of the vehicle's check-ins with all of its check-outs."""

    repair_order: str | None = Field(None, max_length=100)


class Compared(BaseModel):
    """Flag ids. Without `compared_with` there was no check-in to compare with, and `new` blames nobody."""

    vin: str
    check_outs: list[str]
    compared_with: list[str]
    pre_existing: list[str]
    new: list[str]
    not_seen_again: list[str]


_ORDER = {"red": 0, "yellow": 1, "green": 2}
_OVER = frozenset({"repaired", "dismissed"})


def shown(flag: Mapping[str, Any]) -> Flag:
    return Flag.model_validate({**flag, "area": area(flag)})


def twin(work: UnitOfWork, vin: str) -> Twin:
    flags = [shown(flag) for flag in flags_of(work, vin)]
    flags.sort(key=lambda flag: (flag.state in _OVER, _ORDER[flag.severity], flag.area, flag.flag_id))
    return Twin(vin=vin, flags=flags)


def comparison(work: UnitOfWork, vin: str, repair_order: str | None) -> Compared:
    where = (("vin", "==", vin),)
    media = [one.data for one in work.query(Query(COLLECTION, where, ("-uploaded_at",), MOST_MEDIA))]
    of_order = [one for one in media if repair_order in (None, one["repair_order"])]
    read = [one for one in of_order if one["state"] in ("read", "needs_review")]
    stages = {
        stage: [one["media_id"] for one in read if one["stage"] == stage]
        for stage in ("check_in", "check_out")
    }
    found: Comparison = compare(
        flags_of(work, vin), check_in=stages["check_in"], check_out=stages["check_out"]
    )
    return Compared.model_validate({"vin": vin, "check_outs": stages["check_out"], **asdict(found)})
