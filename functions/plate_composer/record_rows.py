"""A dealership's records as rows of a list beside a plate, and what their columns mean."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from functions.plate_composer.plate import Column, money, picked

DEAL_COLUMNS = (
    Column("deal_number", "Deal"),
    Column("stage", "Stage"),
    Column("customer_name", "Customer"),
    Column("vin", "VIN"),
    Column("amount", "Amount", "USD"),
    Column("opened_on", "Opened", "date"),
    Column("last_activity_at", "Last activity", "time"),
    Column("closed_on", "Closed", "date"),
)
ORDER_COLUMNS = (
    Column("ro_number", "Repair order"),
    Column("status", "Status"),
    Column("customer_name", "Customer"),
    Column("vin", "VIN"),
    Column("concern", "Concern"),
    Column("opened_at", "Opened", "time"),
    Column("promised_at", "Promised", "time"),
    Column("total", "Total", "USD"),
)
APPOINTMENT_COLUMNS = (
    Column("starts_at", "Starts", "time"),
    Column("kind", "Kind"),
    Column("status", "Status"),
    Column("customer_name", "Customer"),
    Column("vin", "VIN"),
    Column("minutes", "Minutes"),
    Column("notes", "Notes"),
)
VEHICLE_COLUMNS = (
    Column("vin", "VIN"),
    Column("year", "Year"),
    Column("make", "Make"),
    Column("model", "Model"),
    Column("trim", "Trim"),
    Column("colour", "Colour"),
    Column("odometer", "Odometer", "miles"),
    Column("status", "Status"),
)
ENTRY_COLUMNS = (
    Column("occurred_on", "Day", "date"),
    Column("lane", "Lane"),
    Column("category", "Category"),
    Column("direction", "Direction"),
    Column("amount", "Amount", "USD"),
    Column("description", "Description"),
    Column("document_number", "Document"),
    Column("counterparty", "Counterparty"),
)
"""Postings, as the query `plates/finance_entries_v1` gives them."""

RECORD_COLUMNS: Mapping[str, Sequence[Column]] = {
    "deals": DEAL_COLUMNS,
    "repair_orders": ORDER_COLUMNS,
    "appointments": APPOINTMENT_COLUMNS,
    "vehicles": VEHICLE_COLUMNS,
}


def deal_row(deal: Mapping[str, Any]) -> dict[str, Any]:
    same = ("deal_number", "stage", "opened_on", "vin", "owner_staff_id", "last_activity_at", "closed_on")
    shown = picked(deal, *same, "customer_name")
    return {"id": deal["deal_number"], **shown, "amount": money(deal.get("amount"))}


def order_row(order: Mapping[str, Any]) -> dict[str, Any]:
    same = ("ro_number", "status", "opened_at", "promised_at", "vin", "concern", "customer_name")
    return {"id": order["ro_number"], **picked(order, *same), "total": money(order.get("total"))}


def appointment_row(one: Mapping[str, Any]) -> dict[str, Any]:
    same = ("appointment_number", "starts_at", "kind", "status", "vin", "customer_name", "minutes", "notes")
    return {"id": one["appointment_number"], **picked(one, *same)}


def vehicle_row(vehicle: Mapping[str, Any]) -> dict[str, Any]:
    return {"id": vehicle["vin"], **picked(vehicle, *(column.name for column in VEHICLE_COLUMNS))}
