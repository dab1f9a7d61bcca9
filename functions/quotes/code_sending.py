"""A code is texted to the phone on file."""

from __future__ import annotations

import secrets
from datetime import datetime

from pydantic import BaseModel

from functions.quotes.answering import require_open, too_soon
from functions.quotes.codes import (
    BETWEEN_TEXTS,
    DIGITS,
    HOLDS,
    MOST_TRIES,
    Digest,
    code_path,
    may_text,
    new_code,
)
from functions.quotes.quote import Quote
from shared.errors import AlreadyExists, OptedOut
from shared.quotes.texts import has_refused
from shared.quotes.wording import code_text
from shared.runtime.work import UnitOfWork
from shared.texting.request import Purpose, Recipient, request_text


class CodeSent(BaseModel):
    """`phone` shows the last digits alone; another code may be asked for from `again_at` on."""

    phone: str
    ends_at: datetime
    again_at: datetime
    tries: int


def send_code(work: UnitOfWork, quote: Quote) -> CodeSent:
    """Raises `TooMany` when one was just texted, `AlreadyExists` without a phone on file, `OptedOut` after
    a stop: a code that never comes would leave the customer waiting."""
    require_open(quote, work.now)
    phone = str(quote.data["phone"])
    if not phone:
        raise AlreadyExists("the dealership has no phone number of yours on file; call them to sign")
    if has_refused(work, phone):
        raise OptedOut(
            f"the phone {hint(phone)} asked us for no more texts, so no code can reach it; "
            "text START to us first, or call the dealership to sign"
        )
    known = work.get(code_path(quote.quote_id))
    before = known.data if known else None
    if refusal := may_text(before, work.now):
        raise too_soon(refusal, work.now)
    code = work.once("code", lambda: f"{secrets.randbelow(10**DIGITS):0{DIGITS}d}")
    kept = new_code(before, code, digest=digest_for(work, quote), now=work.now)
    work.put(code_path(quote.quote_id), kept)
    _text(work, quote, phone, code, kept["number"])
    work.audit("quote.code_sent", subject=quote.path, detail={"number": kept["number"]})
    return CodeSent(
        phone=hint(phone), ends_at=kept["ends_at"], again_at=work.now + BETWEEN_TEXTS, tries=MOST_TRIES
    )


def digest_for(work: UnitOfWork, quote: Quote) -> Digest:
    """Of a code for this quote of this dealership alone."""
    owner = f"{work.tenant.tenant_id}|{quote.quote_id}"
    return lambda code: work.tenant.seals.digest("quote_code", f"{owner}|{code}")


def hint(phone: str) -> str:
    return f"ending {phone[-4:]}" if phone else ""


def _text(work: UnitOfWork, quote: Quote, phone: str, code: str, number: int) -> None:
    minutes = int(HOLDS.total_seconds() // 60)
    request_text(
        work,
        to=Recipient(phone, person_id=str(quote.data["person_id"])),
        purpose=Purpose.OTP,
        body=code_text(quote.data, dealer=work.tenant.name, code=code, minutes=minutes),
        key=f"quote_code:{quote.quote_id}:{number}",
    )
