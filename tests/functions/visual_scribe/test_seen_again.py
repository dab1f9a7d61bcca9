"""A vehicle is filmed again: what it had, what is new, what got worse, what somebody decided."""

from __future__ import annotations

from typing import Any

import pytest

from shared.ports import Write
from tests.functions.visual_scribe.rig import Bay

DENT = "The rear bumper has a dent."
PADS = "Front left brake pads at three millimeters."


def set_state(bay: Bay, state: str) -> None:
    [flag] = bay.flags().values()
    changed = {**flag, "state": state}
    bay.product.tenant().documents.commit([Write(f"twin_flags/{flag['flag_id']}", changed)])


def only(bay: Bay) -> dict[str, Any]:
    [flag] = bay.flags().values()
    return dict(flag)


def test_the_same_defect_filmed_twice_is_one_flag_seen_twice(bay: Bay) -> None:
    bay.film("m1", PADS)
    bay.film("m2", PADS)
    flag = only(bay)
    assert [one["media_id"] for one in flag["sightings"]] == ["m1", "m2"]
    assert flag["pre_existing"] and flag["state"] == "open"


def test_damage_of_the_check_in_is_no_new_damage_at_the_check_out(bay: Bay) -> None:
    bay.film("in", DENT, stage="check_in", repair_order="RO-1")
    bay.film("out", DENT, "The left mirror is cracked.", stage="check_out", repair_order="RO-1")
    dent, mirror = bay.flags()["bumper", "rear"], bay.flags()["mirror", "left"]
    assert (dent["pre_existing"], mirror["pre_existing"], mirror["state"]) == (True, False, "open")
    compared = bay.media("out")["compared"]
    assert compared["compared_with"] == ["in"]
    assert (compared["pre_existing"], compared["new"]) == ([dent["flag_id"]], [mirror["flag_id"]])
    summaries = [one["summary"] for one in bay.told("attention-requested")]
    assert summaries == ["New since check-in: 2003 Honda Accord: Mirror, left side"]


def test_what_the_check_out_does_not_show_again_is_told(bay: Bay) -> None:
    bay.film("in", DENT, PADS, stage="check_in")
    bay.film("out", DENT, stage="check_out")
    pads = bay.flags()["brake_pad", "front_left"]
    assert bay.media("out")["compared"]["not_seen_again"] == [pads["flag_id"]]


def test_without_a_check_in_new_damage_is_for_a_person(bay: Bay) -> None:
    bay.film("out", DENT, stage="check_out")
    assert (only(bay)["state"], only(bay)["doubts"]) == ("needs_review", ["no_check_in"])


def test_the_check_in_of_another_repair_order_is_no_comparison(bay: Bay) -> None:
    bay.film("in", "Wipers are good.", stage="check_in", repair_order="RO-1")
    bay.film("out", DENT, stage="check_out", repair_order="RO-2")
    assert bay.flags()["bumper", "rear"]["state"] == "needs_review"


@pytest.mark.parametrize("state", ["open", "declined", "deferred"])
def test_what_got_worse_is_open_again_and_red(bay: Bay, state: str) -> None:
    bay.film("m1", PADS)
    set_state(bay, state)
    bay.film("m2", "Front left brake pads are metal on metal.")
    assert (only(bay)["severity"], only(bay)["state"]) == ("red", "open")


def test_a_quoted_flag_stays_quoted_when_it_got_worse(bay: Bay) -> None:
    """The quote's own version check sees the change; its state is the quote's."""
    bay.film("m1", PADS)
    set_state(bay, "quoted")
    bay.film("m2", "Front left brake pads are metal on metal.")
    assert (only(bay)["severity"], only(bay)["state"]) == ("red", "quoted")


def test_a_defect_does_not_go_away_because_somebody_says_fine(bay: Bay) -> None:
    bay.film("m1", "Front left rotor is metal on metal.")
    bay.film("m2", "Front left rotor is good.")
    flag = only(bay)
    assert (flag["severity"], flag["state"], flag["doubts"]) == ("red", "needs_review", ["said_fine_since"])


def test_a_doubt_that_is_said_for_certain_later_is_open(bay: Bay) -> None:
    bay.film("m1", "Front left rotor might be scored.")
    bay.film("m2", "Front left rotor is scored.")
    assert (only(bay)["state"], only(bay)["doubts"]) == ("open", [])


def test_what_was_dismissed_is_flagged_anew_only_when_it_is_seen_again(bay: Bay) -> None:
    bay.film("m1", PADS)
    set_state(bay, "dismissed")
    bay.store("m1", turn=2, reading=bay.media("m1")["reading"])
    bay.look("m1", turn=2)
    assert only(bay)["state"] == "dismissed"
    bay.film("m2", PADS)
    found = bay.product.tenant().documents.get("vehicles/1HGCM82633A004352")
    assert found is not None and len(found.data["digital_twin_flags"]) == 1
