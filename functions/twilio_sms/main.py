"""Twilio hands in text messages."""

from __future__ import annotations

from typing import Annotated

from functions.twilio_sms.inbound import InboundText
from functions.twilio_sms.receiving import keep
from shared.runtime.entry import entry_point
from shared.runtime.http import Request
from shared.runtime.reply import Answer, Says
from shared.runtime.work import UnitOfWork

SILENCE = "<Response></Response>"
"""TwiML for: say nothing now. Answers are texts of their own, decided and recorded as every other."""


def receive_text(
    text: InboundText, work: UnitOfWork, request: Request
) -> Annotated[Answer, Says("text/xml")]:
    """Answers at once, the same to a repetition; who it is for is found out afterwards."""
    keep(work, text, token=request.headers.get("I-Twilio-Idempotency-Token", ""))
    return Answer(200, SILENCE, content_type="text/xml")


twilio_sms = entry_point(__file__, receive_text)
