"""What nobody takes climbs, what was put off comes back, and each person gets one digest a day."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from tests.functions.attention_rig import NOON, Desk

URGENT: dict[str, Any] = {"urgency": "critical", "kind": "trip_problem", "roles": ("advisor",)}


def test_what_nobody_takes_goes_up_the_ladder_with_one_text_a_level(desk: Desk) -> None:
    for name, role in (("ann", "advisor"), ("bob", "advisor"), ("olga", "operator"), ("carl", "ceo")):
        desk.hire(name, role)
    desk.request(**URGENT)
    desk.wait(minutes=9)
    assert desk.texted() == ["ann"]
    desk.wait(hours=6)
    assert desk.texted() == ["ann", "bob", "olga", "carl"]
    levels = [int(text["key"].rsplit(":", 1)[1]) for text in desk.texts()]
    assert levels == [0, 1, 2, 3]
    assert len(desk.posts()) == 4
    assert [text["body"].startswith("[Critical] Nobody took it yet: ") for text in desk.texts()] == [
        False,
        *[True] * 3,
    ]


def test_who_alone_is_meant_is_not_texted_the_same_again_but_the_next_rung_is(desk: Desk) -> None:
    for name, role in (("ann", "advisor"), ("olga", "operator")):
        desk.hire(name, role)
    desk.request(**URGENT)
    desk.wait(minutes=12)
    assert desk.texted() == ["ann", "olga"]


def test_the_page_that_decides_by_itself_goes_to_those_alone_whom_the_matter_was_meant_for(
    desk: Desk,
) -> None:
    """Calling a figure expected is the CEO's right, which no link gives an operator who hears of it later."""
    for name, role in (("carl", "ceo"), ("olga", "operator")):
        desk.hire(name, role)
    desk._put("anomalies/a1", {"link_uuid": "0a1b", "alert_text": "Transport cost $5,000.00"})
    asked: dict[str, Any] = {"kind": "anomaly", "roles": ("ceo",), "urgency": "critical"}
    desk.request(**asked, detail="anomalies/a1", link="/anomalies/a1")
    desk.wait(hours=6)
    bodies = {text["staff_id"]: text["body"] for text in desk.texts()}
    assert bodies["carl"].endswith("/alert/0a1b")
    assert bodies["olga"].endswith("/anomalies/a1") and "0a1b" not in bodies["olga"]


def test_what_somebody_took_climbs_no_further(desk: Desk) -> None:
    for name, role in (("ann", "advisor"), ("olga", "operator")):
        desk.hire(name, role)
    desk.request(**URGENT)
    taken = desk.call("POST", f"/api/attention/{desk.item().item_id}/acknowledge", json={})
    assert taken.json()["state"] == "acknowledged"
    desk.wait(hours=6)
    assert desk.texted() == ["ann"]


def test_what_lies_there_becomes_more_urgent_until_somebody_is_texted(desk: Desk) -> None:
    desk.hire("olga", "operator")
    desk.request(kind="handoff", roles=("operator",))
    assert desk.item().band == "normal" and desk.texts() == []
    desk.wait(minutes=14)
    assert desk.item().band == "high" and desk.texted() == ["olga"]


def test_a_promised_time_that_passes_makes_it_urgent(desk: Desk) -> None:
    desk.hire("olga", "operator")
    desk.request(kind="quote_decided", roles=("operator",), due_at=NOON + timedelta(hours=1))
    assert desk.texts() == []
    desk.wait(minutes=55)
    assert desk.texted() == ["olga"]


def test_a_text_held_over_night_goes_out_in_the_morning_once(night: Desk) -> None:
    night.hire("ann", "advisor")
    night.request(**URGENT)
    night.wait(hours=7, minutes=59)
    assert night.texts() == []
    night.wait(minutes=1)
    assert night.texted() == ["ann"]
    night.wait(minutes=9)
    assert night.texted() == ["ann"]


def test_what_was_taken_over_night_is_not_texted_in_the_morning(night: Desk) -> None:
    night.hire("ann", "advisor")
    night.request(**URGENT)
    night.call("POST", f"/api/attention/{night.item().item_id}/acknowledge", json={})
    night.wait(hours=8, minutes=30)
    assert [text["key"] for text in night.texts() if text["key"].startswith("attention:")] == []


def test_what_was_put_off_comes_back_and_is_told_again(desk: Desk) -> None:
    desk.hire("ann", "advisor")
    desk.request(**URGENT)
    path = f"/api/attention/{desk.item().item_id}/snooze"
    assert desk.call("POST", path, json={"minutes": 45}).status == 200
    desk.wait(minutes=44)
    assert desk.texted() == ["ann"]
    desk.wait(minutes=1)
    assert (desk.item().state, desk.item().round, desk.texted()) == ("open", 2, ["ann", "ann"])


def test_what_becomes_more_urgent_than_it_was_put_off_at_comes_back_at_once(desk: Desk) -> None:
    desk.hire("ann", "advisor")
    desk.request("one", roles=("advisor",), kind="quote_decided")
    desk.call("POST", f"/api/attention/{desk.item().item_id}/snooze", json={"minutes": 600})
    desk.request("same", roles=("advisor",), kind="quote_decided")
    assert desk.item().state == "snoozed" and desk.texts() == []
    desk.request("worse", roles=("advisor",), kind="quote_decided", safety=True)
    assert desk.item().state == "open" and desk.texted() == ["ann"]


def test_another_danger_brings_back_what_somebody_took(desk: Desk) -> None:
    desk.hire("ann", "advisor")
    unsafe: dict[str, Any] = {"kind": "safety_flag", "group": "vin:1", "roles": ("advisor",), "safety": True}
    desk.request("brakes", **unsafe)
    desk.call("POST", f"/api/attention/{desk.item().item_id}/acknowledge", json={})
    desk.request("tires", **unsafe)
    assert (desk.item().state, desk.item().round, desk.texted()) == ("open", 2, ["ann", "ann"])


def test_each_person_gets_one_digest_of_what_is_open(desk: Desk) -> None:
    desk.hire("carl", "ceo")
    desk.hire("cleo", "ceo")
    for number in range(5):
        desk.request(
            f"cause-{number}",
            subject=f"things/{number}",
            kind="quiet",
            summary=f"Thing {number}",
            urgency="low",
            roles=("ceo",),
        )
    desk.wait(hours=19, minutes=59)
    assert desk.texts() == []
    desk.wait(minutes=1)
    bodies = {text["staff_id"]: text["body"] for text in desk.texts()}
    assert set(bodies) == {"carl", "cleo"}
    assert bodies["carl"].startswith("5 matters are open: (1) Thing") and "(+2 more)" in bodies["carl"]
    desk.wait(minutes=30)
    assert len(desk.texts()) == 2
    desk.wait(hours=24)
    assert len(desk.texts()) == 4, "what is still open is in the next day's"


def test_being_told_is_the_end_of_what_says_so(desk: Desk) -> None:
    desk.hire("carl", "ceo")
    desk.request(kind="heartbeat", summary="All quiet", urgency="low", roles=("ceo",))
    desk.wait(hours=20)
    assert [text["body"].split(":")[0] for text in desk.texts()] == ["1 matter is open"]
    assert desk.item().state == "resolved" and len(desk.ledger("attention.ended")) == 1
    desk.wait(hours=48)
    assert len(desk.texts()) == 1


def test_a_sign_of_life_that_is_missing_is_not_settled_by_being_told(desk: Desk) -> None:
    desk.hire("olga", "operator")
    desk.request(kind="heartbeat", summary="The check did not run", urgency="high", roles=("operator",))
    desk.wait(hours=21)
    assert desk.item().state == "open"


def test_a_digest_waits_for_the_end_of_a_persons_own_quiet_hours(desk: Desk) -> None:
    desk.hire("carl", "ceo")
    desk._put("attention_preferences/carl", {"quiet_start": "20:00", "quiet_end": "09:30"})
    desk.request(kind="quiet", urgency="low", roles=("ceo",))
    desk.wait(hours=21, minutes=29)
    assert desk.texts() == []
    desk.wait(minutes=1)
    assert desk.texted() == ["carl"]


def test_a_tick_without_anything_due_changes_nothing(desk: Desk) -> None:
    desk.hire("ann", "advisor")
    desk.request(**URGENT)
    before = desk.item()
    assert desk.tick() == {"looked_at": 0, "digests": 0}
    assert desk.item() == before


def test_after_the_days_alerts_the_next_day_brings_what_was_held_back(desk: Desk) -> None:
    desk.hire("ann", "advisor")
    desk._put("attention_preferences/ann", {"texts_per_day": 0})
    desk.request(**URGENT)
    assert ("sms", "held", "budget") in desk.decisions()
    desk.wait(days=2)
    assert [one for one in desk.texts() if one["key"].startswith("attention:")] == []
    assert [one for one in desk.texts() if "digest" in one["key"]], "the list and the digest still have it"


@pytest.mark.parametrize("state", ["acknowledge", "resolve"])
def test_what_was_settled_is_left_alone_by_the_clock(desk: Desk, state: str) -> None:
    desk.hire("ann", "advisor")
    desk.request(**URGENT)
    desk.call("POST", f"/api/attention/{desk.item().item_id}/{state}", json={})
    before = desk.item()
    desk.clock.time += timedelta(hours=3)
    assert desk.tick()["looked_at"] == 0 and desk.item() == before


def test_who_took_it_is_reminded_once_a_day_and_nobody_else(desk: Desk) -> None:
    for name, role in (("ann", "advisor"), ("operator", "operator")):
        desk.hire(name, role)
    desk.request(roles=("advisor",), kind="quote_decided")
    desk.call("POST", f"/api/attention/{desk.item().item_id}/acknowledge", json={})
    desk.wait(hours=20)
    assert desk.texted() == ["operator"]


def test_what_somebody_took_who_does_not_work_here_any_more_reminds_nobody(desk: Desk) -> None:
    desk.hire("ann", "advisor")
    desk.request(roles=("advisor",), kind="quote_decided")
    desk.call("POST", f"/api/attention/{desk.item().item_id}/acknowledge", json={})
    desk.wait(hours=20)
    assert desk.texted() == []


def test_one_persons_used_up_alerts_do_not_keep_the_next_from_hearing_of_it(desk: Desk) -> None:
    for name, role in (("ann", "advisor"), ("olga", "operator")):
        desk.hire(name, role)
    desk._put("attention_preferences/ann", {"texts_per_day": 0})
    desk.request(**URGENT)
    desk.wait(minutes=20)
    assert desk.texted() == ["olga"]
