"""SERVICE_BOARD: what is in the shop, what waits, what is late."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, get_args

from functions.plate_composer.asked import Asked, Period
from functions.plate_composer.plate import MOST_ROWS, Column, Plate, Row, money, newest, picked
from functions.plate_composer.records import read, read_by_keys, read_one, vehicle_words
from shared.domain.repair_order import FINISHED_STATUSES, RepairOrderStatus
from shared.platform import Tenant

COLUMNS = (
    Column("ro_number", "Repair order"),
    Column("status", "Status"),
    Column("vehicle", "Vehicle"),
    Column("customer_name", "Customer"),
    Column("concern", "Concern"),
    Column("technician", "Mechanic"),
    Column("advisor", "Advisor"),
    Column("opened_at", "Opened", "time"),
    Column("promised_at", "Promised", "time"),
    Column("is_late", "Late"),
    Column("total", "Total", "USD"),
)
STATUSES: tuple[str, ...] = get_args(RepairOrderStatus)
OPEN = tuple(status for status in STATUSES if status not in FINISHED_STATUSES)
_LAST = datetime.max.replace(tzinfo=UTC)
SOURCE = {"collections": ["repair_orders", "appointments", "vehicles", "staff"]}


def compose(asked: Asked, tenant: Tenant) -> Plate:
    """Default: every open order, the one promised soonest first, and today's service appointments."""
    orders, title = _orders(asked, tenant)
    period = asked.period or Period(asked.today, asked.today, "today")
    late = sum(1 for order in orders if _is_late(order, asked.as_of))
    appointments = _appointments(asked, tenant, period)
    filters = {name: value for name in ("ro_number", "vin", "status") if (value := asked.text(name))}
    return Plate(
        title=title,
        columns=COLUMNS,
        dataset=_shown(tenant, orders[:MOST_ROWS], asked.as_of),
        source=SOURCE,
        filters={**filters, **({"from": period.start, "to": period.end} if asked.period else {})},
        newest_at=newest(orders, "recorded_at"),
        note=f"Late: {late}." if late else "" if orders else f"{title}: there are none.",
        total=len(orders),
        details={"appointments": appointments},
    )


def _orders(asked: Asked, tenant: Tenant) -> tuple[list[dict[str, Any]], str]:
    """The orders asked for and what they are called."""
    number, vin, status = asked.text("ro_number"), asked.text("vin"), _status(asked)
    if number:
        found = read_one(tenant, "repair_orders", number)
        return [found] if found else _by_end_of_number(tenant, number), f"Repair order {number}"
    if vin:
        orders = read(tenant, "repair_orders", ("vin", "==", vin.upper()))
        return sorted(orders, key=_opened, reverse=True), f"Repair orders of vehicle {vin.upper()}"
    wanted = (status,) if status else OPEN
    words = status.replace("_", " ") if status else "open"
    if asked.period and status in FINISHED_STATUSES:
        start, end = asked.moments(asked.period)
        orders = read(tenant, "repair_orders", ("opened_at", ">=", start), ("opened_at", "<", end))
        orders = [order for order in orders if order["status"] in wanted]
        return sorted(
            orders, key=_opened, reverse=True
        ), f"Repair orders {words}, opened {asked.period.in_words}"
    orders = _of_vehicle(asked, tenant, read(tenant, "repair_orders", ("status", "in", list(wanted))))
    return sorted(orders, key=_promised), f"Repair orders {words}"


def _by_end_of_number(tenant: Tenant, number: str) -> list[dict[str, Any]]:
    """People say `RO 10233` for `RO-24-10233`."""
    orders = read(tenant, "repair_orders", ("status", "in", list(OPEN)))
    return [order for order in orders if order["ro_number"].endswith(number)]


def _of_vehicle(asked: Asked, tenant: Tenant, orders: list[dict[str, Any]]) -> list[dict[str, Any]]:
    wanted = {name: word.lower() for name in ("make", "model") if (word := asked.part_text("vehicle", name))}
    if not wanted:
        return orders
    vehicles = read_by_keys(tenant, "vehicles", (order["vin"] for order in orders))
    return [
        order
        for order in orders
        if all(str(vehicles.get(order["vin"], {}).get(name)).lower() == word for name, word in wanted.items())
    ]


def _status(asked: Asked) -> str | None:
    said = (asked.text("status") or "").lower().replace(" ", "_")
    return said if said in STATUSES else None


def _shown(tenant: Tenant, orders: Sequence[Row], as_of: datetime) -> list[dict[str, Any]]:
    vehicles = read_by_keys(tenant, "vehicles", (order["vin"] for order in orders))
    staff_ids = (order.get(name) for order in orders for name in ("technician_staff_id", "advisor_staff_id"))
    staff = read_by_keys(tenant, "staff", staff_ids)
    same = (
        "ro_number",
        "status",
        "vin",
        "customer_name",
        "master_person_id",
        "concern",
        "opened_at",
        "promised_at",
    )
    return [
        {
            "id": order["ro_number"],
            **picked(order, *same),
            "vehicle": vehicle_words(vehicles.get(order["vin"])),
            "technician": staff.get(order.get("technician_staff_id") or "", {}).get("name"),
            "advisor": staff.get(order.get("advisor_staff_id") or "", {}).get("name"),
            "is_late": _is_late(order, as_of),
            "total": money(order.get("total")),
        }
        for order in orders
    ]


def _appointments(asked: Asked, tenant: Tenant, period: Period) -> list[dict[str, Any]]:
    start, end = asked.moments(period)
    found = read(
        tenant, "appointments", ("starts_at", ">=", start), ("starts_at", "<", end), order_by=("starts_at",)
    )
    same = ("starts_at", "kind", "status", "customer_name", "vin", "minutes", "notes")
    service = [row for row in found if row["kind"] == "service" and row["status"] != "cancelled"]
    return [{"id": row["appointment_number"], **picked(row, *same)} for row in service[:MOST_ROWS]]


def _is_late(order: Row, as_of: datetime) -> bool:
    promised = order.get("promised_at")
    return order["status"] in OPEN and promised is not None and promised < as_of


def _opened(order: Row) -> datetime:
    return order["opened_at"]  # type: ignore[no-any-return]


def _promised(order: Row) -> tuple[datetime, datetime]:
    return order.get("promised_at") or _LAST, order["opened_at"]
