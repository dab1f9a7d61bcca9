"""Keeps a text message once, however often its webhook comes."""

from __future__ import annotations

import hashlib
from datetime import timedelta

from functions.twilio_sms.inbound import InboundText
from shared.domain.consent import honour
from shared.events.inbox import TextMediaReceived, TextReceived
from shared.inbox.thread import NUMBER, inbound_path
from shared.runtime.work import UnitOfWork
from shared.texting.opt_out import read_consent_words

TOKENS_KEPT = timedelta(days=30)
"""Twilio tries a webhook again within the minute; a replay by somebody else is found by the message's id,
which is kept for good."""


def keep(work: UnitOfWork, text: InboundText, *, token: str) -> bool:
    """Whether it was new. What the sender says about being texted holds from this commit on."""
    paths = [inbound_path(text.text_sid), *([token_path(token, text.sender)] if token else [])]
    if any(work.get_many(paths)):
        return False
    document = text.to_document(work.now)
    work.create(paths[0], {**document, "consent": _honoured(work, text, document["sender"])})
    for path in paths[1:]:
        work.create(path, {"text_sid": text.text_sid, "expires_at": work.now + TOKENS_KEPT})
    work.emit(TextReceived(text_sid=text.text_sid, received_at=work.now))
    if text.media:
        work.emit(TextMediaReceived(text_sid=text.text_sid, files=len(text.media)))
    return True


def token_path(token: str, sender: str) -> str:
    """Twilio names each webhook; the name is not part of what it signs, so it counts for its sender alone."""
    return f"inbound_tokens/{hashlib.sha256(f'{sender}|{token}'.encode()).hexdigest()[:32]}"


def _honoured(work: UnitOfWork, text: InboundText, sender: str) -> dict[str, str]:
    """What the words say about being texted, and the change they made. A short code is never texted."""
    words = read_consent_words(text.body)
    if not NUMBER.fullmatch(sender):
        return {"kind": "none", "change_id": ""}
    change_id = honour(
        work,
        phone=sender,
        words=words,
        text_sid=text.text_sid,
        answered_by_provider=bool(text.opt_out_type),
    )
    return {"kind": str(words.kind), "change_id": change_id}
