"""An alert that did not arrive makes its matter climb; a message about messages does not go by them."""

from __future__ import annotations

from typing import Any

from tests.functions.attention_rig import Desk

URGENT: dict[str, Any] = {"urgency": "critical", "kind": "trip_problem", "roles": ("advisor",)}


def failed(desk: Desk, text: dict[str, Any], cause: str = "failed") -> None:
    path = f"texts/{text['text_id']}"
    asked = {"kind": "delivery_failed", "subject": path, "detail": path, "group": path}
    assert desk.request(cause, **asked, urgency="critical", roles=("operator",)).status == 200


def test_an_alert_that_did_not_arrive_climbs_at_the_next_tick(desk: Desk) -> None:
    desk.hire("ann", "advisor")
    desk.hire("bob", "advisor")
    desk.request(**URGENT)
    failed(desk, desk.texts()[0])
    assert len(desk.items()) == 1, "no second matter about the first one's text"
    assert ("sms", "nobody", "not_delivered") in desk.decisions()
    assert desk.item().level == 1 and desk.texted() == ["ann", "bob"]


def test_who_cannot_be_reached_is_not_texted_about_it_again(desk: Desk) -> None:
    desk.hire("ann", "advisor")
    desk.request(**URGENT)
    failed(desk, desk.texts()[0])
    desk.wait(hours=8)
    assert desk.texted() == ["ann"]
    assert desk.item().state == "open" and desk.item().digest_at


def test_the_failure_told_twice_climbs_once(desk: Desk) -> None:
    for name, role in (("ann", "advisor"), ("bob", "advisor"), ("olga", "operator")):
        desk.hire(name, role)
    desk.request(**URGENT)
    first = desk.texts()[0]
    failed(desk, first, "one")
    failed(desk, first, "two")
    assert desk.texted() == ["ann", "bob"]


def test_a_failure_after_somebody_took_it_changes_nothing(desk: Desk) -> None:
    desk.hire("ann", "advisor")
    desk.hire("bob", "advisor")
    desk.request(**URGENT)
    desk.call("POST", f"/api/attention/{desk.item().item_id}/acknowledge", json={})
    before = desk.item()
    failed(desk, desk.texts()[0])
    assert desk.item() == before


def text_of(desk: Desk, **fields: Any) -> dict[str, Any]:
    text = {"text_id": "t1", "key": "answer:s1:1", "purpose": "staff_message", "staff_id": "olga", **fields}
    desk._put("texts/t1", {**text, "requested_at": desk.clock.time})
    return text


def test_a_forwarded_message_that_did_not_reach_somebody_is_told_to_others(desk: Desk) -> None:
    desk.hire("olga", "operator")
    desk.hire("otto", "operator")
    failed(desk, text_of(desk))
    assert [text["staff_id"] for text in desk.texts() if text["key"].startswith("attention:")] == ["otto"]


def test_a_customers_text_that_failed_is_a_matter_like_any_other(desk: Desk) -> None:
    desk.hire("olga", "operator")
    failed(desk, text_of(desk, purpose="service", staff_id=""))
    assert [text["staff_id"] for text in desk.texts() if text["key"].startswith("attention:")] == ["olga"]


def test_an_alert_nobody_knows_the_end_of_is_not_told_by_text(desk: Desk) -> None:
    desk.hire("olga", "operator")
    text_of(desk, purpose="staff_alert", key="attention-digest:olga:2026-11-20")
    asked: dict[str, Any] = {"kind": "effect_unknown", "urgency": "critical", "roles": ("operator",)}
    desk.request("unknown", subject="effects/sms:t1", **asked)
    assert desk.item().avoids == ["sms"] and len(desk.texts()) == 1
    assert desk.call("GET", "/api/attention").json()["total"] == 1
