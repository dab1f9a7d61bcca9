"""What deals and repair orders say about the vehicle they name: who answers for it, who owns it.

A text message from a customer finds its way to the right member of staff through these fields, and a
person's card shows the vehicles that are theirs.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from shared.domain.deal import Deal
from shared.domain.progress import CLOSED_STAGES, FINISHED_STATUSES
from shared.domain.repair_order import RepairOrder
from shared.domain.vehicle import Vehicle
from shared.ports import Query
from shared.runtime.work import UnitOfWork

MOST_AT_ONCE = 30
"""Firestore takes 30 values of an `in` query."""

_CUSTOMER_HAS_IT = frozenset({"in_service", "sold"})

_LEFT = {Deal.collection: {"stage": "lost"}, RepairOrder.collection: {"status": "cancelled"}}
"""Collections that name a vehicle, and what makes a record of them say it is over."""

Stored = Mapping[str, Any]


def linked(vehicle: Stored, about: Iterable[tuple[str, Stored]]) -> dict[str, Any]:
    """The vehicle's document as (collection, document) say of it; equal when they say nothing new."""
    after = dict(vehicle)
    for collection, document in about:
        if collection == Deal.collection:
            after.update(_by_deal(after, document))
        elif collection == RepairOrder.collection:
            after.update(_by_repair_order(after, document))
    return after


def _by_deal(vehicle: Stored, deal: Stored) -> Stored:
    number, owner = deal["deal_number"], deal.get("master_person_id")
    if deal["stage"] not in CLOSED_STAGES:
        return {"open_deal_number": number, "assigned_staff_id": deal.get("owner_staff_id")}
    bought = {"owner_person_id": owner} if deal["stage"] == "won" and owner else {}
    return {**bought, **_closed(vehicle, "open_deal_number", number, other="open_repair_order_number")}


def _by_repair_order(vehicle: Stored, order: Stored) -> Stored:
    number, owner = order["ro_number"], order.get("master_person_id")
    # A vehicle of our own stock in the workshop has a customer of its order, but no owner.
    owned = {"owner_person_id": owner} if owner and vehicle.get("status") in _CUSTOMER_HAS_IT else {}
    if order["status"] not in FINISHED_STATUSES:
        return {
            **owned,
            "open_repair_order_number": number,
            "assigned_staff_id": order.get("advisor_staff_id"),
        }
    return {**owned, **_closed(vehicle, "open_repair_order_number", number, other="open_deal_number")}


def _closed(vehicle: Stored, field: str, number: str, *, other: str) -> Stored:
    if vehicle.get(field) != number:
        return {}
    return {field: None} if vehicle.get(other) else {field: None, "assigned_staff_id": None}


def vehicles_named(
    work: UnitOfWork, changed: Mapping[str, Stored], before: Mapping[str, Stored]
) -> dict[str, dict[str, Any]]:
    """Path → document of every stored vehicle that the changed deals and repair orders change.

    `before` are those records as they were: one that names another vehicle now has left the old one.
    """
    about: dict[str, list[tuple[str, Stored]]] = {}
    for path, document in changed.items():
        collection = path.partition("/")[0]
        if collection not in _LEFT:
            continue
        old = before.get(path, {})
        if old.get("vin") and old["vin"] != document.get("vin"):
            about.setdefault(_path(old), []).append((collection, {**old, **_LEFT[collection]}))
        if document.get("vin"):
            about.setdefault(_path(document), []).append((collection, document))
    found = [document for document in work.get_many(list(about)) if document] if about else []
    after = {vehicle.path: linked(vehicle.data, about[vehicle.path]) for vehicle in found}
    return {vehicle.path: after[vehicle.path] for vehicle in found if after[vehicle.path] != vehicle.data}


def _path(document: Stored) -> str:
    return f"{Vehicle.collection}/{document['vin']}"


def already_said(work: UnitOfWork, vins: Sequence[str]) -> dict[str, list[tuple[str, Stored]]]:
    """VIN → deals and repair orders that were sent before the vehicle itself, oldest number first."""
    about: dict[str, list[tuple[str, Stored]]] = {}
    for start in range(0, len(vins), MOST_AT_ONCE):
        some = list(vins[start : start + MOST_AT_ONCE])
        for kind in (Deal, RepairOrder):
            for document in work.query(Query(kind.collection, (("vin", "in", some),))):
                about.setdefault(document.data["vin"], []).append((kind.collection, document.data))
    return about
