"""What set a unit of work in motion."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from shared.events.base import EVENT_NAMESPACE


@dataclass(frozen=True)
class Cause:
    """The request, event or tick behind a unit of work.

    `id` is the same when the same cause is delivered again: everything the work creates derives
    its ids from it, so a repeated run creates the same things.
    """

    id: str
    function: str
    tenant_id: str
    correlation_id: str
    traceparent: str = ""
    auth_id: str = ""
    answers: str = ""
    """The event or request this is one attempt at, when the attempt has an id of its own."""
    is_attempt: bool = True
    """False for what is done after the last one failed: that it worked makes no failure good."""

    @property
    def causation_id(self) -> str:
        """What the ledger groups by: all attempts at one event carry the same."""
        return self.answers or self.id

    @property
    def key(self) -> str:
        """One cause handled by one function: two consumers of an event create different things."""
        return f"{self.function}|{self.id}"

    def derived_id(self, ordinal: int) -> str:
        return uuid.uuid5(EVENT_NAMESPACE, f"{self.key}|id|{ordinal}").hex
