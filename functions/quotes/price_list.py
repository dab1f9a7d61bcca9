"""The dealership's own prices and rules, as they are now."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from functions.quotes.jobs import Job, jobs_for
from functions.quotes.line import Finding, Line
from functions.quotes.pricing import priced
from shared.domain.components import catalogue
from shared.domain.price_item import PriceItem
from shared.domain.pricing_rules import RULES_PATH, PricingRules
from shared.domain.record import document_path
from shared.errors import InvalidInput
from shared.runtime.work import UnitOfWork


@dataclass(frozen=True)
class Priced:
    """`missing` are operations without a price item."""

    lines: tuple[Line, ...]
    missing: tuple[str, ...]


def rules_of(work: UnitOfWork) -> PricingRules:
    """Raises `InvalidInput`: without the dealership's own rate and taxes nothing is priced."""
    document = work.get(RULES_PATH)
    if document is None:
        raise InvalidInput(
            "this dealership has no pricing rules; send them once to /api/records/pricing_rules "
            "(rules_id [default]: labour rate, shop supplies, taxes)"
        )
    return PricingRules.from_document(document.data)


def priced_work(work: UnitOfWork, findings: Sequence[Finding], rules: PricingRules) -> Priced:
    """Lines for the findings at today's prices, worst first."""
    jobs = jobs_for(findings, catalogue())
    items = items_of(work, [job.operation for job in jobs])
    known = [job for job in jobs if job.operation in items]
    return Priced(
        lines=tuple(priced(job, items[job.operation], rules, catalogue()) for job in known),
        missing=tuple(sorted({job.operation for job in jobs if job.operation not in items})),
    )


def priced_again(work: UnitOfWork, lines: Sequence[Line], rules: PricingRules) -> tuple[Line, ...] | None:
    """The same lines at today's prices; None when one has no price any more."""
    items = items_of(work, [line.operation for line in lines])
    if any(line.operation not in items for line in lines):
        return None
    return tuple(priced(job_of(line), items[line.operation], rules, catalogue()) for line in lines)


def items_of(work: UnitOfWork, operations: Sequence[str]) -> dict[str, PriceItem]:
    wanted = list(dict.fromkeys(operations))
    paths = [document_path(PriceItem.collection, operation) for operation in wanted]
    found = work.get_many(paths) if paths else []
    return {
        operation: PriceItem.from_document(document.data)
        for operation, document in zip(wanted, found, strict=True)
        if document is not None
    }


def job_of(line: Line) -> Job:
    pieces = line.line_id.partition(":")[2].split(".")
    return Job(line.operation, frozenset(pieces), line.findings)
