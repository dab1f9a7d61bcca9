"""A customer decides: once, on what they saw, with the code of their phone, for good.

Everything of a decision is one commit: the quote, the code that is used up, the receipt in its chain, the
flags, the refusals. Whoever comes second finds it decided.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from functions.quotes.answering import require_open, stale, wrong_code
from functions.quotes.code_sending import digest_for
from functions.quotes.codes import code_path, judge
from functions.quotes.consequences import carry_out
from functions.quotes.findings import OPEN_STATES, QUOTED, finding_of
from functions.quotes.line import Line
from functions.quotes.offering import Wish, offer
from functions.quotes.price_list import priced_again, rules_of
from functions.quotes.pricing import Totals, is_beyond_tolerance, totals
from functions.quotes.quote import DECIDED, WITHDRAWN, Quote, quote_of
from functions.quotes.receipt import Signed, issue_receipt
from functions.quotes.refusals import refusals_in, store_refusals
from functions.quotes.signing import DecisionRequest, LineChoice, choices_for
from functions.quotes.subject import Subject
from functions.quotes.view import Decided, decided_view
from shared.errors import Gone, InvalidInput
from shared.quotes.flag_states import flag_ids
from shared.runtime.reply import Answer
from shared.runtime.work import UnitOfWork


def decide(
    work: UnitOfWork, path: str, asked: DecisionRequest, *, address_digest: str, user_agent: str
) -> Decided | Answer:
    """Raises `Gone`, `AlreadyExists` or `InvalidInput`; answers 403 for a wrong code and 409 for a version
    that is no longer the one, both with what has to be kept of the try."""
    # The code first: one that a decision has used up is read with the quote that is decided, never before it.
    known = work.get(code_path(path.rpartition("/")[2]))
    quote = quote_of(work, path)
    if _is_same_again(quote, asked):
        return decided_view(quote)
    require_open(quote, work.now)
    if asked.version != quote.version:
        return stale(quote, asked.version, "another version counts now")
    choices = choices_for(quote.lines, asked.lines)
    approved = totals(
        [line for line in quote.lines if choices[line.line_id].decision == "approve"], quote.rules
    )
    _check_sum(asked, approved)
    verdict, kept = judge(
        known.data if known else None, asked.code, digest=digest_for(work, quote), now=work.now
    )
    if verdict != "right":
        if verdict == "wrong":
            work.put(code_path(quote.quote_id), kept)
        return wrong_code(verdict, int(kept.get("wrong_tries", 0)))
    if why := _moved_on(work, quote, choices, approved):
        return _asked_again(work, quote, asked.version, why)
    work.put(code_path(quote.quote_id), kept)
    return _signed(
        work, quote, asked, choices, approved, address_digest=address_digest, user_agent=user_agent
    )


def _is_same_again(quote: Quote, asked: DecisionRequest) -> bool:
    """The button pressed twice, or a replay: it gets the same answer, and nothing happens."""
    decision = quote.data.get("decision") or {}
    return quote.state == DECIDED and decision.get("digest") == asked.digest()


def _check_sum(asked: DecisionRequest, approved: Totals) -> None:
    if asked.approved_total_usd is not None and asked.approved_total_usd != approved.total_usd:
        raise InvalidInput(
            f"[approved_total_usd] is [{asked.approved_total_usd}]; what is approved costs "
            f"[{approved.total_usd}] with tax"
        )


def _moved_on(work: UnitOfWork, quote: Quote, choices: Mapping[str, LineChoice], approved: Totals) -> str:
    """Why what the customer saw no longer holds; empty when it does."""
    if _flags_changed(work, quote.lines):
        return "what was found on the vehicle changed"
    if work.now < quote.data["locked_until"]:
        return ""
    lines = [line for line in quote.lines if choices[line.line_id].decision == "approve"]
    rules = rules_of(work)
    today = priced_again(work, lines, rules)
    if today is None or is_beyond_tolerance(approved.total_usd, totals(today, rules).total_usd, rules):
        return "the price lock has ended and the price changed"
    return ""


def _flags_changed(work: UnitOfWork, lines: tuple[Line, ...]) -> bool:
    shown = {finding.flag_id: finding.gist for line in lines for finding in line.findings}
    found = work.get_many([f"twin_flags/{flag_id}" for flag_id in shown])
    return any(
        flag is None
        or flag.data["state"] not in {QUOTED, *OPEN_STATES}
        or finding_of(flag.data).gist != shown[flag.data["flag_id"]]
        for flag in found
    )


def _asked_again(work: UnitOfWork, quote: Quote, version: int, why: str) -> Answer:
    """A new version goes out; the code stays good for it until it ends."""
    offered = offer(work, _subject(quote), Wish(unpriced_too=True), by=work.cause.function)
    if offered.quote.state == WITHDRAWN:
        raise Gone("nothing of this quote is left to repair")
    return stale(offered.quote, version, why)


def _subject(quote: Quote) -> Subject:
    data = quote.data
    return Subject(
        vin=data["vin"],
        vehicle=data["vehicle"],
        repair_order=data["repair_order"],
        person_id=data["person_id"],
        customer_name=data["customer_name"],
        phone=data["phone"],
        advisor=data["advisor_staff_id"],
    )


def _signed(
    work: UnitOfWork,
    quote: Quote,
    asked: DecisionRequest,
    choices: Mapping[str, LineChoice],
    approved: Totals,
    *,
    address_digest: str,
    user_agent: str,
) -> Decided:
    days = quote.rules.red_follow_up_days
    refusals = refusals_in(quote.lines, choices, days=days, now=work.now, zone=work.tenant.zone)
    signed = Signed(choices, approved, refusals, asked.signature, address_digest, user_agent)
    receipt = issue_receipt(work, quote, signed)
    name = f"{int(receipt['sequence']):08d}"
    after = Quote(_decided(work, quote, asked, approved, receipt))
    work.put(quote.path, after.data)
    store_refusals(work, quote, refusals, signer=asked.signature.name, receipt=name)
    carry_out(work, after, choices, approved, receipt=name)
    return decided_view(after)


def _decided(
    work: UnitOfWork, quote: Quote, asked: DecisionRequest, approved: Totals, receipt: Mapping[str, Any]
) -> dict[str, Any]:
    named = {name: receipt[name] for name in ("receipt_id", "sequence", "hash", "version")}
    return {
        **quote.data,
        "state": DECIDED,
        "updated_at": work.now,
        "next_step_at": None,
        "decision": {
            "version": quote.version,
            "lines": [choice.model_dump() for choice in asked.lines],
            "approved": approved.to_document(),
            "signed_by": asked.signature.name,
            "signed_at": work.now,
            "digest": asked.digest(),
        },
        "receipts": [*quote.data["receipts"], named],
        "quoted_flags": flag_ids(quote.data["lines"]),
    }
