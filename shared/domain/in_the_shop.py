"""How colleagues speak of a vehicle, and who answers for it."""

from __future__ import annotations

from dataclasses import dataclass

from shared.runtime.work import UnitOfWork


@dataclass(frozen=True)
class InTheShop:
    """`words` such as `2023 Ford Explorer (RO-58002)`: nothing of the customer. `staff_id` may be empty."""

    words: str
    staff_id: str


def in_the_shop(work: UnitOfWork, vin: str) -> InTheShop:
    """Of a vehicle without a record the end of its VIN."""
    known = work.get(f"vehicles/{vin}") if vin else None
    vehicle = known.data if known else {}
    named = " ".join(str(vehicle[name]) for name in ("year", "make", "model") if vehicle.get(name))
    order = vehicle.get("open_repair_order_number")
    words = named or f"vehicle with VIN ending {vin[-6:]}"
    return InTheShop(f"{words} ({order})" if order else words, str(vehicle.get("assigned_staff_id") or ""))
