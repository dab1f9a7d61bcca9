"""The kinds of records a dealership sends, each with the model that is its contract."""

from __future__ import annotations

from shared.domain.appointment import Appointment
from shared.domain.deal import Deal
from shared.domain.money_entry import MoneyEntry
from shared.domain.price_item import PriceItem
from shared.domain.pricing_rules import PricingRules
from shared.domain.record import Record
from shared.domain.repair_order import RepairOrder
from shared.domain.staff import StaffMember
from shared.domain.vehicle import Vehicle
from shared.errors import NotFound

KINDS: dict[str, type[Record]] = {
    "vehicles": Vehicle,
    "staff": StaffMember,
    "deals": Deal,
    "repair_orders": RepairOrder,
    "appointments": Appointment,
    "ledger_entries": MoneyEntry,
    "price_items": PriceItem,
    "pricing_rules": PricingRules,
}


def record_type(kind: str) -> type[Record]:
    """Raises `NotFound` naming the kinds there are."""
    if kind not in KINDS:
        raise NotFound(f"there is no kind [{kind[:40]}]; kinds are {', '.join(KINDS)}")
    return KINDS[kind]
