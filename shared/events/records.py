"""What the intake of a dealership's own records tells: counts, and rows for the warehouse."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any, ClassVar

from pydantic import ConfigDict

from shared.events.base import Event


class RecordsReceived(Event, topic="records-received"):
    """A file of records was taken in. Counts alone: what changed is in the documents."""

    example: ClassVar[Mapping[str, Any]] = {
        "kind": "vehicles",
        "received": 240,
        "created": 12,
        "updated": 3,
        "unchanged": 224,
        "rejected": 1,
    }

    kind: str
    received: int
    created: int
    updated: int
    unchanged: int
    rejected: int


class MoneyEntryRecorded(Event, topic="money-entry-recorded", table="ledger.money_entry_v1"):
    """An accounting posting entered the books. One row of the money ledger, money in US dollars."""

    envelope_columns: ClassVar[tuple[str, ...]] = ("tenant_id",)
    example: ClassVar[Mapping[str, Any]] = {
        "entry_id": "GL-2026-004711",
        "occurred_on": "2026-11-20",
        "lane": "C",
        "category": "transport",
        "direction": "expense",
        "amount": "480.00",
        "currency": "USD",
        "recorded_at": "2026-11-20T18:00:00Z",
    }

    entry_id: str
    occurred_on: date
    lane: str
    category: str
    direction: str
    amount: Decimal
    currency: str
    description: str | None = None
    vin: str | None = None
    document_number: str | None = None
    counterparty: str | None = None
    corrects: str | None = None
    recorded_at: datetime


class VehicleRecorded(Event, topic="vehicle-recorded", table="twins.inventory_master_v1"):
    """A vehicle's record changed. One row of its digital twin, whole as it is from now on."""

    # Columns other capabilities keep in the vehicle's document (flags, owner) pass through.
    model_config = ConfigDict(frozen=True, extra="allow")
    envelope_columns: ClassVar[tuple[str, ...]] = ("tenant_id",)
    example: ClassVar[Mapping[str, Any]] = {
        "vin": "1HGCM82633A004352",
        "year": 2003,
        "make": "Honda",
        "model": "Accord",
        "status": "in_stock",
        "price": "6950.00",
        "recorded_at": "2026-11-20T18:00:00Z",
    }

    vin: str
    recorded_at: datetime

    def about(self) -> str:
        return f"vehicles/{self.vin}"
