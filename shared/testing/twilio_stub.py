"""Twilio's messages resource, as far as we use it, with its refusals and its bad days."""

from __future__ import annotations

import base64
import re
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from email.utils import format_datetime
from typing import Any

from shared.testing.http_stub import Reply, Request, json_reply, serve

ACCOUNT_SID, AUTH_TOKEN = "AC" + "1" * 32, "stub-token"
_CREDENTIAL = "Basic " + base64.b64encode(f"{ACCOUNT_SID}:{AUTH_TOKEN}".encode()).decode()
_E164 = re.compile(r"\+1[2-9][0-9]{9}")


class TwilioStub:
    """`messages` holds what was sent, newest first. The attributes below are set by a test."""

    url: str

    def __init__(self) -> None:
        self.messages: list[dict[str, Any]] = []
        self.report_to: dict[str, str] = {}
        """By message: the address its delivery reports were asked for."""
        self.opted_out: set[str] = set()
        self.own_numbers: set[str] | None = None
        self.fail_with: int | None = None
        """Answer this status without doing anything."""
        self.stay_silent_s: float = 0.0
        """Do it, then answer only after so many seconds."""

    def answer(self, request: Request) -> Reply:
        if self.fail_with:
            return Reply(self.fail_with, b"<html>not JSON</html>")
        if request.headers.get("authorization") != _CREDENTIAL:
            return _error(401, 20003, "Authenticate")
        if request.path != f"/2010-04-01/Accounts/{ACCOUNT_SID}/Messages.json":
            return _error(404, 20404, f"The requested resource {request.path} was not found")
        return self._create(request.form) if request.method == "POST" else self._list(request)

    def _create(self, form: dict[str, str]) -> Reply:
        to, sender = form.get("To", ""), form.get("From", "")
        if not _E164.fullmatch(to):
            return _error(400, 21211, f"Invalid 'To' Phone Number: {to}")
        if self.own_numbers is not None and sender not in self.own_numbers:
            return _error(400, 21606, f"The 'From' phone number {sender} is not a valid sender")
        if to in self.opted_out:
            return _error(400, 21610, "Attempt to send to unsubscribed recipient")
        message = _message(to, sender, form["Body"])
        self.messages.insert(0, message)
        self.report_to[message["sid"]] = form.get("StatusCallback", "")
        time.sleep(self.stay_silent_s)
        return json_reply(message, 201)

    def _list(self, request: Request) -> Reply:
        wanted = {"to": request.query.get("To"), "from": request.query.get("From")}
        found = [m for m in self.messages if all(v is None or m[k] == v for k, v in wanted.items())]
        size, page = int(request.query.get("PageSize", 50)), int(request.query.get("Page", 0))
        more = len(found) > (page + 1) * size
        following = f"{request.path}?PageSize={size}&Page={page + 1}&To={wanted['to']}&From={wanted['from']}"
        following = following.replace("+", "%2B")
        part = found[page * size : (page + 1) * size]
        return json_reply({"messages": part, "next_page_uri": following if more else None, "page": page})


@contextmanager
def twilio_stub() -> Iterator[TwilioStub]:
    stub = TwilioStub()
    with serve(stub.answer) as url:
        stub.url = url
        yield stub


def _message(to: str, sender: str, body: str) -> dict[str, Any]:
    return {
        "sid": "SM" + uuid.uuid4().hex,
        "account_sid": ACCOUNT_SID,
        "to": to,
        "from": sender,
        "body": body,
        "status": "queued",
        "direction": "outbound-api",
        "date_created": format_datetime(datetime.now(UTC)),
        "date_sent": None,
        "num_media": "0",
        "num_segments": "1",
    }


def _error(status: int, code: int, message: str) -> Reply:
    more = f"https://www.twilio.com/docs/errors/{code}"
    return json_reply({"code": code, "message": message, "more_info": more, "status": status}, status)
