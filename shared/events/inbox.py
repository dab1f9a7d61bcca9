"""Customers write and are answered. Who wrote and what is in documents alone."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, ClassVar

from shared.events.base import Event


class TextReceived(Event, topic="text-received"):
    """A text message came in and is stored as `inbound_texts/{text_sid}`."""

    example: ClassVar[Mapping[str, Any]] = {
        "text_sid": "SM3f2a9c0e7d1b4a5f8c6e2d0b9a7f5e31",
        "received_at": "2026-11-20T15:30:00Z",
    }

    text_sid: str
    received_at: datetime

    def about(self) -> str:
        return f"inbound_texts/{self.text_sid}"


class TextMediaReceived(Event, topic="text-media-received"):
    """Files came with a text message and still lie at the provider. Told of the few texts that have some."""

    example: ClassVar[Mapping[str, Any]] = {"text_sid": "MM3f2a9c0e7d1b4a5f8c6e2d0b9a7f5e31", "files": 2}

    text_sid: str
    files: int

    def about(self) -> str:
        return f"inbound_texts/{self.text_sid}"


class TextRouted(Event, topic="text-routed"):
    """It was found out whom a text is for. `outcome`: `passed_on` to `staff_id`, or it `waits` until the
    dealership opens; `asked` the customer which department; `unstaffed` when nobody could be told; `noted`
    without passing it on; `held` because too many came at once; `staff` when a colleague wrote."""

    example: ClassVar[Mapping[str, Any]] = {
        "text_sid": "SM3f2a9c0e7d1b4a5f8c6e2d0b9a7f5e31",
        "thread_id": "8f7d6c5b4a39",
        "outcome": "passed_on",
        "department": "service",
        "staff_id": "advisor",
        "received_at": "2026-11-20T15:30:00Z",
    }

    text_sid: str
    thread_id: str
    outcome: str
    department: str = ""
    staff_id: str = ""
    is_new_person: bool = False
    received_at: datetime

    def about(self) -> str:
        return f"threads/{self.thread_id}" if self.thread_id else f"inbound_texts/{self.text_sid}"
