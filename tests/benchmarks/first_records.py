"""What an event speaks of, stored as the capability that told it would have."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any, cast

from functions.twilio_sms.inbound import InboundText
from functions.twilio_sms.receiving import keep
from shared.events.attention import StaffPostRequested
from shared.events.base import Event
from shared.events.inbox import TextMediaReceived, TextReceived
from shared.events.texting import TextRequested
from shared.platform import Platform
from shared.posting.request import request_post
from shared.runtime.cause import Cause
from shared.runtime.unit import run_unit
from shared.runtime.work import UnitOfWork
from shared.testing.twilio_webhooks import CONTENT_TYPE, Twilio, behind_proxy
from shared.texting.request import Purpose, Recipient, request_text

ADDRESS = "https://autohaus.example"


def stored_for(platform: Platform, kind: type[Event]) -> Mapping[str, Any]:
    """The fields of the event that name its record, once that is there; none where the example needs none."""
    if kind is TextRequested:
        return {"text_id": _done(platform, _asked_for)}
    if kind is StaffPostRequested:
        return {"post_id": _done(platform, _posted)}
    if kind in (TextReceived, TextMediaReceived):
        return {"text_sid": _done(platform, _came_in)}
    return {}


def signed_text(token: str) -> tuple[str, bytes, Mapping[str, str]]:
    """Path, body and headers of a customer's text as Twilio posts it through a proxy."""
    twilio = Twilio(ADDRESS, token=token, more=behind_proxy(ADDRESS))
    sent = twilio.text("Is my car ready?", sender=_number())
    return sent.target, sent.body, sent.headers


def _done(platform: Platform, act: Any) -> str:
    name = uuid.uuid4().hex
    return cast(str, run_unit(platform, Cause(name, "first_request", "autohaus", name), act))


def _asked_for(work: UnitOfWork) -> str:
    to = Recipient(_number())
    return request_text(work, to=to, purpose=Purpose.OTP, body="Your code is 123456", key=uuid.uuid4().hex)


def _posted(work: UnitOfWork) -> str:
    return request_post(work, channel="#service", text="A truck broke down", key=uuid.uuid4().hex)


def _came_in(work: UnitOfWork) -> str:
    sent = Twilio(ADDRESS).text("Is my car ready?", sender=_number())
    text = InboundText.read_body(CONTENT_TYPE, sent.body)
    assert isinstance(text, InboundText)
    keep(work, text, token="")
    return text.text_sid


def _number() -> str:
    return f"+1555{2_000_000 + uuid.uuid4().int % 7_999_999}"
