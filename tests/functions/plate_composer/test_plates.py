"""Each plate shows what its queries and records hold, and says so when they hold nothing."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from shared.domain.identity.identity import Identity, Name
from shared.domain.person import Person
from shared.ports import Write
from shared.testing.harness import Harness, running
from tests.functions.plate_composer.conftest import Asking, take_in

VIN, OTHER_VIN = "1HGCM82633A004352", "1M8GDM9AXKP042788"
NOW = datetime.now(UTC)
TODAY = NOW.date()


@pytest.fixture(scope="module")
def stocked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Harness]:
    """A dealership with a few records of each kind, and a neighbour with others."""
    with running(tmp_path_factory.mktemp("stocked")) as harness:
        _fill(harness)
        yield harness


def _fill(harness: Harness) -> None:
    entry = {"occurred_on": "2026-03-02", "lane": "A", "category": "sales"}
    take_in(
        harness,
        "ledger_entries",
        {**entry, "entry_id": "E-1", "amount": "41250.37"},
        {**entry, "entry_id": "E-2", "amount": "300.00", "category": "advertising"},
        {**entry, "entry_id": "E-3", "amount": "-250.37", "corrects": "E-1"},
        {**entry, "entry_id": "E-4", "amount": "95.00", "lane": "C", "category": "transport"},
    )
    take_in(harness, "ledger_entries", {**entry, "entry_id": "N-1", "amount": "7.00"}, tenant="northside")
    car = {
        "vin": VIN,
        "year": 2021,
        "make": "Honda",
        "model": "Civic",
        "body": "4dr Sedan",
        "list_price": "19995",
        "odometer": 31000,
    }
    truck = {"vin": OTHER_VIN, "year": 2019, "make": "Ford", "model": "F-150", "status": "in_transit"}
    take_in(harness, "vehicles", {**car, "acquired_on": str(TODAY - timedelta(days=100))}, truck)
    _workshop(harness)
    _people(harness)


def _workshop(harness: Harness) -> None:
    take_in(harness, "staff", {"staff_id": "M-7", "name": "Pat Wren", "role": "mechanic"})
    order = {"vin": VIN, "opened_at": "2026-03-02T15:00:00Z", "customer_name": "Ann Lee"}
    take_in(
        harness,
        "repair_orders",
        {**order, "ro_number": "RO-1", "technician_staff_id": "M-7", "promised_at": "2026-03-03T15:00:00Z"},
        {
            **order,
            "ro_number": "RO-2",
            "status": "waiting_parts",
            "customer_phone": "+13125550188",
            "total": "500",
        },
        {**order, "ro_number": "RO-3", "status": "closed", "closed_at": "2026-04-01T15:00:00Z"},
    )
    deal = {
        "deal_number": "D-1",
        "stage": "negotiation",
        "opened_on": "2026-03-01",
        "vin": VIN,
        "amount": "20000",
    }
    take_in(harness, "deals", {**deal, "customer_email": "maria@example.com"})
    service = {"starts_at": NOW.isoformat(), "kind": "service", "customer_name": "Ann Lee"}
    take_in(harness, "appointments", {**service, "appointment_number": "P-1"})


def _people(harness: Harness) -> None:
    def person(person_id: str, name: Name, **ways: Any) -> Write:
        identity = Identity(names=(name,), **ways)
        shown = f"{name.first} {name.last}".title()
        whole = Person(person_id, NOW, NOW, name=shown, identity=identity, founded_with=identity)
        return Write(whole.path, whole.to_data())

    harness.tenant().documents.commit(
        [
            person("p1", Name("maria", "lopez"), emails=("maria@example.com",), phones=("+13125550177",)),
            person("p2", Name("john", "smith"), phones=("+13125550178",)),
            person("p3", Name("john", "smith"), phones=("+13125550179",)),
        ]
    )


@pytest.fixture
def asking(stocked: Harness, request: pytest.FixtureRequest) -> Asking:
    return Asking(stocked, request.node.name[:60].replace("[", "-").replace("]", ""))


def test_finance_sums_are_exact_and_name_the_entries_behind_them(asking: Asking) -> None:
    frame = asking.ask(
        "FINANCE", lane="A", period={"start": "2026-03-01", "end": "2026-03-31", "label": "in march"}
    )
    assert frame["plate_id"] == "FINANCE_CHART" and frame["type"] == "MOUNT_PLATE"
    assert frame["title"] == "Financials, Lane A (sales), in march (2026-03-01 to 2026-03-31), by day"
    (row,) = (row for row in frame["dataset"] if row["entry_count"])
    assert (row["income"], row["expense"], row["net"]) == (41000.0, 300.0, 40700.0)
    assert row["row_ids"] == ["E-1", "E-2", "E-3"] and row["correction_count"] == 1
    assert {part["id"] for part in frame["details"]["by_category"]} == {"sales", "advertising"}
    assert frame["source"]["queries"] == ["plates/finance_plate_v1"]
    assert frame["data_age_seconds"] is not None and frame["as_of"]


def test_money_without_a_period_is_of_the_last_twelve_months(asking: Asking) -> None:
    frame = asking.ask("FINANCE")
    assert "last 12 months" in frame["title"] and "all lanes" in frame["title"]
    assert {part["id"] for part in frame["details"]["by_lane"]} == {"A", "C"}


def test_an_empty_money_plate_says_when_the_latest_entry_was(asking: Asking) -> None:
    frame = asking.ask("FINANCE", lane="C", period={"start": "2026-01-01", "end": "2026-01-31"})
    assert frame["dataset"] == [] and frame["data_age_seconds"] is None
    assert frame["note"].endswith("The latest entry is of 2026-03-02.")
    assert "There is none before either" in asking.ask("FINANCE", lane="D")["note"]


def test_every_money_figure_is_narrowed_by_amount_and_direction(asking: Asking) -> None:
    period = {"start": "2026-01-01", "end": "2026-12-31", "label": "this year"}
    amount = {"op": ">", "value": 200, "currency": "USD"}
    frame = asking.ask("FINANCE", period=period, amount=amount)
    assert [entry["id"] for entry in frame["details"]["entries"]] == ["E-1", "E-2"]
    assert _with_entries(frame["dataset"])[0]["row_ids"] == ["E-1", "E-2"]
    assert frame["filters"]["amount_from"] == 200
    spent = asking.ask("FINANCE", period=period, amount=amount, direction="expense")
    assert spent["title"].startswith("Expenses, all lanes, entries from $200, this year")
    assert [column["name"] for column in spent["columns"]] == ["period_start", "expense", "entry_count"]
    for rows in (spent["dataset"], spent["details"]["total"], spent["details"]["by_lane"]):
        posted = _with_entries(rows)
        assert [(row["income"], row["expense"], row["row_ids"]) for row in posted] == [(0.0, 300.0, ["E-2"])]


def _with_entries(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [row for row in rows if row["entry_count"]]


@pytest.mark.parametrize(
    ("entities", "vins"),
    [
        ({}, {VIN, OTHER_VIN}),
        ({"vehicle": {"make": "HONDA", "model": "civic"}}, {VIN}),
        ({"vehicle": {"year_to": 2020}}, {OTHER_VIN}),
        ({"amount": {"op": "<", "value": 20000, "currency": "USD"}}, {VIN}),
        ({"amount": {"op": "between", "value": 1, "upper": 19994}}, set()),
        ({"days_in_stock": {"op": ">", "value": 90}}, {VIN}),
        ({"days_in_stock": {"op": ">", "value": 101}}, set()),
        ({"mileage": {"op": "<", "value": 40000}}, {VIN}),
        ({"status": "in transit"}, {OTHER_VIN}),
        ({"vin": VIN.lower()}, {VIN}),
        ({"vehicle": "nonsense", "period": "nonsense", "amount": 5}, {VIN, OTHER_VIN}),
    ],
)
def test_inventory_is_narrowed_by_what_was_said(
    asking: Asking, entities: dict[str, Any], vins: set[str]
) -> None:
    frame = asking.ask("INVENTORY", **entities)
    assert frame["plate_id"] == "INVENTORY_TABLE"
    assert {row["id"] for row in frame["dataset"]} == vins and frame["total"] == len(vins)
    assert bool(frame["note"]) == (not vins)


def test_vehicles_are_narrowed_by_body_and_those_without_one_are_counted(asking: Asking) -> None:
    frame = asking.ask("INVENTORY", vehicle={"body": "sedan"})
    assert [row["id"] for row in frame["dataset"]] == [VIN] and "sedan" in frame["title"]
    assert frame["note"] == "1 more may fit: their body is not recorded."
    assert asking.ask("INVENTORY", vehicle={"body": "sedan", "make": "Honda"})["note"] == ""
    assert asking.ask("INVENTORY", vehicle={"fuel": "hybrid"})["dataset"] == []


def test_the_service_board_has_open_orders_with_names_and_lateness(asking: Asking) -> None:
    frame = asking.ask("SERVICE")
    assert [row["id"] for row in frame["dataset"]] == ["RO-1", "RO-2"], "promised first, closed not at all"
    first = frame["dataset"][0]
    assert (first["vehicle"], first["technician"], first["is_late"]) == ("2021 Honda Civic", "Pat Wren", True)
    assert frame["note"] == "1 of 2 late."
    assert [row["id"] for row in frame["details"]["appointments"]] == ["P-1"]


@pytest.mark.parametrize(
    ("entities", "orders"),
    [
        ({"status": "waiting parts"}, ["RO-2"]),
        ({"ro_number": "RO-3"}, ["RO-3"]),
        ({"ro_number": "2"}, ["RO-2"]),
        ({"ro_number": "RO-99"}, []),
        ({"ro_number": "3"}, ["RO-3"]),
        ({"vehicle": {"make": "Ford"}}, []),
        ({"vehicle": {"make": "Honda", "year": 2021}}, ["RO-1", "RO-2"]),
        ({"vehicle": {"colour": "red"}}, []),
        ({"person": "pat"}, ["RO-1"]),
        ({"person": "Ann Lee"}, ["RO-1", "RO-2"]),
        ({"person": "Zelda"}, []),
        ({"amount": {"op": ">", "value": 500}}, ["RO-2"]),
        ({"amount": {"op": "<", "value": 499}}, []),
        ({"status": "late"}, ["RO-1"]),
        ({"status": "closed"}, ["RO-3"]),
        ({"status": "closed", "period": {"start": "2026-04-01", "end": "2026-04-01"}}, ["RO-3"]),
        ({"status": "closed", "period": {"start": "2026-03-01", "end": "2026-03-31"}}, []),
    ],
)
def test_the_service_board_is_narrowed(asking: Asking, entities: dict[str, Any], orders: list[str]) -> None:
    frame = asking.ask("SERVICE", **entities)
    assert [row["id"] for row in frame["dataset"]] == orders
    assert orders or "there are none" in frame["note"]


def test_a_period_of_appointments_leaves_the_open_orders_as_they_are_and_says_so(asking: Asking) -> None:
    march = {"start": "2026-03-01", "end": "2026-03-31", "label": "march"}
    frame = asking.ask("SERVICE", subject="appointments", period=march)
    assert [row["id"] for row in frame["dataset"]] == ["RO-1", "RO-2"]
    assert "The appointments are of march (2026-03-01 to 2026-03-31)" in frame["note"]


@pytest.mark.parametrize(
    "entities",
    [
        {"email": "Maria@Example.com"},
        {"phone": "+13125550177"},
        {"person": "Maria Lopez"},
        {"person": "lopez"},
        {"person": {"name": "maria"}},
        {"person": {"person_id": "p1"}},
        {"deal_number": "D-1"},
    ],
)
def test_a_customer_is_found_by_any_way_and_shown_with_their_deal(
    asking: Asking, entities: dict[str, Any]
) -> None:
    frame = asking.ask("CRM", **entities)
    assert [row["id"] for row in frame["dataset"]] == ["p1"]
    assert [row["id"] for row in frame["details"]["deals"]] == ["D-1"]
    assert [row["id"] for row in frame["details"]["vehicles"]] == [VIN]
    assert frame["details"]["repair_orders"] == []


def test_several_of_one_name_are_given_to_choose_from(asking: Asking) -> None:
    frame = asking.ask("CRM", person="John Smith")
    assert {row["id"] for row in frame["dataset"]} == {"p2", "p3"} and not frame["details"]
    assert "2 people fit [John Smith]" in frame["note"]


def test_a_customer_of_the_workshop_alone_is_found_too(asking: Asking) -> None:
    frame = asking.ask("CRM", phone="+13125550188")
    assert [row["id"] for row in frame["details"]["repair_orders"]] == ["RO-2"]
    assert "records only" in frame["note"]


def test_nobody_found_says_how_to_go_on(asking: Asking) -> None:
    frame = asking.ask("CRM", person="Zelda Quux")
    assert frame["dataset"] == [] and "Nobody fits [Zelda Quux]" in frame["note"]


def test_without_a_name_the_newest_customers_are_shown(asking: Asking) -> None:
    assert {row["id"] for row in asking.ask("CRM")["dataset"]} == {"p1", "p2", "p3"}
    frame = asking.ask("CRM", period={"start": "2020-01-01", "end": "2020-01-31"})
    assert frame["dataset"] == [] and "The latest came in on" in frame["note"]


def test_the_map_shows_vehicles_in_transit_and_costs_to_those_who_may_see_money(asking: Asking) -> None:
    period = {"start": "2026-03-01", "end": "2026-03-31"}
    frame = asking.ask("LOGISTICS", period=period)
    assert [row["id"] for row in frame["dataset"]] == [OTHER_VIN]
    assert [row["id"] for row in frame["details"]["transport_entries"]] == ["E-4"]
    driver = asking.ask("LOGISTICS", roles=("driver",), period=period)
    assert driver["details"]["transport_entries"] == [] and "cost" not in driver["title"]


def test_another_dealerships_rows_are_on_no_plate(stocked: Harness) -> None:
    neighbour = Asking(stocked, "neighbour", tenant="northside")
    period = {"start": "2026-03-01", "end": "2026-03-31"}
    assert [row["row_ids"] for row in _with_entries(neighbour.ask("FINANCE", period=period)["dataset"])] == [
        ["N-1"]
    ]
    for intent in ("INVENTORY", "SERVICE", "CRM", "LOGISTICS"):
        assert neighbour.ask(intent)["dataset"] == []
