"""The records' own rules: they are the contract of the intake."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from pydantic import ValidationError

from functions.records_intake.kinds import KINDS
from shared.domain.appointment import Appointment
from shared.domain.deal import Deal
from shared.domain.money_entry import DIRECTION_OF_CATEGORY, MoneyEntry
from shared.domain.record import Record, field_names
from shared.domain.repair_order import RepairOrder
from shared.domain.staff import StaffMember
from shared.domain.vehicle import Vehicle, twin_row
from shared.sql_catalogue import Catalogue

VEHICLE = {"vin": "1hgcm82633a004352", "year": "2003", "make": "Honda", "model": "Accord"}
DEAL = {
    "deal_number": "D/1",
    "stage": "Test Drive",
    "opened_on": "2026-11-01",
    "customer_phone": "(312) 555-0142",
}
ORDER = {
    "ro_number": "RO-1",
    "vin": VEHICLE["vin"],
    "opened_at": "2026-11-01T12:00:00Z",
    "customer_name": "Ann",
}
ENTRY = {"entry_id": "E1", "occurred_on": "2026-11-01", "lane": "c", "category": "Transport", "amount": "480"}

GOOD: list[tuple[type[Record], dict[str, Any]]] = [
    (Vehicle, VEHICLE),
    (Vehicle, {**VEHICLE, "list_price": "6,950.00", "acquired_on": "2026-10-01", "odometer": 120_000}),
    (StaffMember, {"staff_id": "7", "name": "Ann  Lee", "role": "Sales", "departments": "sales; finance"}),
    (Deal, DEAL),
    (RepairOrder, {**ORDER, "lines": [{"kind": "labour", "description": "Brakes", "amount": "210.50"}]}),
    (
        Appointment,
        {"appointment_number": 9, "starts_at": "2026-11-01T12:00Z", "kind": "service", "customer_name": "B"},
    ),
    (MoneyEntry, ENTRY),
]


def wrong_fields(kind: type[Record], row: dict[str, Any]) -> set[str]:
    with pytest.raises(ValidationError) as caught:
        kind.model_validate(row)
    return {str(error["loc"][0]) for error in caught.value.errors()}


@pytest.mark.parametrize(("kind", "row"), GOOD)
def test_a_record_comes_back_from_its_document_as_it_was(kind: type[Record], row: dict[str, Any]) -> None:
    record = kind.model_validate(row)
    assert kind.from_document({**record.to_document(), "recorded_at": "of no concern"}) == record


@pytest.mark.parametrize(("kind", "row"), GOOD)
def test_documents_hold_only_json_types_and_utc_moments(kind: type[Record], row: dict[str, Any]) -> None:
    def check(value: Any) -> None:
        if isinstance(value, dict):
            value = list(value.values())
        if isinstance(value, list):
            for item in value:
                check(item)
        else:
            utc = isinstance(value, datetime) and value.tzinfo is UTC
            assert value is None or utc or type(value) in (str, int, bool), value

    check(kind.model_validate(row).to_document())


def test_a_natural_key_with_a_slash_stays_one_path_segment() -> None:
    assert Deal.model_validate(DEAL).document_path == "deals/D%2F1"


def test_empty_cells_are_no_values() -> None:
    vehicle = Vehicle.model_validate({**VEHICLE, "status": " ", "trim": "", "odometer": None})
    assert (vehicle.status, vehicle.trim, vehicle.odometer) == ("in_stock", None, None)


def test_codes_and_contacts_are_normalised() -> None:
    deal = Deal.model_validate({**DEAL, "customer_email": " Ann.Lee@Example.COM "})
    assert (deal.stage, deal.customer_phone, deal.customer_email) == (
        "test_drive",
        "+13125550142",
        "ann.lee@example.com",
    )


@pytest.mark.parametrize(
    ("kind", "row", "field"),
    [
        (Vehicle, {**VEHICLE, "vin": "1HGCM82633A004353"}, "vin"),
        (Vehicle, {**VEHICLE, "vin": 17}, "vin"),
        (Vehicle, {**VEHICLE, "year": 1800}, "year"),
        (Vehicle, {**VEHICLE, "list_price": "-1"}, "list_price"),
        (Vehicle, {**VEHICLE, "status": "lost"}, "status"),
        (Vehicle, {**VEHICLE, "make": "x" * 201}, "make"),
        (Vehicle, {**VEHICLE, "make": "\ud800"}, "make"),
        (Vehicle, {**VEHICLE, "stock_number": "../up"}, "stock_number"),
        (StaffMember, {"staff_id": "7", "name": "Ann", "role": "king"}, "role"),
        (Deal, {**DEAL, "customer_phone": "12"}, "customer_phone"),
        (Deal, {**DEAL, "customer_phone": None}, "customer_name"),
        (Deal, {**DEAL, "customer_email": "ann@home"}, "customer_email"),
        (
            RepairOrder,
            {**ORDER, "total": "5", "lines": [{"kind": "fee", "description": "x", "amount": 4}]},
            "total",
        ),
        (RepairOrder, {**ORDER, "lines": [{"kind": "discount", "description": "x", "amount": -4}]}, "total"),
        (RepairOrder, {**ORDER, "lines": "{"}, "lines"),
        (MoneyEntry, {**ENTRY, "amount": "0"}, "amount"),
        (MoneyEntry, {**ENTRY, "amount": "-5"}, "amount"),
        (MoneyEntry, {**ENTRY, "corrects": "E1"}, "corrects"),
        (MoneyEntry, {**ENTRY, "category": "gifts"}, "direction"),
        (MoneyEntry, {**ENTRY, "lane": "E"}, "lane"),
        (MoneyEntry, {**ENTRY, "currency": "EUR"}, "currency"),
    ],
)
def test_a_wrong_value_is_told_by_its_field_alone(
    kind: type[Record], row: dict[str, Any], field: str
) -> None:
    assert wrong_fields(kind, row) == {field}


def test_a_repair_order_totals_its_lines() -> None:
    lines = json.dumps(
        [
            {"kind": "labour", "description": "a", "amount": "100"},
            {"kind": "discount", "description": "b", "amount": "(10.50)"},
        ]
    )
    order = RepairOrder.model_validate({**ORDER, "lines": lines})
    assert (order.total, order.is_open) == (Decimal("89.50"), True)


@pytest.mark.parametrize("category", sorted(DIRECTION_OF_CATEGORY))
def test_a_usual_category_needs_no_direction(category: str) -> None:
    entry = MoneyEntry.model_validate({**ENTRY, "category": category})
    assert entry.direction == DIRECTION_OF_CATEGORY[category]
    assert entry.signed_amount == (480 if entry.direction == "income" else -480)


def test_a_correction_may_take_money_back() -> None:
    entry = MoneyEntry.model_validate({**ENTRY, "entry_id": "E2", "amount": "-80", "corrects": "E1"})
    assert entry.signed_amount == 80


def test_a_vehicle_makes_a_row_of_the_twin_table_and_keeps_what_others_know() -> None:
    document = {**Vehicle.model_validate(VEHICLE).to_document(), "digital_twin_flags": [{"severity": "red"}]}
    row = twin_row(document, recorded_at=datetime(2026, 11, 1, tzinfo=UTC))
    columns = set(Catalogue().table("twins.inventory_master_v1").by_name)
    assert set(row) <= columns
    assert row["digital_twin_flags"] == '[{"severity":"red"}]'


@pytest.mark.parametrize("kind", KINDS.values())
def test_every_other_column_name_means_a_field_there_is(kind: type[Record]) -> None:
    assert set(field_names(kind).values()) <= set(kind.model_fields)
    assert all(name.isalnum() and name == name.casefold() for name in kind.also_called)


@pytest.mark.parametrize("kind", KINDS.values())
def test_every_field_is_described(kind: type[Record]) -> None:
    assert [name for name, field in kind.model_fields.items() if not field.description] == []
