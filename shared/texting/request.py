"""Asking for a text message: the one door out. Whether and when it goes is decided in one place alone.

    request_text(work, to=Recipient(phone, person_id=person.person_id), purpose=Purpose.SERVICE,
                 body="Your quote is ready: https://…", key=f"quote:{quote_id}:{version}")

`texts/{text_id}` then says what became of it: requested, deferred (put off until `due_at`), refused, sending,
unknown (nobody can tell whether it left), queued, sent, delivered, undelivered, failed.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from shared.errors import InvalidInput
from shared.events.base import EVENT_NAMESPACE
from shared.events.texting import TextRequested
from shared.runtime.work import UnitOfWork
from shared.texting.segments import MAX_CHARACTERS, segments


class Purpose(StrEnum):
    """Why somebody is texted; what each asks of consent, hours and frequency is in purposes.yaml."""

    REPLY = "reply"
    SERVICE = "service"
    MARKETING = "marketing"
    OTP = "otp"
    OPT_OUT_CONFIRMATION = "opt_out_confirmation"
    OPT_IN_CONFIRMATION = "opt_in_confirmation"
    HELP = "help"
    STAFF_ALERT = "staff_alert"
    STAFF_MESSAGE = "staff_message"


@dataclass(frozen=True)
class Recipient:
    """`phone` is E.164; the ids say whose it is, as far as the caller knows."""

    phone: str
    person_id: str = ""
    staff_id: str = ""


def text_id_of(tenant_id: str, key: str) -> str:
    """The same key of the same dealership is the same text message."""
    return uuid.uuid5(EVENT_NAMESPACE, f"{tenant_id}|text|{key}").hex


def text_path(text_id: str) -> str:
    return f"texts/{text_id}"


def decision_path(text_id: str, number: int) -> str:
    """Of the decisions about a text the one of that number, from 1."""
    return f"text_decisions/{text_id}-{number}"


def request_text(
    work: UnitOfWork,
    *,
    to: Recipient,
    purpose: Purpose,
    body: str,
    key: str,
    thread_id: str = "",
    link: str = "",
) -> str:
    """The text's id. It is asked for in the caller's commit; the same `key` asks once, whatever else differs.

    `key` names the cause within the dealership, e.g. `quote:q1:2`. `thread_id` is the conversation it is part
    of, `link` the page it leads to. Figures, dates and VINs in `body` come from records, never from a model.
    A number nobody can be texted at is refused later, and a person is told: the caller's own work goes on.

    Raises `InvalidInput` for an empty or overlong body (see `fitted`) or an empty key.
    """
    if not body.strip() or len(body) > MAX_CHARACTERS:
        raise InvalidInput(f"a text of [{len(body)}] characters; 1 to [{MAX_CHARACTERS}] are possible")
    if not key:
        raise InvalidInput("a text needs a [key] that names its cause")
    text_id = text_id_of(work.tenant.tenant_id, key)
    if work.get(text_path(text_id)) is not None:
        return text_id
    known = {"text_id": text_id, "key": key, "purpose": str(purpose), "thread_id": thread_id, "link": link}
    work.create(text_path(text_id), {**known, **_asked_for(work, to, body)})
    work.emit(TextRequested(text_id=text_id))
    return text_id


def _asked_for(work: UnitOfWork, to: Recipient, body: str) -> dict[str, Any]:
    """A text nobody has looked at yet."""
    return {
        "to": to.phone,
        "person_id": to.person_id,
        "staff_id": to.staff_id,
        "body": body,
        "segments": segments(body),
        "requested_by": work.cause.function,
        "requested_at": work.now,
        "updated_at": work.now,
        "state": "requested",
        "due_at": None,
        "decision": {},
        "counted_at": None,
        "provider_id": "",
        "error_code": "",
    }


def withdraw_text(work: UnitOfWork, key: str) -> bool:
    """What it tells is over, so a text that has not been let go yet no longer goes. Whether it still could be
    held back; one on its way cannot."""
    known = work.get(text_path(text_id_of(work.tenant.tenant_id, key)))
    if known is None or known.data["state"] not in ("requested", "deferred"):
        return False
    held = {"state": "refused", "due_at": None, "error_code": "withdrawn", "updated_at": work.now}
    work.put(known.path, {**known.data, **held})
    return True
