"""Text messages: asked for, on their way, unwanted. Numbers and words are in the documents alone."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, ClassVar, Literal

from shared.events.base import Event

ConsentState = Literal["granted", "denied", "unknown"]


class TextRequested(Event, topic="text-requested"):
    """A text message may have to go out now: `texts/{text_id}` says which. Told when it is asked for, and
    again when the time it was put off to has come."""

    example: ClassVar[Mapping[str, Any]] = {"text_id": "7c9b1e0e6a5f5f0d9b1e6a5f5f0d7c9b"}

    text_id: str

    def about(self) -> str:
        return f"texts/{self.text_id}"


class DeliveryUpdated(Event, topic="delivery-updated"):
    """The provider said how far a text message has come; never a step back."""

    example: ClassVar[Mapping[str, Any]] = {
        "text_id": "7c9b1e0e6a5f5f0d9b1e6a5f5f0d7c9b",
        "state": "delivered",
        "purpose": "service",
        "requested_at": "2026-11-20T15:30:00Z",
        "updated_at": "2026-11-20T15:30:04Z",
    }

    text_id: str
    state: str
    purpose: str
    requested_at: datetime
    updated_at: datetime
    error_code: str = ""

    def about(self) -> str:
        return f"texts/{self.text_id}"


class ConsentChanged(Event, topic="consent-changed"):
    """Somebody said whether they want text messages: `consent_changes/{change_id}` says who and with which
    words. `needs_review`: read from free language, honoured at once, and a person is to confirm it."""

    example: ClassVar[Mapping[str, Any]] = {
        "change_id": "2b49c1b2a493a7e2d4c38f0d7e3c1b2a",
        "state": "denied",
        "topics": [],
        "kind": "keyword",
        "changed_at": "2026-11-20T15:30:00Z",
    }

    change_id: str
    state: ConsentState
    topics: tuple[str, ...] = ()
    """The topics the change is about; empty for all of them."""
    kind: str
    needs_review: bool = False
    changed_at: datetime

    def about(self) -> str:
        return f"consent_changes/{self.change_id}"
