"""Whom a trip goes to, as the dealership's records say."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from functions.logistics.trip_request import TripRequest
from shared.domain.person import master_of
from shared.domain.record import document_path
from shared.errors import InvalidInput
from shared.runtime.work import UnitOfWork


def filled(work: UnitOfWork, request: TripRequest) -> TripRequest:
    """With the customer and the vehicle of its repair order or deal. Raises `InvalidInput` for a record
    nobody has."""
    record = _record(work, request)
    person_id = request.person_id or record.get("master_person_id")
    phone = request.phone or record.get("customer_phone") or _phone_of(work, person_id)
    found = {"person_id": person_id, "phone": phone, "vin": request.vin or record.get("vin")}
    return request.model_copy(update=found)


def _record(work: UnitOfWork, request: TripRequest) -> Mapping[str, Any]:
    asked = (("repair_order", "repair_orders", request.repair_order), ("deal", "deals", request.deal))
    for field, collection, number in asked:
        if number:
            known = work.get(document_path(collection, number))
            if known is None:
                raise InvalidInput(f"{field}: there is no [{number}]")
            return known.data
    return {}


def _phone_of(work: UnitOfWork, person_id: str | None) -> str | None:
    if not person_id:
        return None
    person = master_of(work, person_id)
    if person is None:
        raise InvalidInput(f"person_id: there is no person [{person_id}]")
    return person.own_phone or None
