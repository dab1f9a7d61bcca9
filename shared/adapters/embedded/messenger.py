"""Text messages kept in an outbox instead of sent."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

from shared.adapters.embedded.outbox import Outbox
from shared.adapters.sms_rules import check_sms
from shared.adapters.system import SystemClock
from shared.ports import Clock, SentMessage, Sms


class OutboxMessenger:
    def __init__(self, path: Path, *, clock: Clock | None = None) -> None:
        self._outbox = Outbox(path, channel="sms", clock=clock or SystemClock())

    def send_sms(self, sms: Sms, *, key: str) -> SentMessage:
        check_sms(sms)
        return self._outbox.send(key=key, recipient=sms.to, body=sms.body, sender=sms.sender)

    def find(self, key: str, sms: Sms, since: datetime) -> SentMessage | None:
        return self._outbox.find(key, since)

    def sent(self, limit: int) -> list[dict[str, Any]]:
        """`id, channel, key, to, from, body, sent_at` of the newest messages, newest last."""
        return self._outbox.sent(limit)
