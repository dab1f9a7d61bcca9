"""One text on its way, and what became of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from shared.inbox.messages import Message
from shared.inbox.rules import InboxRules
from shared.inbox.senders import SenderState
from shared.inbox.thread import Thread
from shared.ports import Data
from shared.runtime.work import UnitOfWork


@dataclass(frozen=True)
class Routed:
    """What became of a text; `outcome` as in the event `text-routed`."""

    outcome: str
    thread: Thread | None = None
    is_new_person: bool = False


@dataclass(frozen=True)
class Routing:
    """One text on its way: what it is, who sent it, which conversations there are."""

    work: UnitOfWork
    rules: InboxRules
    text: Data
    sender: SenderState
    threads: Sequence[Thread]

    @property
    def at(self) -> datetime:
        at: datetime = self.text["received_at"]
        return at

    @property
    def words(self) -> str:
        body = str(self.text["body"]).strip()
        files = len(self.text["media"])
        return f"{body}\n({files} file{'s' if files > 1 else ''})".strip() if files else body

    def message(self, **more: Any) -> Message:
        text = self.text
        media = tuple({"index": one["index"], "content_type": one["content_type"]} for one in text["media"])
        return Message(
            text["text_sid"], "in", text["body"], self.at, text_sid=text["text_sid"], media=media, **more
        )
