"""Whose vehicle a quote is for: the vehicle, its repair order, the customer and their phone on file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from shared.domain.person import master_of
from shared.domain.progress import FINISHED_STATUSES
from shared.domain.record import document_path
from shared.errors import InvalidInput, NotFound
from shared.ports import Data
from shared.runtime.work import UnitOfWork

_SHOWN = ("year", "make", "model", "trim", "odometer")


@dataclass(frozen=True)
class Subject:
    """`phone` is E.164 or empty; `advisor` the member of staff who answers for the work, or empty."""

    vin: str
    vehicle: Mapping[str, Any]
    repair_order: str | None
    person_id: str
    customer_name: str
    phone: str
    advisor: str

    @property
    def customer(self) -> tuple[str, str]:
        """Another customer never sees what this one was sent."""
        return self.person_id, self.phone


def subject_of(work: UnitOfWork, *, vin: str | None, repair_order: str | None) -> Subject:
    """Raises `NotFound` for an order or vehicle nobody sent in, `InvalidInput` when they do not belong
    together."""
    order = _order(work, repair_order) if repair_order else None
    if order and vin and order["vin"] != vin:
        raise InvalidInput(f"repair order [{repair_order}] is of vehicle [{order['vin']}], not of [{vin}]")
    found_vin = str(order["vin"]) if order else str(vin)
    vehicle = work.get(f"vehicles/{found_vin}")
    if order is None and vehicle is None:
        raise NotFound(f"there is no vehicle [{found_vin}]; send it to /api/records/vehicles first")
    known: Data = vehicle.data if vehicle else {}
    if order is None and (number := known.get("open_repair_order_number")):
        order = _open_order(work, str(number))
    return _subject(work, found_vin, known, order)


def _order(work: UnitOfWork, number: str) -> Data:
    document = work.get(document_path("repair_orders", number))
    if document is None:
        raise NotFound(f"there is no repair order [{number}]")
    if document.data.get("status") in FINISHED_STATUSES:
        raise InvalidInput(f"repair order [{number}] is {document.data['status']}: nothing to quote")
    return document.data


def _open_order(work: UnitOfWork, number: str) -> Data | None:
    document = work.get(document_path("repair_orders", number))
    is_open = document is not None and document.data.get("status") not in FINISHED_STATUSES
    return document.data if document is not None and is_open else None


def _subject(work: UnitOfWork, vin: str, vehicle: Data, order: Data | None) -> Subject:
    said: Data = order or {}
    person_id = said.get("master_person_id") or vehicle.get("owner_person_id") or ""
    person = master_of(work, person_id) if person_id else None
    return Subject(
        vin=vin,
        vehicle={name: vehicle.get(name) for name in _SHOWN},
        repair_order=said.get("ro_number"),
        person_id=person.person_id if person else person_id,
        customer_name=said.get("customer_name") or (person.name if person else ""),
        phone=said.get("customer_phone") or (person.own_phone if person else ""),
        advisor=said.get("advisor_staff_id") or vehicle.get("assigned_staff_id") or "",
    )
