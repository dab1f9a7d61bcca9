"""A quote is made, or made anew: what to mend, at what price; a new version when either changed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from functions.quotes.findings import DECLINED, OPEN_STATES, QUOTED, Flags, flags_of
from functions.quotes.line import Line
from functions.quotes.price_list import priced_again, priced_work, rules_of
from functions.quotes.pricing import is_beyond_tolerance, totals
from functions.quotes.quote import DECIDED, OPEN, Quote, quote_path, subject_path
from functions.quotes.sending import send_version
from functions.quotes.storing import adopt, store_version, withdraw
from functions.quotes.subject import Subject
from functions.quotes.versions import Change, change_between
from shared.domain.pricing_rules import PricingRules
from shared.errors import InvalidInput
from shared.runtime.work import UnitOfWork


@dataclass(frozen=True)
class Wish:
    """`declined_too`: offer again what the customer declined; `unpriced_too`: send although prices are
    missing."""

    send: bool = True
    declined_too: bool = False
    unpriced_too: bool = False


@dataclass(frozen=True)
class Offered:
    """`change` against the version before; `stands`: what was signed still holds, nothing is asked."""

    quote: Quote
    change: Change | None
    stands: bool = False
    unsent: str = ""
    missing: tuple[str, ...] = ()
    unclear: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()


def offer(work: UnitOfWork, subject: Subject, wish: Wish, *, by: str) -> Offered:
    """Raises `InvalidInput` when there is nothing to quote or a price is missing."""
    rules = rules_of(work)
    before = _current(work, subject, by)
    moved = _moved_prices(work, before, rules)
    states = {*OPEN_STATES, QUOTED, *([DECLINED] if wish.declined_too else [])}
    flags = flags_of(work, subject.vin, states=states, also=moved)
    if not flags.quotable:
        return _nothing(work, before, flags, subject, by)
    found = priced_work(work, flags.quotable, rules)
    if found.missing and not (wish.unpriced_too and found.lines):
        raise InvalidInput(
            f"no price for {list(found.missing)}; send them to /api/records/price_items, "
            "or say [unpriced_too] to quote without them"
        )
    change = _change(before, found.lines, rules)
    quote = before
    if quote is None or change != "none":
        quote = store_version(
            work, subject, before, lines=found.lines, fine=flags.fine, rules=rules, change=change, by=by
        )
    else:
        quote = adopt(work, quote, subject)
    quote, unsent = send_version(work, quote, subject) if wish.send else (quote, "not asked for")
    return Offered(quote, change, False, unsent, found.missing, flags.unclear, flags.unknown)


def _current(work: UnitOfWork, subject: Subject, by: str) -> Quote | None:
    """The vehicle's quote if it goes on: open, or signed for the same repair order, and of this customer."""
    pointer = work.get(subject_path(subject.vin))
    document = work.get(quote_path(pointer.data["quote_id"])) if pointer else None
    if document is None:
        return None
    quote = Quote(document.data)
    goes_on = quote.state == OPEN and not quote.is_over(work.now)
    goes_on = goes_on or (quote.state == DECIDED and quote.data["repair_order"] == subject.repair_order)
    if goes_on and _is_of(quote, subject):
        return quote
    if quote.state == OPEN:
        # Another customer, or nobody answered in time: the old link must not show the new quote.
        withdraw(work, quote, reason="replaced by a new quote", by=by)
    return None


def _is_of(quote: Quote, subject: Subject) -> bool:
    person, phone = quote.data["person_id"], quote.data["phone"]
    return person == subject.person_id and phone in ("", subject.phone)


def _moved_prices(work: UnitOfWork, before: Quote | None, rules: PricingRules) -> tuple[str, ...]:
    """Flags whose approval no longer covers the price: the total of what was signed moved too far."""
    if before is None or before.state != DECIDED or not before.approved:
        return ()
    again = priced_again(work, before.approved, rules)
    signed = totals(before.approved, before.rules).total_usd
    if again is not None and not is_beyond_tolerance(signed, totals(again, rules).total_usd, rules):
        return ()
    return tuple(flag_id for line in before.approved for flag_id in line.flag_ids)


def _change(before: Quote | None, lines: Sequence[Line], rules: PricingRules) -> Change:
    if before is None or before.state == DECIDED:
        return "work"
    return change_between(before.lines, lines, totals_before=before.totals, totals_after=totals(lines, rules))


def _nothing(work: UnitOfWork, before: Quote | None, flags: Flags, subject: Subject, by: str) -> Offered:
    told: dict[str, Any] = {"unclear": flags.unclear, "unknown": flags.unknown}
    if before is not None and before.state == DECIDED:
        return Offered(before, "none", stands=True, **told)
    if before is not None:
        gone = withdraw(work, before, reason="nothing of it is left to repair", by=by)
        return Offered(gone, "work", **told)
    waiting = f"; {len(flags.unclear)} wait for a person's review" if flags.unclear else ""
    unknown = f"; of {list(flags.unknown)} nobody knows the component" if flags.unknown else ""
    raise InvalidInput(f"vehicle [{subject.vin}] has no open red or yellow flag to quote{waiting}{unknown}")
