"""Text messages through Twilio.

Twilio takes no idempotency key and stores none with a message. An earlier send of an effect is therefore
looked up by what it was: same recipient, sender and text, created since the effect was claimed. Two effects
with the very same text to one number in that time count as one, which errs towards sending too little.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from itertools import takewhile
from typing import Any
from urllib.parse import urlsplit

import httpx
from twilio.base.exceptions import TwilioException, TwilioRestException
from twilio.http import HttpClient
from twilio.http.response import Response
from twilio.rest import Client

from shared.adapters.google.effect_http import check_answer, check_object, effect_errors, lookup_errors
from shared.adapters.sms_rules import check_sms
from shared.errors import (
    CosError,
    EffectUnknown,
    InvalidNumber,
    Misconfigured,
    OptedOut,
    Rejected,
    Unavailable,
)
from shared.ports import SentMessage, Sms

_API = "https://api.twilio.com"
_CLOCK_SKEW = timedelta(seconds=30)
_MOST_LISTED = 1_000
_BAD_NUMBER = frozenset({21211, 21214, 21217, 21265, 21612, 21614})
_BAD_SENDER = frozenset({21212, 21603, 21606, 21659, 21660})


class TwilioMessenger:
    """`sender` is our number. `api_url` (`http://127.0.0.1:port`) instead of Twilio's own address."""

    def __init__(
        self,
        *,
        account_sid: str,
        auth_token: str,
        sender: str,
        api_url: str = "",
        timeout_s: float = 10.0,
    ) -> None:
        self._http = _TwilioHttp(api_url or _API, timeout_s)
        self._client = Client(account_sid, auth_token, http_client=self._http)
        self._sender = sender

    def send_sms(self, sms: Sms, *, key: str) -> SentMessage:
        check_sms(sms)
        options = {"status_callback": sms.report_to} if sms.report_to else {}
        try:
            sent = self._client.messages.create(
                to=sms.to, from_=sms.sender or self._sender, body=sms.body, **options
            )
        except TwilioRestException as error:
            raise _said(error, sms) from error
        if not sent.sid:
            raise EffectUnknown("Twilio answered without the id of the message")
        return SentMessage(str(sent.sid), str(sent.status))

    def find(self, key: str, sms: Sms, since: datetime) -> SentMessage | None:
        try:
            newest_first = self._client.messages.stream(
                to=sms.to, from_=sms.sender or self._sender, limit=_MOST_LISTED
            )
            young = takewhile(lambda message: message.date_created >= since - _CLOCK_SKEW, newest_first)
            same = [message for message in young if _is_text(message.body, sms.body)]
        except TwilioRestException as error:
            raise _said(error, sms) from error
        except TwilioException as error:
            raise Unavailable(f"Twilio answered no list of messages: {error}") from error
        return SentMessage(str(same[-1].sid), str(same[-1].status)) if same else None

    def close(self) -> None:
        self._http.close()


class _TwilioHttp(HttpClient):  # type: ignore[misc]  # the library has no types
    """Twilio's own transport cannot tell a refused connection from a lost answer; this one can."""

    def __init__(self, base_url: str, timeout_s: float) -> None:
        self._base_url = base_url.rstrip("/")
        self._http = httpx.Client(timeout=timeout_s)

    def request(
        self,
        method: str,
        uri: str,
        params: Mapping[str, Any] | None = None,
        data: Mapping[str, Any] | None = None,
        headers: Mapping[str, str] | None = None,
        auth: tuple[str, str] | None = None,
        timeout: float | None = None,
        allow_redirects: bool = False,
    ) -> Response:
        is_effect = method.upper() == "POST"
        url = urlsplit(uri)
        query = f"?{url.query}" if url.query else ""
        with (effect_errors if is_effect else lookup_errors)("Twilio"):
            answer = self._http.request(
                method,
                f"{self._base_url}{url.path}{query}",
                params=_present(params) or None,
                data=_present(data),
                headers=dict(headers or {}),
                auth=auth,
            )
        check_answer("Twilio", answer.status_code, is_effect=is_effect)
        # A refusal (4xx) surely did nothing, whoever wrote it.
        check_object("Twilio", answer.text, is_effect=is_effect and answer.status_code < 400)
        return Response(answer.status_code, answer.text)

    def close(self) -> None:
        self._http.close()


def _present(values: Mapping[str, Any] | None) -> dict[str, Any]:
    return {name: value for name, value in (values or {}).items() if isinstance(value, str | int)}


def _is_text(found: str | None, wanted: str) -> bool:
    """A trial account puts words before every text."""
    text = (found or "").strip()
    return text == wanted.strip() or text.endswith(f" - {wanted.strip()}")


def _said(error: TwilioRestException, sms: Sms) -> CosError:
    words = f"Twilio [{error.code or error.status}]: {error.msg}"
    if error.code == 21610:
        return OptedOut(f"Number [{sms.to}] said stop and gets no texts; {words}")
    if error.code in _BAD_NUMBER:
        return InvalidNumber(f"Number [{sms.to}] cannot be texted; {words}")
    if error.code in _BAD_SENDER:
        return Misconfigured(f"COS_TWILIO_NUMBER is no number we may send from; {words}")
    if error.status in (401, 403):
        return Misconfigured(f"Secrets twilio_account_sid and twilio_auth_token do not hold; {words}")
    return Rejected(f"Text to [{sms.to}] refused; {words}")
