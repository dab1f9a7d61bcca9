"""Why an event was given up, kept beside the bus: Pub/Sub's dead letters say how often, never why."""

from __future__ import annotations

from datetime import timedelta

from shared.errors import Transient
from shared.events.base import Envelope
from shared.observability import log
from shared.platform import Platform
from shared.ports import Documents, Message, Write

KEPT = timedelta(days=31)
"""As long as Pub/Sub keeps a dead letter at most."""


def keep_reason(platform: Platform, function: str, envelope: Envelope, reason: str) -> None:
    """Never raises a second error: the message goes to the dead letters either way."""
    now = platform.clock.now()
    data = {
        "reason": reason,
        "tenant_id": envelope.tenantid,
        "failed_at": now,
        "expires_at": now + KEPT,
    }
    try:
        platform.documents.commit([Write(_path(function, envelope.id), data)])
    except Transient as error:
        log("WARNING", "the reason of a dead letter was not kept", error=type(error).__name__)


def kept_reason(documents: Documents, function: str, message: Message) -> str:
    found = documents.get(_path(function, message.attributes.get("ce-id", "-")))
    return found.data["reason"] if found else f"no reason was kept; the logs of [{function}] may have it"


def _path(function: str, event_id: str) -> str:
    return f"given_up/{function}:{event_id}"
