"""Twilio hands in text messages and says how far ours have come."""

from __future__ import annotations

from typing import Annotated

from functions.twilio_sms.delivery_status import take_status
from functions.twilio_sms.inbound import InboundText
from functions.twilio_sms.receiving import keep
from functions.twilio_sms.reports import StatusReport, WhichText
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


def receive_status(
    report: StatusReport, query: WhichText, work: UnitOfWork
) -> Annotated[Answer, Says("text/xml")]:
    """Takes a delivery report in; one that is older than what is known changes nothing."""
    take_status(report.fields, work, text_id=query.text)
    return Answer(200, SILENCE, content_type="text/xml")


twilio_sms = entry_point(__file__, receive_text, receive_status)
