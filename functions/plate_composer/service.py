"""SERVICE_BOARD: what is in the shop, what waits, what is late."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from functions.plate_composer.asked import Asked, Period
from functions.plate_composer.plate import MOST_ROWS, Column, Plate, Row, money, newest, picked
from functions.plate_composer.quote_rows import LINE_COLUMNS, QUOTE_COLUMNS, quotes_of
from functions.plate_composer.record_rows import APPOINTMENT_COLUMNS, appointment_row
from functions.plate_composer.records import read, read_by_keys, vehicle_words
from functions.plate_composer.repair_orders import Found, find_orders, is_late
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
SOURCE = {"collections": ["repair_orders", "appointments", "vehicles", "staff", "quotes"]}
QUOTED = {"quotes": QUOTE_COLUMNS, "quote_lines": LINE_COLUMNS}


def compose(asked: Asked, tenant: Tenant) -> Plate:
    """Default: every open order, the one promised soonest first, and today's service appointments.

    A period is that of the promise, or of the opening when the message says so; of appointments alone when
    those are asked for.
    """
    found = find_orders(asked, tenant)
    period = asked.period or Period(asked.today, asked.today, "today")
    appointments = _appointments(asked, tenant, period)
    quotes = quotes_of(tenant, found.orders) if "ro_number" in found.filters else {}
    return Plate(
        title=found.title,
        columns=COLUMNS,
        dataset=_shown(tenant, found.orders[:MOST_ROWS], asked.as_of),
        source=SOURCE,
        filters={**found.filters, **({"from": period.start, "to": period.end} if asked.period else {})},
        newest_at=newest(found.orders, "recorded_at"),
        note=_note(found, asked),
        total=len(found.orders),
        details={"appointments": appointments, **quotes},
        detail_columns={"appointments": APPOINTMENT_COLUMNS, **(QUOTED if quotes else {})},
    )


def _note(found: Found, asked: Asked) -> str:
    if not found.orders:
        return " ".join([f"{found.title}: there are none.", *_others(found, asked)])
    late = sum(1 for order in found.orders if is_late(order, asked.as_of))
    every = len(found.orders)
    notes = [f"{late} of {every} late." if every > 1 else "It is late."] if late else []
    if asked.period and not found.is_of_period:
        notes.append(
            f"The appointments are of {asked.period.in_words}; the repair orders are as they stand now."
        )
    return " ".join([*notes, *_others(found, asked)])


def _others(found: Found, asked: Asked) -> list[str]:
    """A day's promises are not all there is to do: the late ones of other days are."""
    if not found.others:
        return []
    late = sum(1 for order in found.others if is_late(order, asked.as_of))
    return [
        f"{len(found.others)} more are open, {late} of them late."
        if late
        else f"{len(found.others)} more are open."
    ]


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
            "is_late": is_late(order, as_of),
            "total": money(order.get("total")),
        }
        for order in orders
    ]


def _appointments(asked: Asked, tenant: Tenant, period: Period) -> list[dict[str, Any]]:
    start, end = asked.moments(period)
    found = read(
        tenant, "appointments", ("starts_at", ">=", start), ("starts_at", "<", end), order_by=("starts_at",)
    )
    service = [row for row in found if row["kind"] == "service" and row["status"] != "cancelled"]
    return [appointment_row(row) for row in service[:MOST_ROWS]]
