"""What deals and repair orders say about their vehicle."""

from __future__ import annotations

from typing import Any

import pytest

from functions.records_intake.vehicle_links import linked

VEHICLE = {"vin": "V", "status": "in_stock"}
NOTHING_OPEN = {"open_deal_number": None, "assigned_staff_id": None}


def deal(stage: str = "new", number: str = "D1", **more: Any) -> tuple[str, dict[str, Any]]:
    return "deals", {"deal_number": number, "stage": stage, "owner_staff_id": "sales", "vin": "V", **more}


def order(status: str = "open", **more: Any) -> tuple[str, dict[str, Any]]:
    return "repair_orders", {
        "ro_number": "R1",
        "status": status,
        "advisor_staff_id": "advisor",
        "vin": "V",
        **more,
    }


def test_an_open_deal_is_on_the_vehicle_with_who_answers_for_it() -> None:
    after = linked(VEHICLE, [deal()])
    assert after == {**VEHICLE, "open_deal_number": "D1", "assigned_staff_id": "sales"}


@pytest.mark.parametrize("stage", ["won", "lost"])
def test_a_closed_deal_leaves_the_vehicle(stage: str) -> None:
    assert linked(VEHICLE, [deal(), deal(stage)]) == {**VEHICLE, **NOTHING_OPEN}


def test_a_closed_deal_takes_no_other_deal_away() -> None:
    after = linked(VEHICLE, [deal(), deal("lost", "D0")])
    assert after["open_deal_number"] == "D1"


def test_a_won_deal_gives_the_vehicle_to_its_buyer() -> None:
    assert linked(VEHICLE, [deal("won", master_person_id="p1")])["owner_person_id"] == "p1"
    assert "owner_person_id" not in linked(VEHICLE, [deal("lost", master_person_id="p1")])


def test_the_advisor_answers_while_the_vehicle_is_in_the_shop_and_the_seller_again_after() -> None:
    both = linked(VEHICLE, [deal(), order()])
    assert (both["assigned_staff_id"], both["open_repair_order_number"]) == ("advisor", "R1")
    done = linked(both, [order("done")])
    assert (done["open_repair_order_number"], done["open_deal_number"]) == (None, "D1")


@pytest.mark.parametrize(("status", "owner"), [("in_service", "p1"), ("sold", "p1"), ("in_stock", None)])
def test_whoever_brings_a_vehicle_owns_it_unless_it_is_ours(status: str, owner: str | None) -> None:
    after = linked({"vin": "V", "status": status}, [order(master_person_id="p1")])
    assert after.get("owner_person_id") == owner
