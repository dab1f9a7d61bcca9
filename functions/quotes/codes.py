"""The code that proves who signs holds the phone on file: hashed, short-lived, few tries, few texts."""

from __future__ import annotations

import hmac
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

DIGITS = 6
HOLDS = timedelta(minutes=10)
MOST_TRIES = 5
"""Of one code: with 6 digits and 5 codes a day, 25 guesses in a million."""
BETWEEN_TEXTS = timedelta(seconds=30)
MOST_TEXTS, WITHIN = 5, timedelta(hours=24)

Verdict = Literal["right", "wrong", "no_code", "ended", "used_up"]
Digest = Callable[[str], str]
"""Of a code, for one quote: nobody with the store alone can try them all."""


@dataclass(frozen=True)
class Refusal:
    """No text now; one is possible again at `again_at`."""

    says: str
    again_at: datetime


def code_path(quote_id: str) -> str:
    return f"quote_codes/{quote_id}"


def may_text(known: Mapping[str, Any] | None, now: datetime) -> Refusal | None:
    """None when another code may be texted."""
    recent = _recent(known, now)
    if recent and now < recent[-1] + BETWEEN_TEXTS:
        return Refusal("a code was texted a moment ago", recent[-1] + BETWEEN_TEXTS)
    if len(recent) >= MOST_TEXTS:
        return Refusal(f"{MOST_TEXTS} codes were texted within a day", recent[0] + WITHIN)
    return None


def new_code(known: Mapping[str, Any] | None, code: str, *, digest: Digest, now: datetime) -> dict[str, Any]:
    """The document that replaces the one before: only the newest code holds."""
    number = int(known["number"]) + 1 if known else 1
    return {
        "number": number,
        "digest": digest(f"{number}|{code}"),
        "sent_at": now,
        "ends_at": now + HOLDS,
        "wrong_tries": 0,
        "used_at": None,
        "texted_at": [*_recent(known, now), now],
    }


def judge(
    known: Mapping[str, Any] | None, code: str, *, digest: Digest, now: datetime
) -> tuple[Verdict, dict[str, Any]]:
    """The verdict and the document as it is afterwards; a wrong try counts, a right one uses the code up."""
    if known is None or known["used_at"] is not None:
        return "no_code", dict(known or {})
    if now >= known["ends_at"]:
        return "ended", dict(known)
    if known["wrong_tries"] >= MOST_TRIES:
        return "used_up", dict(known)
    if hmac.compare_digest(digest(f"{known['number']}|{code}"), str(known["digest"])):
        return "right", {**known, "used_at": now}
    return "wrong", {**known, "wrong_tries": known["wrong_tries"] + 1}


def _recent(known: Mapping[str, Any] | None, now: datetime) -> list[datetime]:
    return [moment for moment in (known or {}).get("texted_at", ()) if moment > now - WITHIN]
