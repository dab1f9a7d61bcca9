"""What changes after a quote was sent: findings, prices, time."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from tests.functions.quotes.desk import PRICES, ROTOR, VIN, Desk, flag

LOCK = timedelta(days=8)


def dearer(desk: Desk, parts: str) -> None:
    desk.records("price_items", {**PRICES[0], "parts_usd": parts})


def worse(desk: Desk) -> None:
    desk.flag({**desk.stored("twin_flags/f2"), "severity": "red"})


def test_a_changed_flag_makes_a_new_version_on_the_same_link_and_a_new_text(desk: Desk) -> None:
    first = desk.quote()
    desk.arrived()
    worse(desk)
    second = desk.quote()
    assert (second["version"], second["changed"], second["uuid"]) == (2, "work", first["uuid"])
    assert "2003 Honda Accord changed, please look again: 2 repairs" in desk.texts("service")[-1]["body"]
    assert len(desk.texts("service")) == 2
    kept = desk.stored(f"quotes/{first['quote_id']}/versions/0001")
    assert [line["severity"] for line in kept["lines"]] == ["red", "yellow"], "each version stays as it was"


@pytest.mark.parametrize("state", ["requested", "deferred", "refused", "undelivered"])
def test_to_a_customer_whom_no_version_reached_nothing_changed(desk: Desk, state: str) -> None:
    desk.quote()
    text = desk.texts("service")[0]
    desk.put((f"texts/{text['text_id']}", {**text, "state": state}))
    worse(desk)
    desk.quote()
    assert len(desk.texts("service")) == 2
    assert "your quote for the 2003 Honda Accord: 2 repairs" in desk.texts("service")[-1]["body"]


def test_a_changed_price_makes_a_new_version(desk: Desk) -> None:
    desk.quote()
    dearer(desk, "320.00")
    second = desk.quote()
    assert (second["version"], second["changed"]) == (2, "prices")


def test_a_flag_that_left_the_quote_is_open_again(desk: Desk) -> None:
    desk.quote()
    desk.flag({**desk.stored("twin_flags/f1"), "state": "dismissed"})
    assert desk.quote()["lines"] == 1 and desk.state_of("f1") == "dismissed"


def test_when_nothing_is_left_the_quote_is_withdrawn(desk: Desk) -> None:
    first = desk.quote()
    desk.flag(*({**desk.stored(f"twin_flags/{one}"), "state": "repaired"} for one in ("f1", "f2")))
    assert desk.quote()["state"] == "withdrawn"
    assert desk.page(first["uuid"]).status == 410


def test_approving_an_old_version_is_refused_with_the_new_one(desk: Desk) -> None:
    made = desk.quote()
    code = desk.code(made["uuid"])
    decision = desk.decision(made["uuid"], code)
    worse(desk)
    desk.quote()
    refused = desk.send(made["uuid"], decision)
    assert (refused.status, refused.json()["version"]) == (409, 2), refused.text
    assert desk.state_of("f1") == "quoted" and desk.every("receipts") == []
    assert desk.send(made["uuid"], desk.decision(made["uuid"], code, 2)).status == 200, (
        "the code is still good"
    )


@pytest.mark.parametrize("change", ["worse", "moved", "dismissed", "gone to review"])
def test_a_flag_that_changed_since_is_found_out_when_the_customer_signs(desk: Desk, change: str) -> None:
    made = desk.quote()
    decision = desk.decision(made["uuid"], desk.code(made["uuid"]))
    changes: dict[str, dict[str, Any]] = {
        "worse": {"severity": "red"},
        "moved": {"zone": "rear"},
        "dismissed": {"state": "dismissed"},
        "gone to review": {"state": "needs_review"},
    }
    desk.flag({**desk.stored("twin_flags/f2"), **changes[change]})
    refused = desk.send(made["uuid"], decision)
    assert (refused.status, refused.json()["version"]) == (409, 2), refused.text
    assert "found on the vehicle changed" in refused.text and len(desk.texts("service")) == 2
    assert desk.every("receipts") == []


def test_within_the_lock_the_quoted_price_holds_whatever_the_list_says(desk: Desk) -> None:
    made = desk.quote()
    dearer(desk, "900.00")
    assert desk.decide(made["uuid"])["total_usd"] == made["total_usd"]


def test_after_the_lock_a_total_within_tolerance_is_signed_as_quoted(desk: Desk) -> None:
    made = desk.quote()
    desk.later(made["quote_id"], locked_until=LOCK)
    dearer(desk, "330.00")
    assert desk.decide(made["uuid"])["total_usd"] == made["total_usd"]


def test_after_the_lock_a_total_beyond_tolerance_asks_again(desk: Desk) -> None:
    made = desk.quote()
    desk.later(made["quote_id"], locked_until=LOCK)
    dearer(desk, "400.00")
    refused = desk.send(made["uuid"], desk.decision(made["uuid"], desk.code(made["uuid"])))
    assert (refused.status, refused.json()["version"]) == (409, 2), refused.text
    assert "price lock has ended" in refused.text and refused.json()["total_usd"] != made["total_usd"]
    assert len(desk.texts("service")) == 2 and desk.every("receipts") == []


def test_after_the_lock_only_what_is_approved_counts(desk: Desk) -> None:
    made = desk.quote()
    desk.later(made["quote_id"], locked_until=LOCK)
    dearer(desk, "900.00")
    assert desk.decide(made["uuid"], brake_pads_rotors="defer")["approved"] == 1


def test_a_signed_price_that_moved_within_tolerance_stands(desk: Desk) -> None:
    made = desk.quote()
    desk.decide(made["uuid"])
    dearer(desk, "330.00")
    again = desk.ask_quote()
    assert (again.status, again.json()["stands"], again.json()["version"]) == (200, True, 1)
    assert desk.state_of("f1") == "approved"


def test_a_signed_price_that_moved_too_far_is_asked_again_and_the_first_receipt_stays(desk: Desk) -> None:
    made = desk.quote()
    first = desk.decide(made["uuid"])
    dearer(desk, "500.00")
    again = desk.quote()
    assert (again["version"], again["state"], again["uuid"]) == (2, "open", made["uuid"])
    assert desk.state_of("f1") == "quoted"
    desk.rested(made["quote_id"])
    second = desk.decide(made["uuid"], version=2)
    assert (first["receipt_sequence"], second["receipt_sequence"]) == (1, 2)
    for version, decided in ((1, first), (2, second)):
        receipt = desk.page(made["uuid"], f"/receipt?version={version}").json()
        assert receipt["hash"] == decided["receipt_hash"]


def test_what_is_found_after_signing_is_asked_for_alone(desk: Desk) -> None:
    made = desk.quote()
    desk.decide(made["uuid"])
    desk.flag(flag("f3", "tire", "rear_left"))
    again = desk.quote()
    assert (again["version"], again["lines"], again["uuid"]) == (2, 1, made["uuid"])
    assert desk.shown(made["uuid"])["lines"][0]["line_id"] == "tire_replace:rear_left"
    assert desk.state_of("f1") == "approved"


def test_what_was_put_off_is_offered_again_and_what_was_declined_only_when_asked(desk: Desk) -> None:
    made = desk.quote()
    desk.decide(made["uuid"], brake_pads_rotors="decline", wiper_blades="defer")
    assert desk.quote()["lines"] == 1
    assert desk.quote(vin=VIN, declined_too=True)["lines"] == 2
    assert desk.shown(made["uuid"])["lines"][0]["line_id"] == ROTOR


def test_an_expired_quote_opens_nothing_and_the_next_is_a_new_one(desk: Desk) -> None:
    made = desk.quote()
    code = desk.code(made["uuid"])
    decision = desk.decision(made["uuid"], code)
    desk.later(made["quote_id"], valid_until=timedelta(days=15))
    assert desk.page(made["uuid"]).status == desk.page(made["uuid"], "/otp", "POST").status == 410
    refused = desk.send(made["uuid"], decision)
    assert refused.status == 410 and "expired" in refused.text and desk.state_of("f1") == "quoted"
    again = desk.quote()
    assert again["quote_id"] != made["quote_id"] and again["version"] == 1


def test_an_order_written_up_later_takes_the_quote_over(desk: Desk) -> None:
    first = desk.quote()
    order = desk.stored("repair_orders/RO-1")
    desk.put(("repair_orders/RO-1", {**order, "status": "cancelled"}))
    later = {name: order[name] for name in ("vin", "customer_name", "customer_phone")}
    desk.records("repair_orders", {**later, "ro_number": "RO-2", "opened_at": "2026-11-20T11:00:00Z"})
    again = desk.quote(repair_order="RO-2")
    assert (again["uuid"], again["version"], again["changed"]) == (first["uuid"], 1, "none")
    assert desk.shown(first["uuid"])["repair_order"] == "RO-2" and len(desk.texts("service")) == 1


def test_a_code_that_was_used_signs_no_later_version(desk: Desk) -> None:
    made = desk.quote()
    code = desk.code(made["uuid"])
    assert desk.send(made["uuid"], desk.decision(made["uuid"], code)).status == 200
    dearer(desk, "500.00")
    assert desk.quote()["version"] == 2
    refused = desk.send(made["uuid"], desk.decision(made["uuid"], code, 2))
    assert refused.status == 403 and "no code is waiting" in refused.text


@pytest.mark.parametrize("what", ["new version", "withdrawn", "decided"])
def test_a_text_that_still_waits_does_not_tell_of_what_is_over(desk: Desk, what: str) -> None:
    made = desk.quote()
    [text] = desk.texts("service")
    assert text["state"] == "requested"
    if what == "new version":
        worse(desk)
        desk.quote()
    elif what == "withdrawn":
        desk.product.call("POST", f"/api/quotes/{made['quote_id']}/withdraw", persona="advisor")
    else:
        desk.decide(made["uuid"])
    states = {one["text_id"]: (one["state"], one["error_code"]) for one in desk.texts("service")}
    assert states.pop(text["text_id"]) == ("refused", "withdrawn")
    assert set(states.values()) <= {("requested", "")}
