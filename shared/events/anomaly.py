"""The books do not fit themselves somewhere."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any, ClassVar

from shared.events.base import Event


class AnomalyDetected(Event, topic="anomaly-detected"):
    """A posting, a day or a trend that does not fit the dealership's own books. Money in US dollars."""

    example: ClassVar[Mapping[str, Any]] = {
        "finding_id": "0d6f",
        "kinds": ["two_deviations", "posting"],
        "lane": "C",
        "category": "transport",
        "direction": "expense",
        "occurred_on": "2026-11-20",
        "value_usd": "5000.00",
        "expected_high_usd": "655.00",
        "entry_ids": ["GL-2026-004711"],
        "is_alert": True,
    }

    finding_id: str
    kinds: tuple[str, ...]
    lane: str
    category: str
    direction: str
    occurred_on: date
    value_usd: Decimal
    expected_low_usd: Decimal | None = None
    expected_high_usd: Decimal | None = None
    entry_ids: tuple[str, ...] = ()
    is_alert: bool
    """False when it belongs to an episode a person was told of already."""

    def about(self) -> str:
        return f"anomalies/{self.finding_id}"
