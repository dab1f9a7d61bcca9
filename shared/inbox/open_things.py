"""What a customer has open with the dealership: repair orders and deals, by the person and by the number."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, get_args

from shared.domain.person import Person
from shared.domain.progress import CLOSED_STAGES, FINISHED_STATUSES, DealStage, RepairOrderStatus
from shared.inbox.choose import Thing
from shared.inbox.rules import Department
from shared.ports import Data, Query
from shared.runtime.work import UnitOfWork

MOST = 20
MOST_NUMBERS = 4
"""Numbers of a person that records are looked up by: times the open states they must stay within 30 pairs."""

_OPEN = {
    "repair_orders": ("status", tuple(s for s in get_args(RepairOrderStatus) if s not in FINISHED_STATUSES)),
    "deals": ("stage", tuple(s for s in get_args(DealStage) if s not in CLOSED_STAGES)),
}
_LANES: Mapping[str, Department] = {"A": "sales", "B": "service", "C": "general", "D": "rental"}


@dataclass(frozen=True)
class Records:
    """Open repair orders and deals as they are stored, each once."""

    orders: tuple[Data, ...] = ()
    deals: tuple[Data, ...] = ()

    @property
    def person_ids(self) -> list[str]:
        found = (record.get("master_person_id") for record in (*self.orders, *self.deals))
        return list(dict.fromkeys(one for one in found if one))

    @property
    def customer_name(self) -> str:
        found = (record.get("customer_name") for record in (*self.orders, *self.deals))
        return next((str(one) for one in found if one), "")


def open_records(work: UnitOfWork, phone: str, people: Sequence[Person]) -> Records:
    """Four queries a person at most; nearly always one person."""
    phones = tuple(dict.fromkeys((phone, *(one for p in people for one in p.identity.phones))))[:MOST_NUMBERS]
    found = {
        kind: {one.path: one.data for one in _open(work, kind, phones, people)}
        for kind in ("repair_orders", "deals")
    }
    return Records(tuple(found["repair_orders"].values()), tuple(found["deals"].values()))


def _open(work: UnitOfWork, kind: str, phones: Sequence[str], people: Sequence[Person]) -> Iterator[Any]:
    field, states = _OPEN[kind]
    is_open = (field, "in", states)
    by_phone = (
        ("customer_phone", "in", tuple(phones)) if len(phones) > 1 else ("customer_phone", "==", phones[0])
    )
    yield from work.query(Query(kind, (by_phone, is_open), limit=MOST))
    for person in people[:3]:
        yield from work.query(
            Query(kind, (("master_person_id", "==", person.person_id), is_open), limit=MOST)
        )


def things(work: UnitOfWork, records: Records) -> list[Thing]:
    """As a customer would name them; the vehicle's make and model are read from its own record."""
    vins = sorted({record["vin"] for record in (*records.orders, *records.deals) if record.get("vin")})
    found = work.get_many([f"vehicles/{vin}" for vin in vins]) if vins else []
    vehicles = {vin: one.data for vin, one in zip(vins, found, strict=True) if one}
    return [
        *(_order(one, vehicles.get(one["vin"], {})) for one in records.orders),
        *(_deal(one, vehicles.get(one.get("vin") or "", {})) for one in records.deals),
    ]


def _order(order: Data, vehicle: Data) -> Thing:
    number = order["ro_number"]
    return Thing(
        kind="repair_order",
        id=number,
        department="service",
        label=f"{_vehicle(vehicle) or 'Vehicle'} in service ({number})",
        staff_id=order.get("advisor_staff_id") or vehicle.get("assigned_staff_id") or "",
        vin=order["vin"],
        touched_at=order.get("opened_at"),
        names=_names(number, order["vin"], vehicle),
    )


def _deal(deal: Data, vehicle: Data) -> Thing:
    number, described = deal["deal_number"], _vehicle(vehicle)
    return Thing(
        kind="deal",
        id=number,
        department=_LANES[deal.get("lane") or "A"],
        label=f"Purchase of {described} ({number})" if described else f"Purchase {number}",
        staff_id=deal.get("owner_staff_id") or vehicle.get("assigned_staff_id") or "",
        vin=deal.get("vin") or "",
        touched_at=deal.get("last_activity_at") or _midnight(deal.get("opened_on")),
        names=_names(number, deal.get("vin") or "", vehicle),
    )


def _midnight(day: str | None) -> datetime | None:
    return datetime.combine(date.fromisoformat(day), datetime.min.time(), UTC) if day else None


def _vehicle(vehicle: Data) -> str:
    return " ".join(str(vehicle[part]) for part in ("year", "make", "model") if vehicle.get(part))


def _names(number: str, vin: str, vehicle: Data) -> tuple[str, ...]:
    make, model = vehicle.get("make") or "", vehicle.get("model") or ""
    return tuple(_said((number, vin, vin[-8:], vin[-6:], f"{make} {model}", model, make)))


def _said(names: Iterable[str]) -> Iterator[str]:
    """A name of one letter or digit would be found in any text."""
    return (name for name in dict.fromkeys(name.strip() for name in names) if len(name) > 1)
