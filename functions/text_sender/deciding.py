"""The decision about a text is written down, whole and before anything leaves."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from functions.text_sender.decision import Decision, decide, limits_of
from functions.text_sender.facts import count, facts_of
from shared.errors import Forbidden
from shared.ports import Data, Document, Documents
from shared.runtime.work import UnitOfWork
from shared.texting.delivery import UNDERWAY, WAITING
from shared.texting.request import decision_path, text_path
from shared.texting.telling import tell

HOLDS = timedelta(minutes=1)
"""A decision is about a moment; what could not leave within this is decided on again, so no text leaves later
than this after its hours."""

_STATES = {"send": "sending", "defer": "deferred", "refuse": "refused"}


def needs_decision(text: Data, *, is_begun: bool, now: datetime) -> bool:
    """It waits and its time has come; or it was let go some time ago and surely never left."""
    if text["state"] in WAITING:
        due_at: datetime | None = text["due_at"]
        return due_at is None or due_at <= now
    if text["state"] not in UNDERWAY or is_begun:
        return False
    decided_at: datetime = text["decision"]["decided_at"]
    return text["state"] == "unknown" or now - decided_at > HOLDS


def decide_on(work: UnitOfWork, text: Data) -> Decision:
    """Decides, and writes the decision, the text's state and its place in the limits in one commit."""
    facts = facts_of(work, text)
    decision = decide(facts, work.now)
    made = text["decision"].get("number", 0) + 1
    record: dict[str, Any] = {
        "decision_id": f"{text['text_id']}-{made}",
        "text_id": text["text_id"],
        "number": made,
        "verdict": decision.verdict,
        "reason": decision.reason,
        "due_at": decision.due_at,
        "decided_at": work.now,
        "purpose": text["purpose"],
    }
    work.create(decision_path(text["text_id"], made), {**record, "because": dict(decision.because)})
    state = _STATES[decision.verdict]
    counted_at = work.now if decision.verdict == "send" else text.get("counted_at")
    changed = {"state": state, "due_at": decision.due_at, "decision": record, "counted_at": counted_at}
    work.put(text_path(text["text_id"]), {**text, **changed, "updated_at": work.now})
    if decision.verdict == "send":
        count(work, text, facts.rule, limits_of(facts))
    if decision.verdict == "refuse":
        tell(work, text, decision.reason)
    _note(work, text, decision)
    return decision


def require_decision(documents: Documents, text: Data) -> Document:
    """The stored decision that lets this text go. Raises `Forbidden`: without one nothing leaves."""
    number = text["decision"].get("number", 0)
    stored = documents.get(decision_path(text["text_id"], number)) if number else None
    if (
        stored is None
        or stored.data["verdict"] != "send"
        or (stored.data["text_id"], stored.data["purpose"]) != (text["text_id"], text["purpose"])
    ):
        raise Forbidden(f"the text [{text['text_id']}] has no recorded decision that lets it go")
    return stored


def _note(work: UnitOfWork, text: Data, decision: Decision) -> None:
    where = decision.because["where"]
    detail = {
        "verdict": decision.verdict,
        "reason": decision.reason,
        "purpose": text["purpose"],
        "zones": where["zones"],
        "states": where["states"],
        "due_at": decision.due_at.isoformat() if decision.due_at else None,
    }
    work.audit("text.decided", subject=text_path(text["text_id"]), detail=detail)
