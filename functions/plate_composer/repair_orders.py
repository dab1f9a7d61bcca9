"""Finding the repair orders somebody speaks of: one by its number, or those that fit a description."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, get_args

from functions.plate_composer.asked import Asked, in_words
from functions.plate_composer.plate import Row
from functions.plate_composer.records import is_described, read, read_by_keys, read_one
from shared.domain.identity.normalise import words
from shared.domain.progress import FINISHED_STATUSES, RepairOrderStatus
from shared.platform import Tenant

STATUSES: tuple[str, ...] = get_args(RepairOrderStatus)
OPEN = tuple(status for status in STATUSES if status not in FINISHED_STATUSES)
LATE = "late"
"""Asked for like a status: open, and past the promised time."""
_LAST = datetime.max.replace(tzinfo=UTC)
_STAFF = ("advisor_staff_id", "technician_staff_id")


@dataclass(frozen=True)
class Found:
    """`is_of_period`: the orders themselves are of the period asked for; `others` are open and not of it."""

    orders: Sequence[dict[str, Any]]
    title: str
    filters: Mapping[str, Any]
    is_of_period: bool = False
    others: Sequence[dict[str, Any]] = ()


def find_orders(asked: Asked, tenant: Tenant) -> Found:
    """By number or VIN; finished ones, newest first; else the open ones, promised soonest first."""
    if number := asked.text("ro_number"):
        order = order_of_number(tenant, number)
        known = order["ro_number"] if order else number
        return Found([order] if order else [], f"Repair order {known}", {"ro_number": known})
    if vin := (asked.text("vin") or "").upper():
        orders = sorted(read(tenant, "repair_orders", ("vin", "==", vin)), key=_opened, reverse=True)
        return Found(orders, f"Repair orders of vehicle {vin}", {"vin": vin})
    status = _status(asked)
    is_finished = status in FINISHED_STATUSES
    orders = _finished(asked, tenant, status or "") if is_finished else _open(asked, tenant, status)
    fitting = _described(asked, tenant, orders)
    day = None if is_finished else _day_of_period(asked)
    within = [order for order in fitting if day is None or _is_within(asked, order.get(day))]
    ordered = sorted(within, key=_ended, reverse=True) if is_finished else sorted(within, key=_promised)
    is_of_period = asked.period is not None and (is_finished or day is not None)
    others = [order for order in fitting if order not in within]
    return Found(ordered, _title(asked, status, day), _filters(asked, status), is_of_period, others)


def _day_of_period(asked: Asked) -> str | None:
    """Which time of an open order a period is of; None when it is of the appointments alone."""
    is_opened, is_other = asked.text("date_of") == "opened", asked.text("subject") in ("appointments", "shop")
    if asked.period is None or is_other:
        return None
    return "opened_at" if is_opened else "promised_at"


def _is_within(asked: Asked, moment: datetime | None) -> bool:
    if asked.period is None or moment is None:
        return False
    start, end = asked.moments(asked.period)
    return start <= moment < end


def _open(asked: Asked, tenant: Tenant, status: str | None) -> list[dict[str, Any]]:
    orders = read(tenant, "repair_orders", ("status", "in", [status] if status in OPEN else list(OPEN)))
    return [order for order in orders if status != LATE or is_late(order, asked.as_of)]


def _finished(asked: Asked, tenant: Tenant, status: str) -> list[dict[str, Any]]:
    """Those that ended in the period; without one, of the newest there are."""
    if asked.period is None:
        found = read(tenant, "repair_orders", order_by=("-opened_at",))
        return [order for order in found if order["status"] == status]
    start, end = asked.moments(asked.period)
    of_period = {
        order["ro_number"]: order
        for moment in ("closed_at", "opened_at")
        for order in read(tenant, "repair_orders", (moment, ">=", start), (moment, "<", end))
    }
    return [
        order for order in of_period.values() if order["status"] == status and start <= _ended(order) < end
    ]


def order_of_number(tenant: Tenant, number: str) -> dict[str, Any] | None:
    """People say `RO 10233` for `RO-24-10233`: then the open one that ends so, else the newest."""
    if whole := read_one(tenant, "repair_orders", number):
        return whole
    for found in (
        read(tenant, "repair_orders", ("status", "in", list(OPEN))),
        read(tenant, "repair_orders", order_by=("-opened_at",)),
    ):
        for order in found:
            if order["ro_number"].upper().endswith(number.upper()):
                return order
    return None


def is_late(order: Row, as_of: datetime) -> bool:
    promised = order.get("promised_at")
    return order["status"] in OPEN and promised is not None and promised < as_of


def _described(asked: Asked, tenant: Tenant, orders: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Those of the vehicle, the person (customer, advisor or mechanic) and the total that were said."""
    return _of_total(asked, _of_person(asked, tenant, _of_vehicle(asked, tenant, orders)))


def _of_vehicle(asked: Asked, tenant: Tenant, orders: list[dict[str, Any]]) -> list[dict[str, Any]]:
    wanted = asked.vehicle_words
    vehicles = read_by_keys(tenant, "vehicles", (order["vin"] for order in orders)) if wanted else {}
    return [order for order in orders if is_described(vehicles.get(order["vin"], {}), wanted)]


def _of_person(asked: Asked, tenant: Tenant, orders: list[dict[str, Any]]) -> list[dict[str, Any]]:
    wanted = set(words(_person(asked)))
    if not wanted:
        return orders
    staff = read_by_keys(tenant, "staff", (order.get(name) for order in orders for name in _STAFF))

    def names(order: Mapping[str, Any]) -> list[str]:
        team = (staff.get(order.get(name) or "", {}).get("name") for name in _STAFF)
        return [name for name in (order.get("customer_name"), *team) if name]

    return [order for order in orders if any(wanted <= set(words(name)) for name in names(order))]


def _person(asked: Asked) -> str:
    return asked.text("person") or asked.part_text("person", "name") or ""


def _of_total(asked: Asked, orders: list[dict[str, Any]]) -> list[dict[str, Any]]:
    bounds = asked.range("money", "amount")
    low, high = bounds.low or Decimal(0), bounds.high
    if bounds.low is None and high is None:
        return orders
    totals = ((order, order.get("total")) for order in orders)
    return [
        order
        for order, total in totals
        if total is not None and low <= Decimal(str(total)) and (high is None or Decimal(str(total)) <= high)
    ]


def _status(asked: Asked) -> str | None:
    said = (asked.text("status") or "").lower().replace(" ", "_")
    return said if said in (*STATUSES, LATE) else None


def _title(asked: Asked, status: str | None, day: str | None) -> str:
    bounds = asked.range("money", "amount")
    amounts = in_words(bounds.low, bounds.high, "${:,}")
    parts = [
        f"Repair orders {(status or 'open').replace('_', ' ')}",
        " ".join(asked.vehicle_words.values()),
        _person(asked),
        f"total {amounts}" if amounts else "",
        _period_in_words(asked, status, day),
    ]
    return ", ".join(part for part in parts if part)


def _period_in_words(asked: Asked, status: str | None, day: str | None) -> str:
    if asked.period is None or (day is None and status not in FINISHED_STATUSES):
        return ""
    return f"{day.removesuffix('_at')} {asked.period.in_words}" if day else asked.period.in_words


def _filters(asked: Asked, status: str | None) -> dict[str, Any]:
    bounds = asked.range("money", "amount")
    said = {"status": status, "person": _person(asked) or None, **asked.vehicle_words}
    amounts = {"total_from": bounds.low, "total_to": bounds.high}
    return {name: value for name, value in {**said, **amounts}.items() if value is not None}


def _opened(order: Row) -> datetime:
    opened: datetime = order["opened_at"]
    return opened


def _ended(order: Row) -> datetime:
    """A finished order without the time of its end counts by when it was opened."""
    return order.get("closed_at") or _opened(order)


def _promised(order: Row) -> tuple[datetime, datetime]:
    return order.get("promised_at") or _LAST, order["opened_at"]
