"""A red item that is not repaired: what the customer was told, in words they sign, and when it comes back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo
from typing import Any

from functions.quotes.line import Finding, Line
from functions.quotes.quote import Quote, reds
from functions.quotes.signing import LineChoice
from shared.domain.components import catalogue
from shared.runtime.work import UnitOfWork

_CALLED_AT = time(9)
"""Local: a follow-up is a call in the morning."""
_SAYS = {"decline": "decline the repair", "defer": "put the repair off"}


@dataclass(frozen=True)
class Refusal:
    """`statement` stands in the receipt the customer signs."""

    line: Line
    choice: LineChoice
    statement: str
    follow_up_at: datetime


def warning(line: Line) -> str:
    """What is said of a red line before anybody decides."""
    found = "; ".join(_found(finding) for finding in line.findings if finding.severity == "red")
    danger = " Driving on with it can be dangerous." if _is_dangerous(line) else ""
    return f"Found RED, which means it should be repaired now: {found}.{danger}"


def refusals_in(
    lines: Sequence[Line], choices: Mapping[str, LineChoice], *, days: int, now: datetime, zone: tzinfo
) -> list[Refusal]:
    """One for each red line that was declined or put off."""
    day = now.astimezone(zone).date() + timedelta(days=days)
    at = datetime.combine(day, _CALLED_AT, zone)
    return [
        Refusal(line, choice, _statement(line, choice, day), at.astimezone(now.tzinfo))
        for line in reds(lines)
        if (choice := choices[line.line_id]).decision != "approve"
    ]


def store_refusals(
    work: UnitOfWork, quote: Quote, refusals: Sequence[Refusal], *, signer: str, receipt: str
) -> None:
    """`informed_refusals/{id}`: due at `next_step_at`, which is empty once somebody was told."""
    for refusal in refusals:
        refusal_id = work.new_id()
        record: dict[str, Any] = {
            "refusal_id": refusal_id,
            "state": "open",
            "quote_id": quote.quote_id,
            "version": quote.version,
            "line_id": refusal.line.line_id,
            "flag_ids": list(refusal.line.flag_ids),
            "decision": refusal.choice.decision,
            "reason": refusal.choice.reason,
            "statement": refusal.statement,
            "signed_by": signer,
            "signed_at": work.now,
            "receipt": receipt,
            "follow_up_at": refusal.follow_up_at,
            "next_step_at": refusal.follow_up_at,
            **{name: quote.data[name] for name in ("vin", "repair_order", "person_id", "advisor_staff_id")},
        }
        work.create(f"informed_refusals/{refusal_id}", record)
        work.audit(
            "refusal.recorded", subject=f"informed_refusals/{refusal_id}", detail={"quote": quote.path}
        )


def _statement(line: Line, choice: LineChoice, day: date) -> str:
    return (
        f"{warning(line)} I was told so and {_SAYS[choice.decision]} ({line.title}). "
        f"My reason: {_sentence(choice.reason or '')} The dealership will ask me again on {day.isoformat()}."
    )


def _sentence(said: str) -> str:
    """The customer's own words with an end, so that they do not run into ours."""
    return said if said.endswith((".", "!", "?", "…")) else f"{said}."


def _found(finding: Finding) -> str:
    zone = {str(one): words for one, words in catalogue().zones.items()}.get(finding.zone, finding.zone)
    component = catalogue().components.get(finding.component)
    words = f"{component.title if component else finding.component}, {zone}"
    return f"{words} ({finding.summary})" if finding.summary else words


def _is_dangerous(line: Line) -> bool:
    known = catalogue().components
    return any(known[one.component].safety for one in line.findings if one.component in known)
