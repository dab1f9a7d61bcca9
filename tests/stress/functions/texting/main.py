"""Each request for attention is one text message."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any

from shared.events.conversation import AttentionRequested
from shared.ports import Sms
from shared.runtime.effects import Effects
from shared.runtime.entry import entry_point
from shared.runtime.work import UnitOfWork


def text(event: AttentionRequested, work: UnitOfWork) -> None:
    """Retried with back-off; Twilio is asked before a message with an unclear end counts as lost."""
    messenger, key = work.tenant.platform.messenger, f"sms-{event.subject}"
    sms = Sms(to=event.kind, body=event.summary)

    def send() -> Mapping[str, Any]:
        return asdict(messenger.send_sms(sms, key=key))

    def look_up(since: datetime) -> Mapping[str, Any] | None:
        found = messenger.find(key, sms, since)
        return asdict(found) if found else None

    Effects(work.tenant).perform(key, send, look_up=look_up)


texting = entry_point(__file__, text)
