"""The staff's chat kept in an outbox instead of posted."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from shared.adapters.embedded.outbox import Outbox
from shared.adapters.system import SystemClock
from shared.ports import Clock, SentMessage


class OutboxStaffChat:
    def __init__(self, path: Path, *, clock: Clock | None = None) -> None:
        self._outbox = Outbox(path, channel="staff_chat", clock=clock or SystemClock())

    def post(self, *, channel: str, text: str, key: str) -> SentMessage:
        return self._outbox.send(key=key, recipient=channel, body=text)

    def sent(self, limit: int) -> list[dict[str, Any]]:
        """`id, channel, key, to, from, body, sent_at` of the newest posts, newest last."""
        return self._outbox.sent(limit)
