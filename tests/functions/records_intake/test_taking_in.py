"""A dealership sends its records: what is stored, what is answered, what is told to others."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from shared.ports import Parameter, Write
from shared.testing.harness import Harness

Row = dict[str, Any]
CSV = "text/csv"


def counts(answer: Any) -> tuple[int, ...]:
    names = ("received", "created", "updated", "unchanged", "rejected")
    return tuple(answer.json()[name] for name in names)


def send(product: Harness, kind: str, rows: Any, **caller: Any) -> Any:
    return product.call("POST", f"/api/records/{kind}", json=rows, **(caller or {"api_key": True}))


def stored(product: Harness, path: str, tenant: str = "autohaus") -> Any:
    document = product.tenant(tenant).documents.get(path)
    return document and document.data


def test_a_vehicle_is_created_then_unchanged_then_updated(product: Harness, vehicle: Row) -> None:
    assert counts(send(product, "vehicles", [vehicle])) == (1, 1, 0, 0, 0)
    assert counts(send(product, "vehicles", [vehicle])) == (1, 0, 0, 1, 0)
    assert counts(send(product, "vehicles", [{**vehicle, "status": "sold"}])) == (1, 0, 1, 0, 0)
    assert stored(product, f"vehicles/{vehicle['vin']}")["status"] == "sold"


def test_good_rows_go_in_and_bad_ones_are_told_by_line_and_field(product: Harness, vehicle: Row) -> None:
    bad = {**vehicle, "vin": "1HGCM82633A004353", "year": "old"}
    answer = send(product, "vehicles", [bad, vehicle])
    assert (answer.status, counts(answer)) == (200, (2, 1, 0, 0, 1))
    assert [(error["line"], error["field"]) for error in answer.json()["errors"]] == [(1, "vin"), (1, "year")]


def test_a_file_without_a_good_row_is_refused_and_leaves_nothing(product: Harness, vehicle: Row) -> None:
    answer = send(product, "vehicles", [{**vehicle, "vin": "x"}, 7])
    assert answer.status == 422
    assert [(error["line"], error["field"]) for error in answer.json()["errors"]] == [(1, "vin"), (2, "")]
    product.settle()
    assert product.events("records-received") == []


def test_csv_says_the_same_as_json(product: Harness, vehicle: Row) -> None:
    content = (
        "VIN;Model Year;Make;Model;Asking Price;Lot\r\n1HGCM82633A004352;2003;Honda;Accord;6.950,00;A\r\n"
    )
    answer = product.call(
        "POST", "/api/records/vehicles", body=content.encode(), content_type=CSV, api_key=True
    )
    assert counts(answer) == (1, 1, 0, 0, 0)
    assert answer.json()["ignored_fields"] == ["Lot"]
    assert counts(send(product, "vehicles", {"rows": [vehicle]})) == (1, 0, 0, 1, 0)


@pytest.mark.parametrize(
    ("caller", "status"),
    [
        ({"persona": "ceo"}, 200),
        ({"persona": "operator"}, 200),
        ({"persona": "mechanic"}, 403),
        ({"api_key": "guess"}, 401),
        ({"persona": ""}, 401),
    ],
)
def test_only_a_key_the_ceo_or_the_office_sends_records(
    product: Harness, vehicle: Row, caller: Row, status: int
) -> None:
    assert send(product, "vehicles", [vehicle], **caller).status == status
    assert (stored(product, f"vehicles/{vehicle['vin']}") is not None) == (status == 200)


@pytest.mark.parametrize(
    ("kind", "content", "content_type", "status"),
    [
        ("ships", "[]", "application/json", 404),
        ("vehicles", "[", "application/json", 400),
        (
            "vehicles",
            '[{"vin": "1HGCM82633A004352", "year": 2003, "make": "H", "model": "A"}, {',
            "application/json",
            400,
        ),
        ("vehicles", "", CSV, 400),
        ("vehicles", "year,make\n2003,Honda", CSV, 422),
        ("vehicles", "<xml/>", "application/xml", 415),
        ("vehicles", "[" + "{}," * 10_000 + "{}]", "application/json", 413),
    ],
)
def test_a_file_that_cannot_be_read_stores_nothing(
    product: Harness, kind: str, content: str, content_type: str, status: int
) -> None:
    path = f"/api/records/{kind}"
    answer = product.call(
        "POST", path, body=content.encode() or b" ", content_type=content_type, api_key=True
    )
    assert (answer.status, answer.json()["status"]) == (status, status)
    product.settle()
    assert product.events() == []


def test_an_empty_array_is_nothing_to_do(product: Harness) -> None:
    assert counts(send(product, "staff", [])) == (0, 0, 0, 0, 0)


def test_a_row_that_names_another_tenant_changes_nothing_there(product: Harness, vehicle: Row) -> None:
    row = {**vehicle, "tenant_id": "northside", "tenant": "northside"}
    answer = send(product, "vehicles", [row])
    assert answer.json()["ignored_fields"] == ["tenant_id", "tenant"]
    path = f"vehicles/{vehicle['vin']}"
    assert stored(product, path, "northside") is None
    assert "tenant_id" not in stored(product, path)
    product.settle()
    assert {event["tenantid"] for event in product.events()} == {"autohaus"}
    assert {event["data"].get("tenant_id", "autohaus") for event in product.events()} == {"autohaus"}


def test_times_without_an_offset_are_in_the_dealerships_zone(product: Harness) -> None:
    row = {"appointment_number": "A1", "when": "2026-07-01 10:30", "type": "Service", "customer": "Ann"}
    assert send(product, "appointments", [row]).status == 200
    expected = datetime(2026, 7, 1, 15, 30, tzinfo=UTC)
    assert stored(product, "appointments/A1")["starts_at"] == expected


def test_counts_are_published_and_nothing_personal_with_them(product: Harness) -> None:
    row = {"deal_number": "D1", "stage": "new", "opened_on": "2026-11-01", "customer_name": "Ann Lee"}
    send(product, "deals", [row])
    product.settle()
    [received] = product.events("records-received")
    assert received["data"] == {
        "kind": "deals",
        "received": 1,
        "created": 1,
        "updated": 0,
        "unchanged": 0,
        "rejected": 0,
    }
    assert "records.received" in {event["data"].get("type") for event in product.events("audit-recorded")}
    assert "Ann" not in str(product.events())


def test_each_change_of_a_vehicle_becomes_a_row_of_its_twin_with_what_others_know(
    product: Harness, vehicle: Row
) -> None:
    send(product, "vehicles", [vehicle])
    path = f"vehicles/{vehicle['vin']}"
    flagged = {**stored(product, path), "digital_twin_flags": [{"severity": "red"}]}
    product.tenant().documents.commit([Write(path, flagged)])
    send(product, "vehicles", [{**vehicle, "odometer": 1}])
    send(product, "vehicles", [{**vehicle, "odometer": 1}])
    product.settle()
    rows = [event["data"] for event in product.events("vehicle-recorded")]
    assert [(row.get("mileage"), row.get("digital_twin_flags")) for row in rows] == [
        (None, None),
        (1, '[{"severity":"red"}]'),
    ]
    assert stored(product, path)["digital_twin_flags"] == [{"severity": "red"}]


@pytest.mark.parametrize("first", ["vehicles", "deals"])
def test_a_vehicle_knows_its_open_deal_whichever_was_sent_first(
    product: Harness, vehicle: Row, first: str
) -> None:
    deal = {
        "deal_number": "D1",
        "stage": "new",
        "opened_on": "2026-11-01",
        "vin": vehicle["vin"],
        "customer": "Ann",
        "owner": "sales-2",
    }
    rows = {"vehicles": [vehicle], "deals": [deal]}
    for kind in sorted(rows, key=lambda kind: kind != first):
        send(product, kind, rows[kind])
    found = stored(product, f"vehicles/{vehicle['vin']}")
    assert (found["open_deal_number"], found["assigned_staff_id"]) == ("D1", "sales-2")
    assert counts(send(product, "vehicles", [vehicle])) == (1, 0, 0, 1, 0)
    product.settle()
    assert product.events("vehicle-recorded")[-1]["data"]["open_deal_number"] == "D1"
    send(product, "deals", [{**deal, "vin": None}])
    assert stored(product, f"vehicles/{vehicle['vin']}")["open_deal_number"] is None


def test_postings_reach_the_books_with_their_corrections(
    product: Harness, entries: Callable[[int], list[Row]]
) -> None:
    correction = {**entries(1)[0], "entry_id": "C-1", "amount": "-0.25", "corrects": "E-0"}
    assert counts(send(product, "ledger_entries", [*entries(4), correction])) == (5, 5, 0, 0, 0)
    assert counts(send(product, "ledger_entries", [*entries(4), correction])) == (5, 0, 0, 5, 0)
    assert expense(product) == (Decimal("3.75"), 5)


def test_a_posting_is_corrected_by_a_new_one_never_changed(
    product: Harness, entries: Callable[[int], list[Row]]
) -> None:
    send(product, "ledger_entries", entries(1))
    changed = {**entries(1)[0], "amount": "2.00"}
    orphan = {**entries(1)[0], "entry_id": "C-1", "corrects": "E-9"}
    answer = send(product, "ledger_entries", [changed, orphan, *entries(2)])
    assert counts(answer) == (4, 1, 0, 1, 2)
    assert [(error["line"], error["field"]) for error in answer.json()["errors"]] == [
        (1, "entry_id"),
        (2, "corrects"),
    ]
    assert expense(product) == (Decimal("2"), 2)


def expense(product: Harness) -> tuple[Decimal, int]:
    """What the money ledger says of the day of the `entries`."""
    product.settle()
    parameters: dict[str, Parameter] = {
        "as_of": product.platform.clock.now(),
        "from_date": date(2026, 11, 20),
        "to_date": date(2026, 11, 20),
        "bucket": "day",
        "lane": None,
        "category": None,
    }
    [row] = product.tenant().warehouse.query("plates/finance_chart_v1", parameters)
    return row["expense"], row["entry_count"]
