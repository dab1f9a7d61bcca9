"""What follows from a signed decision: the flags say so, others are told, the advisor looks at it."""

from __future__ import annotations

from collections.abc import Mapping

from functions.quotes.findings import OPEN_STATES, QUOTED
from functions.quotes.pricing import Totals
from functions.quotes.quote import Quote
from functions.quotes.signing import LineChoice
from shared.domain.twin_flags import FlagState
from shared.events.conversation import AttentionRequested
from shared.events.quotes import QuoteDecided
from shared.quotes.flag_states import move_flags
from shared.quotes.texts import hold_back
from shared.quotes.wording import dollars
from shared.runtime.work import UnitOfWork

FLAG_STATES: Mapping[str, FlagState] = {"approve": "approved", "decline": "declined", "defer": "deferred"}
PAST = {"approve": "approved", "decline": "declined", "defer": "put off"}


def carry_out(
    work: UnitOfWork, quote: Quote, choices: Mapping[str, LineChoice], approved: Totals, *, receipt: str
) -> None:
    states = {
        flag_id: FLAG_STATES[choices[line.line_id].decision]
        for line in quote.lines
        for flag_id in line.flag_ids
    }
    reason = f"quote {quote.quote_id} version {quote.version}, receipt {receipt}, signed by the customer"
    move_flags(work, states, by=quote.path, reason=reason, when={QUOTED, *OPEN_STATES})
    hold_back(work, quote.data)
    counts = {one: sum(1 for choice in choices.values() if choice.decision == one) for one in PAST}
    refused = sum(
        1 for line in quote.lines if line.severity == "red" and choices[line.line_id].decision != "approve"
    )
    _tell(work, quote, counts, refused, approved, receipt)
    _ask_attention(work, quote, counts, refused, approved)


def _tell(
    work: UnitOfWork, quote: Quote, counts: Mapping[str, int], refused: int, approved: Totals, receipt: str
) -> None:
    work.emit(
        QuoteDecided(
            quote_id=quote.quote_id,
            version=quote.version,
            vin=str(quote.data["vin"]),
            repair_order=quote.data["repair_order"],
            approved=counts["approve"],
            declined=counts["decline"],
            deferred=counts["defer"],
            reds_refused=refused,
            approved_usd=approved.total_usd,
            receipt=receipt,
            decided_at=work.now,
        )
    )
    detail = {"version": quote.version, **counts, "approved_usd": str(approved.total_usd), "receipt": receipt}
    work.audit("quote.decided", subject=quote.path, detail=detail)


def _ask_attention(
    work: UnitOfWork, quote: Quote, counts: Mapping[str, int], refused: int, approved: Totals
) -> None:
    done = ", ".join(f"{count} {PAST[one]}" for one, count in counts.items() if count)
    order = f" for {quote.data['repair_order']}" if quote.data["repair_order"] else ""
    red = f"; {refused} of them red" if refused else ""
    work.emit(
        AttentionRequested(
            subject=quote.path,
            kind="quote_decided",
            summary=f"Quote{order}: {done}{red}. Approved: {dollars(approved.total_usd)} with tax",
            urgency="high" if refused else "normal",
            roles=("advisor",),
            staff_ids=tuple(filter(None, (quote.data["advisor_staff_id"],))),
            value_usd=approved.total_usd,
            link=f"/quotes/{quote.quote_id}",
            detail=quote.path,
        )
    )
