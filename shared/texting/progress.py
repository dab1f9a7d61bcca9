"""What the provider says of a text is written down, told, and shown to a person when it did not arrive."""

from __future__ import annotations

from typing import Any

from shared.domain.consent import Evidence, record_refusal
from shared.events.texting import DeliveryUpdated
from shared.ports import Data
from shared.runtime.work import UnitOfWork
from shared.texting.delivery import NOT_ARRIVED, advanced
from shared.texting.request import Purpose, text_path
from shared.texting.rules import purpose_rules
from shared.texting.telling import tell

SAID_STOP = "21610"
"""The provider's code for a recipient that told it to stop."""


def move(work: UnitOfWork, text: Data, reported: str, *, provider_id: str = "", error_code: str = "") -> bool:
    """Whether it went forward; an old report, or the same again, changes nothing."""
    state = advanced(text["state"], reported)
    if state == text["state"]:
        return False
    rule = purpose_rules()[Purpose(text["purpose"])]
    changes: dict[str, Any] = {
        "state": state,
        "due_at": None,
        "provider_id": provider_id or text["provider_id"],
        "error_code": error_code,
        "updated_at": work.now,
        **({"body": ""} if rule.forget else {}),
    }
    work.put(text_path(text["text_id"]), {**text, **changes})
    _announce(work, text, state, error_code)
    if state in NOT_ARRIVED:
        _act_on(work, text, error_code)
    return True


def _announce(work: UnitOfWork, text: Data, state: str, error_code: str) -> None:
    work.emit(
        DeliveryUpdated(
            text_id=text["text_id"],
            state=state,
            purpose=text["purpose"],
            requested_at=text["requested_at"],
            updated_at=work.now,
            error_code=error_code,
        )
    )
    detail = {"state": state, "purpose": text["purpose"], "error_code": error_code}
    work.audit("text.moved", subject=text_path(text["text_id"]), detail=detail)


def _act_on(work: UnitOfWork, text: Data, error_code: str) -> None:
    """A stop the provider heard is a stop; everything else is a person's to solve."""
    if error_code == SAID_STOP:
        record_refusal(work, text["to"], Evidence("provider", note=SAID_STOP), person_id=text["person_id"])
    tell(work, text, "refused" if error_code == SAID_STOP else error_code or "unknown")
