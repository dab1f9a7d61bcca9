"""A version goes to the customer as one text message, whoever asks for it and how often."""

from __future__ import annotations

from functions.quotes.quote import LINK_KIND, OPEN, Quote, reds
from functions.quotes.subject import Subject
from shared.events.quotes import QuoteSent
from shared.quotes.texts import has_refused, version_key, was_heard_of
from shared.quotes.wording import quote_text
from shared.runtime.work import UnitOfWork
from shared.texting.request import Purpose, Recipient, request_text


def send_version(work: UnitOfWork, quote: Quote, subject: Subject) -> tuple[Quote, str]:
    """The quote, and why it was not sent (empty when it was, now or before)."""
    if quote.state != OPEN or quote.data["sent_at"] is not None:
        return quote, ""
    if not subject.phone:
        return quote, "no phone on file; add one to the repair order or the customer"
    if has_refused(work, subject.phone):
        return quote, "the customer asked not to be texted; call, or send it once they wrote START"
    url = work.tenant.links.url(LINK_KIND, str(quote.data["link"]))
    text_id = request_text(
        work,
        to=Recipient(subject.phone, person_id=subject.person_id),
        purpose=Purpose.SERVICE,
        body=_body(work, quote, url),
        key=version_key(quote.quote_id, quote.version),
        link=url,
    )
    sent = {
        **quote.data,
        "phone": subject.phone,
        "sent_at": work.now,
        "updated_at": work.now,
        "text_id": text_id,
    }
    work.put(quote.path, sent)
    _tell(work, quote)
    return Quote(sent), ""


def _body(work: UnitOfWork, quote: Quote, url: str) -> str:
    is_change = was_heard_of(work, quote.quote_id, quote.version)
    dealer, zone = work.tenant.name, work.tenant.zone
    return quote_text(quote.data, dealer=dealer, zone=zone, url=url, is_change=is_change)


def _tell(work: UnitOfWork, quote: Quote) -> None:
    work.emit(
        QuoteSent(
            quote_id=quote.quote_id,
            version=quote.version,
            vin=str(quote.data["vin"]),
            repair_order=quote.data["repair_order"],
            lines=len(quote.lines),
            reds=len(reds(quote.lines)),
            total_usd=quote.totals.total_usd,
            sent_at=work.now,
            valid_until=quote.data["valid_until"],
        )
    )
    work.audit("quote.sent", subject=quote.path, detail={"version": quote.version})
