"""A customer is known by the number of what they bought or brought."""

from __future__ import annotations

from typing import Any

import pytest

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
