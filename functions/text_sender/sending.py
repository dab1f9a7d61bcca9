"""The one place where a text leaves: after its decision is stored, once, with consent as it is by then."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any

from functions.text_sender.deciding import require_decision
from functions.text_sender.facts import no_longer_wanted
from shared.errors import EffectUnknown, Misconfigured, OptedOut, Rejected, Unavailable
from shared.ports import Data, Sms
from shared.runtime.effects import Effects
from shared.runtime.work import UnitOfWork
from shared.settings import Settings, public_base
from shared.texting.delivery import of_provider
from shared.texting.progress import move
from shared.texting.request import text_path
from shared.texting.telling import tell

REPORTS_PATH = "/api/webhooks/twilio/status"

LOOKED_FOR = timedelta(days=7)
SHORTEST, LONGEST = timedelta(minutes=1), timedelta(hours=1)
"""Between two looks for a text whose end nobody knows."""

WITHDRAWN = "consent ended before the text left"

_CODE = re.compile(r"Twilio \[(\d+)\]")


def effect_key(text_id: str) -> str:
    return f"sms:{text_id}"


def is_begun(work: UnitOfWork, text_id: str) -> bool:
    """Somebody may have handed it over; while this does not stand, surely nobody has."""
    return work.get(f"effects/{effect_key(text_id)}") is not None


def send(work: UnitOfWork, text: Data) -> None:
    """Hands the text to the provider and writes down what it answered.

    Raises `Unavailable` and `LeaseHeld` to be tried again, `Forbidden` without a stored decision.
    """
    require_decision(work.tenant.documents, text)
    try:
        result = _performed(work, text)
    except Rejected as error:
        _refused(work, text, error)
    except EffectUnknown:
        _unknown(work, text)
    else:
        state = of_provider(str(result.get("status", ""))) or "queued"
        move(work, text, state, provider_id=str(result.get("provider_id", "")))


def _performed(work: UnitOfWork, text: Data) -> Mapping[str, Any]:
    tenant, key = work.tenant, effect_key(text["text_id"])
    sms = Sms(
        text["to"], text["body"], tenant.sms_number or None, _report_to(tenant.settings, text["text_id"])
    )

    def call() -> Mapping[str, Any]:
        if no_longer_wanted(work, text):
            raise OptedOut(WITHDRAWN)
        try:
            return asdict(tenant.messenger.send_sms(sms, key=key))
        except Misconfigured as error:
            # Nothing was sent, and it can be once the setting is right.
            raise Unavailable(str(error)) from error

    def look_up(since: datetime) -> Mapping[str, Any] | None:
        found = tenant.messenger.find(key, sms, since)
        return asdict(found) if found else None

    return Effects(tenant).perform(key, call, look_up=look_up)


def _report_to(settings: Settings, text_id: str) -> str:
    """Where the provider reports; nowhere while the product has no address outside can reach."""
    return f"{public_base(settings)}{REPORTS_PATH}?text={text_id}" if settings.public_url else ""


def _refused(work: UnitOfWork, text: Data, error: Rejected) -> None:
    """By the recipient in the last moment, or by the provider for good."""
    if str(error) != WITHDRAWN:
        code = _CODE.search(str(error))
        move(work, text, "failed", error_code=code[1] if code else type(error).__name__)
        return
    decision = {**text["decision"], "verdict": "refuse", "reason": "refused", "withdrawn_at": work.now}
    changes = {"state": "refused", "decision": decision, "updated_at": work.now}
    work.put(text_path(text["text_id"]), {**text, **changes})
    tell(work, text, "refused")
    detail = {"verdict": "refuse", "reason": "refused", "purpose": text["purpose"], "at": "handing over"}
    work.audit("text.decided", subject=text_path(text["text_id"]), detail=detail)


def _unknown(work: UnitOfWork, text: Data) -> None:
    """It is looked for again, ever more rarely; the sweeper asks a person to decide meanwhile."""
    age = work.now - text["decision"]["decided_at"]
    due_at = work.now + min(max(age, SHORTEST), LONGEST) if age < LOOKED_FOR else None
    changes = {"state": "unknown", "due_at": due_at, "updated_at": work.now}
    work.put(text_path(text["text_id"]), {**text, **changes})
    if text["state"] != "unknown":
        work.audit("text.unknown", subject=text_path(text["text_id"]), detail={"purpose": text["purpose"]})
