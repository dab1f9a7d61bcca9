"""An unanswered quote: one reminder, then its end."""

from __future__ import annotations

from shared.domain.twin_flags import FlagState
from shared.events.conversation import AttentionRequested
from shared.ports import Data, Document
from shared.quotes.flag_states import flag_ids, move_flags
from shared.quotes.texts import hold_back, reminder_key
from shared.quotes.wording import reminder_text
from shared.runtime.work import UnitOfWork
from shared.texting.request import Purpose, Recipient, request_text


def next_step_of_quote(work: UnitOfWork, document: Document) -> None:
    quote = document.data
    if quote["state"] != "open":
        work.put(document.path, {**quote, "next_step_at": None})
    elif work.now >= quote["valid_until"]:
        _expire(work, document)
    else:
        _remind(work, document)


def _remind(work: UnitOfWork, document: Document) -> None:
    """One text a version; whoever was never texted the quote is not reminded of it."""
    quote = document.data
    changes: dict[str, object] = {"next_step_at": quote["valid_until"], "updated_at": work.now}
    if quote["sent_at"] is not None and quote["phone"]:
        url = work.tenant.links.url("quote", str(quote["link"]))
        request_text(
            work,
            to=Recipient(quote["phone"], person_id=quote["person_id"]),
            purpose=Purpose.SERVICE,
            body=reminder_text(quote, dealer=work.tenant.name, zone=work.tenant.zone, url=url),
            key=reminder_key(quote["quote_id"], quote["version"]),
            link=url,
        )
        work.audit("quote.reminded", subject=document.path, detail={"version": quote["version"]})
        changes["reminded_at"] = work.now
    work.put(document.path, {**quote, **changes})


def _expire(work: UnitOfWork, document: Document) -> None:
    quote = document.data
    work.put(document.path, {**quote, "state": "expired", "next_step_at": None, "updated_at": work.now})
    hold_back(work, quote)
    states: dict[str, FlagState] = dict.fromkeys(flag_ids(quote["lines"]), "open")
    move_flags(work, states, by=document.path, reason="the quote expired unanswered", when={"quoted"})
    work.audit("quote.expired", subject=document.path, detail={"version": quote["version"]})
    if reds := sum(1 for line in quote["lines"] if line["severity"] == "red"):
        _tell_of_reds(work, quote, reds)


def _tell_of_reds(work: UnitOfWork, quote: Data, reds: int) -> None:
    """Nobody answered, and something red is still on the vehicle."""
    order = f" for {quote['repair_order']}" if quote["repair_order"] else ""
    items = "1 red item" if reds == 1 else f"{reds} red items"
    work.emit(
        AttentionRequested(
            subject=f"quotes/{quote['quote_id']}",
            kind="safety_flag",
            summary=f"The quote{order} expired unanswered with {items}: call the customer",
            urgency="high",
            roles=("advisor",),
            staff_ids=tuple(filter(None, (quote["advisor_staff_id"],))),
            safety=True,
            link=f"/quotes/{quote['quote_id']}",
            detail=f"quotes/{quote['quote_id']}",
        )
    )
