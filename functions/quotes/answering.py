"""What a customer's page is told when something does not go: in plain words, with what to do."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from functions.quotes.codes import MOST_TRIES, Refusal, Verdict
from functions.quotes.quote import DECIDED, WITHDRAWN, Quote
from shared.errors import AlreadyExists, Forbidden, Gone, Rejected
from shared.runtime.reply import Answer, problem

_CODE_WORDS: dict[Verdict, str] = {
    "no_code": "no code is waiting; ask for one first",
    "ended": "the code has ended; ask for a new one",
    "used_up": "too many wrong codes; ask for a new one",
}


class TooMany(Rejected):
    status, title = 429, "Too many requests"


def too_soon(refusal: Refusal, now: datetime) -> TooMany:
    seconds = max(1, int((refusal.again_at - now).total_seconds()) + 1)
    error = TooMany(f"{refusal.says}; the next is possible in {_wait(seconds)}")
    error.headers["Retry-After"] = str(seconds)
    return error


def _wait(seconds: int) -> str:
    for unit, size in (("hour", 3600), ("minute", 60)):
        if seconds > size:
            return f"{-(-seconds // size)} {unit}s"
    return f"{seconds} second{'' if seconds == 1 else 's'}"


def wrong_code(verdict: Verdict, tries: int) -> Answer:
    """An answer, not an error, so that the try that was counted is committed."""
    left = MOST_TRIES - tries
    words = _CODE_WORDS.get(verdict) or f"the code is wrong; {left} more {'try' if left == 1 else 'tries'}"
    return problem(Forbidden(words))


def require_open(quote: Quote, now: datetime) -> None:
    """Raises `Gone` when the quote is over, `AlreadyExists` when it was decided."""
    if quote.state == WITHDRAWN:
        raise Gone("this quote was withdrawn; ask the dealership for a new one")
    if quote.is_over(now):
        raise Gone("this quote has expired; ask the dealership for a new one")
    if quote.state == DECIDED:
        raise AlreadyExists("this quote was decided already; the page shows its receipt")


def stale(quote: Quote, asked: int, why: str) -> Answer:
    """409 with the version that counts now."""
    body: dict[str, Any] = {
        "type": "about:blank",
        "title": "The quote has changed",
        "status": 409,
        "detail": f"{why}: version {asked} can no longer be decided, look at version {quote.version}",
        "version": quote.version,
        "state": quote.state,
        "total_usd": str(quote.totals.total_usd),
    }
    return Answer(409, body, {}, "application/problem+json")
