"""A quote as the customer's page and the staff see it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from pydantic import BaseModel, Field

from functions.quotes.line import Finding, Line
from functions.quotes.pricing import Totals, totals
from functions.quotes.quote import Quote, reds
from functions.quotes.refusals import warning


class LineView(BaseModel):
    """`warning` is on red lines: what is signed when they are not repaired."""

    line_id: str
    title: str
    severity: str
    place: str
    findings: tuple[Finding, ...]
    price_item: str
    quantity: int
    labour_hours: Decimal
    labour_rate_usd: Decimal
    labour_usd: Decimal
    parts_usd: Decimal
    price_usd: Decimal
    warning: str = ""
    decision: str | None = None


class Decided(BaseModel):
    """A signed decision. The receipt is at `…/receipt` of the same link, as JSON and as PDF."""

    version: int
    decided_at: datetime
    approved: int
    declined: int
    deferred: int
    total_usd: Decimal
    receipt_id: str
    receipt_sequence: int
    receipt_hash: str


class QuoteView(BaseModel):
    """What the link shows. `totals` are of everything, or of the lines asked for with `approve`."""

    version: int
    state: str
    dealership: str
    vin: str
    vehicle: dict[str, Any]
    repair_order: str | None
    made_at: datetime
    locked_until: datetime
    valid_until: datetime
    phone: str
    """The last digits of where the code goes; empty when there is no phone on file."""
    lines: tuple[LineView, ...]
    fine: tuple[Finding, ...]
    """What was looked at and is in order."""
    totals: Totals
    tolerance_percent: Decimal
    tolerance_usd: Decimal
    decision: Decided | None = None


class QuoteSummary(BaseModel):
    """A quote in a list."""

    quote_id: str
    version: int
    state: str
    vin: str
    repair_order: str | None
    customer_name: str
    lines: int
    reds: int
    total_usd: Decimal
    approved_usd: Decimal | None
    sent_at: datetime | None
    valid_until: datetime
    updated_at: datetime
    url: str
    text_state: str = Field(
        "",
        description="What became of its text: deferred (until morning), sent, delivered, refused, …",
    )


class QuotePage(BaseModel):
    """`next` is what `after` is for the next page; empty at the end."""

    quotes: tuple[QuoteSummary, ...]
    next: str = ""


class StaffQuote(QuoteSummary):
    """One quote, whole: its newest version and what became of those before."""

    advisor_staff_id: str
    quote: QuoteView
    unsent: str = ""


def customer_view(
    quote: Quote, *, dealership: str, phone: str, chosen: Sequence[Line] | None = None
) -> QuoteView:
    """`chosen` are the lines whose total is asked for."""
    same = {
        name: quote.data[name]
        for name in (
            "version",
            "state",
            "vin",
            "vehicle",
            "repair_order",
            "made_at",
            "locked_until",
            "valid_until",
        )
    }
    return QuoteView(
        **same,
        dealership=dealership,
        phone=phone,
        lines=tuple(_line(line, quote.choices.get(line.line_id)) for line in quote.lines),
        fine=tuple(Finding.model_validate(one) for one in quote.data["fine"]),
        totals=quote.totals if chosen is None else totals(chosen, quote.rules),
        tolerance_percent=quote.rules.tolerance_percent,
        tolerance_usd=quote.rules.tolerance_usd,
        decision=decided_view(quote) if quote.data["decision"] else None,
    )


def decided_view(quote: Quote) -> Decided:
    decision, receipt = quote.data["decision"], quote.data["receipts"][-1]
    made = [one["decision"] for one in decision["lines"]]
    return Decided(
        version=decision["version"],
        decided_at=decision["signed_at"],
        approved=made.count("approve"),
        declined=made.count("decline"),
        deferred=made.count("defer"),
        total_usd=decision["approved"]["total_usd"],
        receipt_id=receipt["receipt_id"],
        receipt_sequence=receipt["sequence"],
        receipt_hash=receipt["hash"],
    )


def summary(quote: Quote, url: str) -> dict[str, Any]:
    """The fields of `QuoteSummary`."""
    same = ("quote_id", "version", "state", "vin", "repair_order", "customer_name", "sent_at")
    decision = quote.data["decision"] or {}
    return {
        **{name: quote.data[name] for name in same},
        "valid_until": quote.data["valid_until"],
        "updated_at": quote.data["updated_at"],
        "lines": len(quote.lines),
        "reds": len(reds(quote.lines)),
        "total_usd": quote.totals.total_usd,
        "approved_usd": decision.get("approved", {}).get("total_usd"),
        "url": url,
    }


def _line(line: Line, decision: str | None) -> LineView:
    return LineView(
        **line.model_dump(include=set(LineView.model_fields) & set(Line.model_fields)),
        title=line.title,
        warning=warning(line) if line.severity == "red" else "",
        decision=decision,
    )
