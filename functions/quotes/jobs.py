"""Which work mends a vehicle's findings: every finding by one operation, and no work twice."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from functions.quotes.line import Finding
from shared.domain.components import SEVERITIES, Catalogue, Component, Severity

_CORNERS: dict[str, frozenset[str]] = {
    "front": frozenset({"front_left", "front_right"}),
    "rear": frozenset({"rear_left", "rear_right"}),
    "left": frozenset({"front_left", "rear_left"}),
    "right": frozenset({"front_right", "rear_right"}),
}
_AT_EACH_WHEEL = frozenset({*_CORNERS, *_CORNERS["front"], *_CORNERS["rear"]})
_VEHICLE = frozenset({"vehicle"})
_BOTH_AXLES = frozenset({"front_axle", "rear_axle"})


@dataclass(frozen=True)
class Job:
    """One operation on one or several pieces: places, axles, or the vehicle."""

    operation: str
    pieces: frozenset[str]
    findings: tuple[Finding, ...]

    @property
    def severity(self) -> Severity:
        return self.findings[0].severity

    @property
    def job_id(self) -> str:
        return f"{self.operation}:{'.'.join(sorted(self.pieces))}"


def jobs_for(findings: Sequence[Finding], catalogue: Catalogue) -> list[Job]:
    """Worst first. Every finding is in exactly one job; two findings on one axle are one job of it.

    A finding's usual operation is the catalogue's first; another of its operations is taken when that is done
    at the same place anyway: who replaces pads and rotors does not replace the pads besides.
    Raises `KeyError` for a component the catalogue has not.
    """
    usual = {f.flag_id: _work(catalogue, f, catalogue.component(f.component).operations[0]) for f in findings}
    jobs: list[Job] = []
    for finding in sorted(findings, key=_worst_first):
        others = {pair for flag_id, work in usual.items() if flag_id != finding.flag_id for pair in work}
        operation = _operation(catalogue, finding, others)
        jobs = _joined(jobs, Job(operation, _pieces(catalogue, finding, operation), (finding,)))
    return sorted(jobs, key=lambda job: (SEVERITIES.index(job.severity), job.job_id))


def place_words(job: Job, catalogue: Catalogue) -> str:
    """`front axle`, `front left and front right`; empty for work on the whole vehicle."""
    if job.pieces == _VEHICLE:
        return ""
    zones = {str(zone): words for zone, words in catalogue.zones.items()}
    return " and ".join(zones.get(piece, piece.replace("_", " ")) for piece in sorted(job.pieces))


def _worst_first(finding: Finding) -> tuple[int, str]:
    return SEVERITIES.index(finding.severity), finding.flag_id


def _operation(catalogue: Catalogue, finding: Finding, others: set[tuple[str, str]]) -> str:
    first, *alternatives = catalogue.component(finding.component).operations
    for operation in alternatives:
        if _work(catalogue, finding, operation) <= others:
            return operation
    return first


def _work(catalogue: Catalogue, finding: Finding, operation: str) -> set[tuple[str, str]]:
    return {(operation, piece) for piece in _pieces(catalogue, finding, operation)}


def _pieces(catalogue: Catalogue, finding: Finding, operation: str) -> frozenset[str]:
    per, zone = catalogue.operation(operation).per, finding.zone
    if per == "vehicle":
        return _VEHICLE
    if per == "axle":
        end = zone.partition("_")[0]
        return frozenset({f"{end}_axle"}) if end in ("front", "rear") else _BOTH_AXLES
    return _places(catalogue.component(finding.component), zone)


def _places(component: Component, zone: str) -> frozenset[str]:
    """What sits at each wheel and is named by an end or a side is the pair there."""
    return (
        _CORNERS[zone] if zone in _CORNERS and set(component.zones) >= _AT_EACH_WHEEL else frozenset({zone})
    )


def _joined(jobs: list[Job], job: Job) -> list[Job]:
    """With the new job, in one with those of its operation that share a piece."""
    same = [one for one in jobs if one.operation == job.operation and one.pieces & job.pieces]
    pieces = job.pieces.union(*(one.pieces for one in same))
    found = sorted((f for one in (*same, job) for f in one.findings), key=_worst_first)
    return [*(one for one in jobs if one not in same), Job(job.operation, pieces, tuple(found))]
