"""From the twin's flags to a priced quote, a customer's signed decision and a receipt anybody can check."""

from __future__ import annotations

import base64
from typing import Annotated, Any

from functions.quotes.answering import require_open
from functions.quotes.asked import Chosen, QuoteMade, QuoteRequest, ReceiptAsked, ReceiptNamed
from functions.quotes.caller_marks import address_digest, user_agent
from functions.quotes.code_sending import CodeSent, hint, send_code
from functions.quotes.deciding import decide
from functions.quotes.listing import QuoteList, page_of, text_states, url_of
from functions.quotes.offering import Wish, offer
from functions.quotes.page import page
from functions.quotes.quote import DECIDED, Quote, quote_of, quote_path
from functions.quotes.signing import DecisionRequest
from functions.quotes.storing import withdraw
from functions.quotes.subject import subject_of
from functions.quotes.verification import SCRIPT, Verified, published, verify_file, verify_known
from functions.quotes.view import Decided, QuotePage, QuoteView, StaffQuote, customer_view, summary
from shared.errors import AlreadyExists, InvalidInput, NotFound
from shared.platform import Tenant
from shared.runtime.auth import Caller
from shared.runtime.entry import entry_point
from shared.runtime.http import Request
from shared.runtime.reply import Answer, Says
from shared.runtime.request import RawBody
from shared.runtime.work import UnitOfWork


def make_quote(
    asked: QuoteRequest, work: UnitOfWork, caller: Caller
) -> Annotated[Answer, Says(QuoteMade, 200, 201)]:
    """201 for a new version, 200 when nothing changed. Safe to send again: a version is texted once."""
    subject = subject_of(work, vin=asked.vin, repair_order=asked.repair_order)
    wish = Wish(send=asked.send, declined_too=asked.declined_too, unpriced_too=asked.unpriced_too)
    offered = offer(work, subject, wish, by=caller.id)
    quote = offered.quote
    made = QuoteMade(
        quote_id=quote.quote_id,
        uuid=str(quote.data["link"]),
        url=url_of(work, quote),
        version=quote.version,
        state=quote.state,
        changed=offered.change or "none",
        stands=offered.stands,
        lines=len(quote.lines),
        total_usd=str(quote.totals.total_usd),
        unsent=offered.unsent,
        missing=offered.missing,
        unclear=offered.unclear,
        unknown=offered.unknown,
    )
    return Answer(200 if offered.change == "none" else 201, made)


def list_quotes(asked: QuoteList, work: UnitOfWork) -> QuotePage:
    """Newest first."""
    return page_of(work, asked)


def show_quote(quote_id: str, work: UnitOfWork) -> StaffQuote:
    """One quote as it stands, with what the customer sees of it."""
    quote = quote_of(work, quote_path(quote_id))
    seen = customer_view(quote, dealership=work.tenant.name, phone=hint(str(quote.data["phone"])))
    said = summary(quote, url_of(work, quote)) | {"text_state": text_states(work, [quote])[0]}
    return StaffQuote(**said, advisor_staff_id=quote.data["advisor_staff_id"], quote=seen)


def withdraw_quote(quote_id: str, work: UnitOfWork, caller: Caller) -> StaffQuote:
    """Takes an open quote back: its link opens nothing any more, its flags are open again."""
    quote = quote_of(work, quote_path(quote_id))
    if quote.state == DECIDED:
        raise AlreadyExists(f"quote [{quote_id}] was decided; what was signed cannot be taken back")
    if quote.state != "withdrawn":
        withdraw(work, quote, reason="withdrawn by the dealership", by=caller.id)
    return show_quote(quote_id, work)


def show_page(uuid: str, caller: Caller) -> Annotated[Answer, Says("text/html")]:
    """The page the text message leads to."""
    text, headers = page()
    return Answer(200, text, headers, "text/html; charset=utf-8")


def open_quote(uuid: str, chosen: Chosen, work: UnitOfWork, caller: Caller) -> QuoteView:
    """What the customer's link shows: every line with its findings, its price, and the total."""
    quote = quote_of(work, caller.subject)
    if quote.state != DECIDED:
        require_open(quote, work.now)
    lines = None
    if chosen.approve is not None:
        wanted = {one for one in chosen.approve.split(",") if one}
        if unknown := sorted(wanted - {line.line_id for line in quote.lines}):
            raise InvalidInput(f"[{unknown[0][:60]}] is no line of this quote")
        lines = [line for line in quote.lines if line.line_id in wanted]
    phone = hint(str(quote.data["phone"]))
    return customer_view(quote, dealership=work.tenant.name, phone=phone, chosen=lines)


def text_code(uuid: str, work: UnitOfWork, caller: Caller) -> Annotated[Answer, Says(CodeSent, 202)]:
    """Texts a code to the phone on file; only the newest one holds."""
    return Answer(202, send_code(work, quote_of(work, caller.subject)))


def decide_quote(
    uuid: str, asked: DecisionRequest, work: UnitOfWork, caller: Caller, request: Request
) -> Annotated[Answer, Says(Decided, 200)]:
    """Approves, declines or puts off every line, signed. Sent twice it is decided once."""
    found = decide(
        work,
        caller.subject,
        asked,
        address_digest=address_digest(work.tenant, request),
        user_agent=user_agent(request),
    )
    return found if isinstance(found, Answer) else Answer(200, found)


def show_receipt(
    uuid: str, asked: ReceiptAsked, work: UnitOfWork, caller: Caller
) -> Annotated[Answer, Says("application/json")]:
    """The receipt, byte for byte as it was signed."""
    name = 'attachment; filename="receipt.json"'
    return Answer(200, str(_receipt(work, caller, asked)["text"]), {"Content-Disposition": name})


def show_receipt_pdf(
    uuid: str, asked: ReceiptAsked, work: UnitOfWork, caller: Caller
) -> Annotated[Answer, Says("application/pdf")]:
    """The PDF whose SHA-256 the receipt names."""
    pdf = base64.b64decode(str(_receipt(work, caller, asked)["pdf"]))
    headers = {"Content-Disposition": 'inline; filename="receipt.pdf"'}
    return Answer(200, pdf, headers, "application/pdf")


def verify_receipt(named: ReceiptNamed, anybody: Tenant) -> Verified:
    """Whether a receipt is genuine, by its id; without one, the published keys and how to ask."""
    return verify_known(anybody, named.receipt) if named.receipt else published(anybody)


def verify_receipt_file(body: RawBody, anybody: Tenant) -> Verified:
    """Whether a receipt's file is genuine, down to every byte."""
    return verify_file(anybody, body.read())


def give_script() -> Annotated[Answer, Says("text/x-python")]:
    """The program that checks receipts offline, with Python's standard library alone."""
    headers = {"Content-Disposition": 'attachment; filename="verify_receipt.py"'}
    return Answer(200, SCRIPT.read_text(encoding="utf-8"), headers, "text/x-python; charset=utf-8")


def _receipt(work: UnitOfWork, caller: Caller, asked: ReceiptAsked) -> Any:
    quote: Quote = quote_of(work, caller.subject)
    receipts = quote.data["receipts"]
    wanted = [one for one in receipts if asked.version in (None, one["version"])]
    if not wanted:
        raise NotFound(
            "there is no receipt yet: nothing was signed" if not receipts else "no such version was signed"
        )
    return work.require(f"receipts/{int(wanted[-1]['sequence']):08d}").data


quotes = entry_point(
    __file__,
    make_quote,
    list_quotes,
    show_quote,
    withdraw_quote,
    show_page,
    open_quote,
    text_code,
    decide_quote,
    show_receipt,
    show_receipt_pdf,
    verify_receipt,
    verify_receipt_file,
    give_script,
)
