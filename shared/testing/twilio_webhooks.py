"""Webhooks as Twilio sends them: the form, its signature, the name of the attempt."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import urlencode

from shared.adapters.twilio_signature import signature

DEV_TOKEN = "dev-twilio-token"
SMS_PATH, STATUS_PATH = "/api/webhooks/twilio/sms", "/api/webhooks/twilio/status"
AUTOHAUS = "+13125550100"
CONTENT_TYPE = "application/x-www-form-urlencoded"


@dataclass(frozen=True)
class Webhook:
    """A request to send: `headers` hold the signature for `base` and the path."""

    target: str
    body: bytes
    headers: Mapping[str, str]


@dataclass(frozen=True)
class Twilio:
    """Signs for the address it was told, as Twilio signs for the one in its console."""

    base: str = "http://localhost:8080"
    token: str = DEV_TOKEN
    more: Mapping[str, str] = field(default_factory=dict)
    """Headers a proxy in between adds."""

    def text(
        self,
        body: str,
        *,
        sender: str,
        to: str = AUTOHAUS,
        sid: str = "",
        media: Sequence[tuple[str, str]] = (),
        attempt: str = "",
        **fields: str,
    ) -> Webhook:
        """An incoming message; `media` are addresses with their types."""
        sid = sid or new_sid()
        form = {
            "MessageSid": sid,
            "SmsSid": sid,
            "AccountSid": "AC" + "0" * 32,
            "From": sender,
            "To": to,
            "Body": body,
            "NumMedia": str(len(media)),
            "NumSegments": "1",
            "SmsStatus": "received",
            "ApiVersion": "2010-04-01",
            **{f"MediaUrl{n}": url for n, (url, _) in enumerate(media)},
            **{f"MediaContentType{n}": kind for n, (_, kind) in enumerate(media)},
            **fields,
        }
        return self.signed(SMS_PATH, form, attempt=attempt)

    def status(
        self,
        message_status: str,
        *,
        sid: str,
        to: str,
        sender: str = AUTOHAUS,
        text_id: str = "",
        **fields: str,
    ) -> Webhook:
        """A delivery report."""
        form = {"MessageSid": sid, "MessageStatus": message_status, "From": sender, "To": to, **fields}
        target = f"{STATUS_PATH}?text={text_id}" if text_id else STATUS_PATH
        return self.signed(target, form)

    def signed(self, target: str, form: Mapping[str, str], *, attempt: str = "") -> Webhook:
        headers = {
            "X-Twilio-Signature": signature(self.token, f"{self.base}{target}", list(form.items())),
            "I-Twilio-Idempotency-Token": attempt or str(uuid.uuid4()),
            "Content-Type": CONTENT_TYPE,
            **self.more,
        }
        return Webhook(target, urlencode(form).encode(), headers)


def new_sid() -> str:
    return f"SM{uuid.uuid4().hex}"


def behind_proxy(base: str) -> dict[str, str]:
    """What a proxy that people meet at `base` says of itself."""
    scheme, _, host = base.partition("://")
    return {"X-Forwarded-Proto": scheme, "X-Forwarded-Host": host}
