"""A version is written: the quote, the version as it stays, the vehicle's pointer, the flags, the link."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from functions.quotes.findings import APPROVED, DECLINED, OPEN_STATES, QUOTED
from functions.quotes.line import Finding, Line
from functions.quotes.pricing import totals
from functions.quotes.quote import (
    LINK_KIND,
    LINK_LASTS,
    OPEN,
    WITHDRAWN,
    Quote,
    quote_path,
    subject_path,
    version_path,
)
from functions.quotes.subject import Subject
from functions.quotes.versions import Change
from shared import links
from shared.domain.pricing_rules import PricingRules
from shared.quotes.flag_states import flag_ids, move_flags
from shared.quotes.texts import hold_back
from shared.runtime.work import UnitOfWork


def store_version(
    work: UnitOfWork,
    subject: Subject,
    before: Quote | None,
    *,
    lines: Sequence[Line],
    fine: Sequence[Finding],
    rules: PricingRules,
    change: Change,
    by: str,
) -> Quote:
    """The next version of `before`, or the first of a new quote."""
    quote_id = before.quote_id if before else work.new_id()
    version = before.version + 1 if before else 1
    named = {"quote_id": quote_id, "version": version, "change": change, "made_by": by}
    content = _content(work, lines=lines, fine=fine, rules=rules) | named
    work.create(version_path(quote_id, version), content)
    if before is not None:
        hold_back(work, before.data)
    quote = {
        **_of_whom(subject),
        **content,
        **_link(work, before, quote_id),
        "state": OPEN,
        "created_at": before.data["created_at"] if before else work.now,
        "updated_at": work.now,
        "sent_at": None,
        "reminded_at": None,
        "decision": None,
        "receipts": list(before.data["receipts"]) if before else [],
    }
    work.put(quote_path(quote_id), quote)
    work.put(subject_path(subject.vin), {"quote_id": quote_id, "updated_at": work.now})
    _move(work, before, quote, by)
    detail = {"version": version, "change": change, "total_usd": content["totals"]["total_usd"]}
    work.audit("quote.made", subject=quote_path(quote_id), detail=detail)
    return Quote(quote)


def adopt(work: UnitOfWork, quote: Quote, subject: Subject) -> Quote:
    """The same version for a repair order or advisor that is known only now."""
    whose = _of_whom(subject)
    if all(quote.data[name] == value for name, value in whose.items()):
        return quote
    work.put(quote.path, {**quote.data, **whose, "updated_at": work.now})
    return Quote({**quote.data, **whose, "updated_at": work.now})


def withdraw(work: UnitOfWork, quote: Quote, *, reason: str, by: str) -> Quote:
    """Takes the quote back: its link opens nothing any more, its flags are open again."""
    gone = {
        **quote.data,
        "state": WITHDRAWN,
        "updated_at": work.now,
        "next_step_at": None,
        "closed_because": reason,
    }
    work.put(quote.path, gone)
    links.revoke(work, links.digest(str(quote.data["link"])))
    hold_back(work, quote.data)
    ids = flag_ids(quote.data["lines"])
    move_flags(work, dict.fromkeys(ids, "open"), by=by, reason=f"quote withdrawn: {reason}", when={QUOTED})
    work.audit("quote.withdrawn", subject=quote.path, detail={"reason": reason})
    return Quote(gone)


def _content(
    work: UnitOfWork, *, lines: Sequence[Line], fine: Sequence[Finding], rules: PricingRules
) -> dict[str, Any]:
    """What a version says, and until when."""
    valid_until = work.now + timedelta(days=rules.valid_days)
    reminder = valid_until - timedelta(hours=rules.reminder_hours) if rules.reminder_hours else None
    return {
        "lines": [line.to_document() for line in lines],
        "fine": [finding.model_dump() for finding in fine],
        "totals": totals(lines, rules).to_document(),
        "rules": rules.to_document(),
        "made_at": work.now,
        "locked_until": min(work.now + timedelta(days=rules.price_lock_days), valid_until),
        "valid_until": valid_until,
        "next_step_at": reminder if reminder and reminder > work.now else valid_until,
    }


def _of_whom(subject: Subject) -> dict[str, Any]:
    return {
        "vin": subject.vin,
        "vehicle": dict(subject.vehicle),
        "repair_order": subject.repair_order,
        "person_id": subject.person_id,
        "customer_name": subject.customer_name,
        "phone": subject.phone,
        "advisor_staff_id": subject.advisor,
    }


def _link(work: UnitOfWork, before: Quote | None, quote_id: str) -> dict[str, Any]:
    """The customer keeps the link they have while it lasts; what it opens is always the newest version."""
    if before is not None and before.data["link_ends_at"] > work.now + LINK_LASTS / 2:
        return {name: before.data[name] for name in ("link", "link_ends_at", "link_number")}
    number = before.data["link_number"] + 1 if before else 1
    ends_at = work.now + LINK_LASTS
    name = f"{quote_id}/{number}"
    uuid = links.issue(work, kind=LINK_KIND, subject=quote_path(quote_id), ends_at=ends_at, name=name)
    return {"link": uuid, "link_ends_at": ends_at, "link_number": number}


def _move(work: UnitOfWork, before: Quote | None, quote: dict[str, Any], by: str) -> None:
    """The flags of the version are quoted; those of the one before that are not any more are open again."""
    now = flag_ids(quote["lines"])
    left = [one for one in flag_ids(before.data["lines"]) if one not in now] if before else []
    reason = f"quote {quote['quote_id']} version {quote['version']}"
    offered = {*OPEN_STATES, APPROVED, DECLINED}
    move_flags(work, dict.fromkeys(now, QUOTED), by=by, reason=reason, when=offered)
    move_flags(work, dict.fromkeys(left, "open"), by=by, reason=f"not in {reason}", when={QUOTED})
