"""A customer is found by the number of what they bought or brought, and by a name that is nearly right."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from shared.domain.identity.identity import Identity, Name
from shared.domain.person import Person
from shared.ports import Write
from shared.testing.harness import Harness
from tests.functions.plate_composer.conftest import Asking, take_in

VIN = "1HGCM82633A004352"


@pytest.fixture(scope="module")
def asking(harness: Harness) -> Asking:
    lead = {"source": "WEB_LEAD", "name": "Maria Lopez", "email": "maria@example.com"}
    person_id = harness.call("POST", "/api/crm/intake", json=lead, api_key=True).json()["master_person_id"]
    take_in(
        harness,
        "vehicles",
        {"vin": VIN, "year": 2021, "make": "Honda", "model": "Civic", "stock_number": "U7"},
    )
    order = {"vin": VIN, "opened_at": "2026-03-02T15:00:00Z"}
    take_in(
        harness,
        "repair_orders",
        {**order, "ro_number": "RO-58004", "master_person_id": person_id},
        {**order, "ro_number": "RO-9", "vin": "1M8GDM9AXKP042788", "customer_name": "Nobody Known"},
    )
    return Asking(harness, "numbers")


@pytest.mark.parametrize(
    "entities", [{"ro_number": "58004"}, {"ro_number": "RO-58004"}, {"stock_number": "U7"}]
)
def test_the_card_of_the_customer_is_shown(asking: Asking, entities: dict[str, Any]) -> None:
    frame = asking.ask("CRM", **entities)
    assert frame["title"] == "Customer: Maria Lopez" and frame["filters"] == entities
    assert [row["id"] for row in frame["details"]["repair_orders"]] == ["RO-58004"]


def test_a_customer_without_a_record_of_their_own_is_named(asking: Asking) -> None:
    frame = asking.ask("CRM", ro_number="RO-9")
    assert frame["title"] == "Repair order RO-9, Nobody Known" and frame["dataset"] == []
    assert [row["id"] for row in frame["details"]["repair_orders"]] == ["RO-9"]


def test_a_number_nobody_has_is_said(asking: Asking) -> None:
    assert asking.ask("CRM", ro_number="77")["note"] == "There is no repair order 77."
    assert asking.ask("CRM", stock_number="77")["note"] == "There is no stock number 77."
    assert asking.ask("CRM", deal_number="77")["note"] == "There is no deal 77."


@pytest.mark.parametrize("name", ["Maria Lopze", "Mraia Lopez", "maria lpoez", "lopes maria"])
def test_a_slip_of_the_pen_still_finds_the_customer(asking: Asking, name: str) -> None:
    assert asking.ask("CRM", person=name)["title"] == "Customer: Maria Lopez"


def test_a_name_that_is_only_half_right_finds_nobody(asking: Asking) -> None:
    assert asking.ask("CRM", person="Maria Gonzalez")["dataset"] == []


def test_one_of_many_who_share_a_surname_is_found(harness: Harness) -> None:
    def person(person_id: str, first: str) -> Write:
        identity, now = Identity(names=(Name(first, "smith"),)), datetime.now(UTC)
        whole = Person(person_id, now, now, name=first, identity=identity, founded_with=identity)
        return Write(whole.path, whole.to_data())

    crowd = [person(f"p{number:03}", "john") for number in range(60)]
    harness.tenant("northside").documents.commit([*crowd, person("p999", "zed")])
    frame = Asking(harness, "crowd", tenant="northside").ask("CRM", person="Zed Smith")
    assert [row["id"] for row in frame["dataset"]] == ["p999"]
