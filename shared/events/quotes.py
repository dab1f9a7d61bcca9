"""A customer is asked what may be repaired, and answers."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any, ClassVar

from shared.events.base import Event


class QuoteSent(Event, topic="quote-sent"):
    """A version of a quote was texted to the customer. `total_usd` is with tax, if all of it is approved."""

    example: ClassVar[Mapping[str, Any]] = {
        "quote_id": "5b1f0c9a7e2d4c38",
        "version": 1,
        "vin": "1HGCM82633A004352",
        "repair_order": "RO-58001",
        "lines": 3,
        "reds": 1,
        "total_usd": "1284.50",
        "sent_at": "2026-11-20T15:30:00Z",
        "valid_until": "2026-12-04T15:30:00Z",
    }

    quote_id: str
    version: int
    vin: str
    repair_order: str | None = None
    lines: int
    reds: int
    total_usd: Decimal
    sent_at: datetime
    valid_until: datetime

    def about(self) -> str:
        return f"quotes/{self.quote_id}"


class QuoteDecided(Event, topic="quote-decided"):
    """The customer signed what is approved, declined and put off. `receipts/{receipt}` proves it."""

    example: ClassVar[Mapping[str, Any]] = {
        "quote_id": "5b1f0c9a7e2d4c38",
        "version": 1,
        "vin": "1HGCM82633A004352",
        "repair_order": "RO-58001",
        "approved": 2,
        "declined": 1,
        "deferred": 0,
        "reds_refused": 1,
        "approved_usd": "972.10",
        "receipt": "00000042",
        "decided_at": "2026-11-20T16:02:00Z",
    }

    quote_id: str
    version: int
    vin: str
    repair_order: str | None = None
    approved: int
    declined: int
    deferred: int
    reds_refused: int
    """Red lines that were declined or put off."""
    approved_usd: Decimal
    receipt: str
    decided_at: datetime

    def about(self) -> str:
        return f"quotes/{self.quote_id}"
