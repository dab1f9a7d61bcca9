"""The flags of a vehicle's twin that a quote is about."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Final

from functions.quotes.line import Finding
from shared.domain import twin_flags
from shared.domain.components import catalogue
from shared.ports import Data
from shared.runtime.work import UnitOfWork

OPEN_STATES = frozenset({"open", "deferred"})
QUOTED: Final = "quoted"
APPROVED, DECLINED = "approved", "declined"
NEEDS_REVIEW = "needs_review"


@dataclass(frozen=True)
class Flags:
    """`quotable` are red and yellow, `fine` green; `unclear` wait for a person's eye and are never quoted;
    `unknown` are of a component nobody can name an operation for."""

    quotable: tuple[Finding, ...]
    fine: tuple[Finding, ...]
    unclear: tuple[str, ...]
    unknown: tuple[str, ...]


def flags_of(work: UnitOfWork, vin: str, *, states: Collection[str], also: Collection[str] = ()) -> Flags:
    """Those in one of the states, and of the approved ones those `also` names."""
    found = twin_flags.flags_of(work, vin)
    wanted = [
        flag
        for flag in found
        if flag["state"] in states or (flag["state"] == APPROVED and flag["flag_id"] in also)
    ]
    known = [flag for flag in wanted if flag["component"] in catalogue().components]
    findings = sorted((finding_of(flag) for flag in known), key=lambda finding: finding.flag_id)
    return Flags(
        quotable=tuple(finding for finding in findings if finding.severity != "green"),
        fine=tuple(finding for finding in findings if finding.severity == "green"),
        unclear=tuple(sorted(flag["flag_id"] for flag in found if flag["state"] == NEEDS_REVIEW)),
        unknown=tuple(sorted(flag["flag_id"] for flag in wanted if flag not in known)),
    )


def finding_of(flag: Data) -> Finding:
    read = {"zone": flag.get("zone") or "whole", "summary": flag.get("summary") or ""}
    return Finding.model_validate({**flag, **read})
