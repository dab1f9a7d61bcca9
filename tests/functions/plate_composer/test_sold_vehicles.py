"""What was sold in a time, and prices that are about right."""

from __future__ import annotations

from typing import Any

import pytest

from shared.testing.harness import Harness
from tests.functions.plate_composer.conftest import Asking, take_in

VIN, OTHER_VIN = "1HGCM82633A004352", "1M8GDM9AXKP042788"
ANSWERS = ("MOUNT_PLATE", "ERROR")
MARCH = {"start": "2026-03-01", "end": "2026-03-31", "label": "in march"}


@pytest.fixture(scope="module")
def asking(harness: Harness) -> Asking:
    car = {"year": 2021, "make": "Honda", "model": "Civic", "acquired_on": "2026-01-05"}
    take_in(
        harness,
        "vehicles",
        {**car, "vin": VIN, "status": "sold", "list_price": "20950"},
        {**car, "vin": OTHER_VIN, "status": "sold", "make": "Ford"},
        {**car, "vin": "1J9RP1A36A1644345", "list_price": "21000"},
        {**car, "vin": "1G4AH59H45G118341", "status": "rental", "lane": "D"},
    )
    deal = {"opened_on": "2026-02-01", "customer_name": "Ann Lee"}
    take_in(
        harness,
        "deals",
        {**deal, "deal_number": "D-1", "stage": "won", "vin": VIN, "closed_on": "2026-03-31"},
        {**deal, "deal_number": "D-2", "stage": "won", "vin": OTHER_VIN, "closed_on": "2026-04-01"},
        {**deal, "deal_number": "D-3", "stage": "lost", "vin": OTHER_VIN, "closed_on": "2026-03-10"},
    )
    return Asking(harness, "sold")


def test_the_time_of_sold_vehicles_is_when_their_deal_was_won(asking: Asking) -> None:
    frame = asking.ask("INVENTORY", status="sold", period=MARCH)
    assert [(row["id"], row["sold_on"]) for row in frame["dataset"]] == [(VIN, "2026-03-31")]
    assert "sold, in march (2026-03-01 to 2026-03-31)" in frame["title"] and frame["total"] == 1
    assert frame["columns"][-1]["label"] == "Sold"
    assert frame["dataset"][0]["days_in_stock"] == 85, "from 5 January to 31 March"
    assert asking.ask("INVENTORY", status="sold", period=MARCH, vehicle={"make": "Ford"})["dataset"] == []


def test_sold_vehicles_without_a_time_are_all_of_them(asking: Asking) -> None:
    frame = asking.ask("INVENTORY", status="sold")
    assert frame["total"] == 2 and {row["days_in_stock"] for row in frame["dataset"]} == {None}


@pytest.mark.parametrize(
    ("entities", "words"),
    [
        ({"period": MARCH}, "came in from 2026-03-01 to 2026-03-31"),
        ({"days_in_stock": {"op": ">", "value": 10}}, "came in by "),
        ({"days_in_stock": {"op": "<", "value": 10}}, "came in since "),
    ],
)
def test_the_title_says_when_the_vehicles_came_in(
    asking: Asking, entities: dict[str, Any], words: str
) -> None:
    assert words in asking.ask("INVENTORY", **entities)["title"]


def test_a_price_without_a_bound_is_about_that_much(asking: Asking) -> None:
    frame = asking.ask("INVENTORY", amount={"op": "=", "value": 20000, "currency": "USD"})
    assert [row["list_price"] for row in frame["dataset"]] == [21000.0]
    assert "from $18,000 to $22,000" in frame["title"]
    assert asking.ask("INVENTORY", amount={"op": "=", "value": 1e300, "currency": "USD"})["type"] in ANSWERS
    odd = asking.ask("INVENTORY", amount={"op": "=", "value": 19995, "currency": "USD"})
    assert "from $17,996 to $21,994" in odd["title"]


def test_the_vehicles_of_a_lane_that_sells_none_are_shown_where_they_are(asking: Asking) -> None:
    assert [row["status"] for row in asking.ask("INVENTORY", lane="D")["dataset"]] == ["rental"]
