"""How far a text message has come: only ever forward, in whatever order the provider's reports arrive."""

from __future__ import annotations

from collections.abc import Mapping

FORWARD = (
    *("requested", "deferred", "sending", "unknown", "queued", "sent"),
    *("failed", "undelivered", "delivered"),
)
"""What is later in this list holds. A text that arrived has arrived, whatever was said before or after."""

NOT_ARRIVED = frozenset({"failed", "undelivered"})
UNDERWAY = frozenset({"sending", "unknown"})
"""Decided on, perhaps handed over, nothing heard."""
WAITING = frozenset({"requested", "deferred"})

_OF_PROVIDER: Mapping[str, str] = {
    **dict.fromkeys(("accepted", "scheduled", "queued", "sending"), "queued"),
    "sent": "sent",
    **dict.fromkeys(("delivered", "read", "partially_delivered"), "delivered"),
    "undelivered": "undelivered",
    **dict.fromkeys(("failed", "canceled"), "failed"),
}


def of_provider(word: str) -> str | None:
    """Our state for the provider's word; None for one that is not known."""
    return _OF_PROVIDER.get(word.strip().lower())


def advanced(state: str, reported: str) -> str:
    """The later of the two. What was refused was never handed over, so no report moves it."""
    if state not in FORWARD:
        return state
    return max(state, reported, key=FORWARD.index)
