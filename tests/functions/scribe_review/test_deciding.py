"""People decide about flags: what they say is kept with who said it, and danger is told."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from shared.local.wsgi_call import Response
from shared.ports import Write
from tests.functions.visual_scribe.rig import ACCORD, Bay, Senses, running_bay


@pytest.fixture
def bay(tmp_path: Path) -> Iterator[Bay]:
    with running_bay(tmp_path, Senses()) as bay:
        bay.record_vehicle(ACCORD)
        yield bay


def only(bay: Bay) -> Any:
    [flag] = bay.flags().values()
    return flag


def say(bay: Bay, what: str, body: dict[str, Any] | None = None, persona: str = "advisor") -> Response:
    target = f"/api/flags/{only(bay)['flag_id']}/{what}"
    return bay.product.call("POST", target, json=body or {}, persona=persona)


def test_a_confirmed_doubt_is_open_and_its_danger_is_told(bay: Bay) -> None:
    bay.film("m1", "The front left rotor might be metal on metal.")
    assert bay.asked() == [("scribe_review", True)]
    answer = say(bay, "confirm")
    assert (answer.status, answer.json()["state"], answer.json()["area"]) == (
        200,
        "open",
        "Brake rotor, front left",
    )
    flag = only(bay)
    assert (flag["doubts"], flag["history"][-1]["by"]) == ([], "users/advisor")
    assert bay.asked()[-1] == ("safety_flag", True)
    said = bay.told("attention-requested")[-1]["summary"]
    assert said == "Unsafe: 2003 Honda Accord: Brake rotor, front left, confirmed by a person"
    assert bay.vehicle()["digital_twin_flags"][0]["state"] == "open"
    assert say(bay, "confirm").status == 409


def test_a_dismissed_flag_leaves_the_twin_and_needs_a_reason(bay: Bay) -> None:
    bay.film("m1", "Metal on metal rotors, front left.")
    assert say(bay, "dismiss").status == 422
    answer = say(bay, "dismiss", {"reason": "that was the car beside it"})
    assert answer.json()["state"] == "dismissed"
    assert bay.vehicle()["digital_twin_flags"] == []
    assert only(bay)["history"][-1]["reason"] == "that was the car beside it"


def test_a_corrected_flag_is_what_the_person_says(bay: Bay) -> None:
    bay.film("m1", "Rotors are metal on metal.")
    assert say(bay, "confirm").status == 422  # nobody said where
    answer = say(bay, "correct", {"zone": "front_right"})
    assert (answer.json()["zone"], answer.json()["state"]) == ("front_right", "open")
    assert bay.vehicle()["digital_twin_flags"][0]["area"] == "Brake rotor, front right"


@pytest.mark.parametrize(
    "body", [{}, {"zone": "roof"}, {"component": "flux_capacitor"}, {"severity": "purple"}, {"zone": "moon"}]
)
def test_a_correction_must_fit_the_catalogue(bay: Bay, body: dict[str, Any]) -> None:
    bay.film("m1", "Metal on metal rotors, front left.")
    before = only(bay)
    assert say(bay, "correct", body).status == 422
    assert only(bay) == before


def test_a_correction_onto_another_flag_is_refused(bay: Bay) -> None:
    bay.film("m1", "Front left rotor is scored. Front right rotor is scored.")
    flag = bay.flags()["brake_rotor", "front_left"]
    answer = bay.product.call(
        "POST", f"/api/flags/{flag['flag_id']}/correct", json={"zone": "front_right"}, persona="ceo"
    )
    assert answer.status == 409 and "flagged already" in answer.json()["detail"]


def test_a_flag_that_changed_since_it_was_seen_is_not_decided(bay: Bay) -> None:
    bay.film("m1", "The front left rotor might be scored.")
    seen = only(bay)["updated_at"].isoformat()
    bay.film("m2", "The front left rotor might be metal on metal.")
    assert say(bay, "confirm", {"updated_at": seen}).status == 409
    assert say(bay, "confirm", {"updated_at": only(bay)["updated_at"].isoformat()}).status == 200


def test_what_was_repaired_is_over(bay: Bay) -> None:
    bay.film("m1", "Metal on metal rotors, front left.")
    assert say(bay, "repaired", persona="mechanic").json()["state"] == "repaired"
    assert bay.vehicle()["digital_twin_flags"] == []


def test_a_person_adds_what_nobody_recognised(bay: Bay) -> None:
    body = {"component": "tire", "zone": "rear_left", "severity": "red", "summary": "cord shows inside"}
    target = f"/api/twins/{ACCORD}/flags"
    answer = bay.product.call("POST", target, json=body, persona="mechanic")
    assert (answer.status, answer.json()["state"], answer.json()["model_version"]) == (200, "open", "person")
    assert bay.asked() == [("safety_flag", True)]
    assert bay.product.call("POST", target, json=body, persona="mechanic").status == 409
    assert bay.product.call("POST", target, json={**body, "zone": None}, persona="mechanic").status == 422
    nobodys = "/api/twins/1HGCM82633A004353/flags"  # its check digit does not hold
    assert bay.product.call("POST", nobodys, json=body, persona="mechanic").status == 422


def test_a_vehicle_is_shown_with_its_flags_worst_first_and_compared(bay: Bay) -> None:
    bay.film("in", "Wipers are good. The rear bumper has a dent.", stage="check_in")
    bay.film("out", "The rear bumper has a dent. Front left tire has a nail in it.", stage="check_out")
    shown = bay.product.call("GET", f"/api/twins/{ACCORD}", persona="sales").json()
    assert [flag["component"] for flag in shown["flags"]] == ["tire", "bumper", "wiper"]
    compared = bay.product.call("GET", f"/api/twins/{ACCORD}/comparison", persona="sales").json()
    assert (compared["compared_with"], compared["check_outs"]) == (["in"], ["out"])
    assert (len(compared["pre_existing"]), len(compared["new"])) == (1, 1)


@pytest.mark.parametrize(
    ("persona", "status"), [("driver", 403), ("sales", 403), ("", 401), ("mechanic", 200)]
)
def test_drivers_and_sales_decide_nothing(bay: Bay, persona: str, status: int) -> None:
    bay.film("m1", "The front left rotor might be scored.")
    assert say(bay, "confirm", persona=persona).status == status


def test_another_dealerships_flags_are_not_there(bay: Bay) -> None:
    bay.film("m1", "Metal on metal rotors, front left.")
    target = f"/api/flags/{only(bay)['flag_id']}/dismiss"
    answer = bay.product.call("POST", target, json={"reason": "x"}, persona="ceo", tenant="northside")
    assert answer.status == 404 and only(bay)["state"] == "open"
    assert (
        bay.product.call("GET", f"/api/twins/{ACCORD}", persona="ceo", tenant="northside").json()["flags"]
        == []
    )


def test_danger_is_told_to_whoever_answers_for_the_vehicle_by_its_order(bay: Bay) -> None:
    documents = bay.product.tenant().documents
    held = {**bay.vehicle(), "open_repair_order_number": "RO-7", "assigned_staff_id": "jerry"}
    documents.commit([Write(f"vehicles/{ACCORD}", held)])
    flag = {"component": "brake_rotor", "zone": "front_left", "severity": "red", "summary": "metal on metal"}
    answer = bay.product.call("POST", f"/api/twins/{ACCORD}/flags", json=flag, persona="mechanic")
    assert answer.status == 200, answer.text
    told = bay.told("attention-requested")[-1]
    assert told["staff_ids"] == ["jerry"]
    assert told["summary"].startswith("Unsafe: 2003 Honda Accord (RO-7): Brake rotor, front left")
