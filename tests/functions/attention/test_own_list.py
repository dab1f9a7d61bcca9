"""Everybody sees what is open for them with the reasons, takes it, puts it off and settles it."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from tests.functions.attention_rig import Desk

URGENT: dict[str, Any] = {"urgency": "critical", "kind": "trip_problem", "roles": ("advisor",)}


def listed(desk: Desk, persona: str = "operator", query: str = "") -> list[dict[str, Any]]:
    answer = desk.call("GET", f"/api/attention{query}", persona)
    assert answer.status == 200, answer.text
    items: list[dict[str, Any]] = answer.json()["items"]
    return items


def act(desk: Desk, what: str, persona: str = "operator", **body: Any) -> dict[str, Any]:
    answer = desk.call("POST", f"/api/attention/{desk.item().item_id}/{what}", persona, json=body)
    assert answer.status == 200, answer.text
    shown: dict[str, Any] = answer.json()
    return shown


def test_the_list_has_the_most_urgent_first_by_their_urgency_now(desk: Desk) -> None:
    desk.request(
        "old",
        subject="s/1",
        kind="quote_decided",
        summary="Old",
        due_at=desk.clock.time + timedelta(hours=1),
    )
    desk.request("new", subject="s/2", kind="quote_decided", summary="New", value_usd=Decimal("300"))
    assert [one["summary"] for one in listed(desk, "advisor")] == ["New", "Old"]
    desk.clock.time += timedelta(hours=2)
    assert [one["summary"] for one in listed(desk, "advisor")] == ["Old", "New"]


def test_each_says_why_one_sees_it(desk: Desk) -> None:
    desk.hire("ann", "advisor", name="Ann Smith")
    desk.request(**URGENT, value_usd=Decimal("5000"))
    (shown,) = listed(desk, "advisor")
    assert shown["why"][0] == "It is for the role advisor, which is yours."
    assert shown["why"][1].startswith("Critical, 100 points: something is wrong with a trip (+45)")
    assert "$5,000.00 at stake (+10)" in shown["why"][1]
    assert "Level 1, Nov 20, 12:00: a text message to Ann Smith." in shown["why"]
    assert shown["why"][-1] == "Nobody took it yet; in 10 minutes it goes to another of those it is for."


def test_who_took_it_is_told_by_name(desk: Desk) -> None:
    desk.hire("operator", "operator", name="Charlotte Guerrero")
    desk.request()
    assert act(desk, "acknowledge")["why"][-1] == "Taken by Charlotte Guerrero; it climbs no further."


def test_who_answers_for_the_whole_house_sees_everything_on_request(desk: Desk) -> None:
    desk.request(**URGENT)
    assert listed(desk, "ceo") == []
    (shown,) = listed(desk, "ceo", "?everybody=true")
    assert shown["why"][0] == "You may see every matter of the dealership."
    refused = desk.call("GET", "/api/attention?everybody=true", "mechanic")
    assert refused.status == 403


def test_what_is_for_others_is_not_found(desk: Desk) -> None:
    desk.request(**URGENT)
    path = f"/api/attention/{desk.item().item_id}"
    assert desk.call("GET", path, "mechanic").status == 404
    assert desk.call("POST", f"{path}/resolve", "mechanic", json={}).status == 404
    assert desk.item().state == "open"


def test_what_is_named_by_a_person_is_theirs_whatever_their_role(desk: Desk) -> None:
    desk.request(kind="scribe_review", staff_ids=("mechanic",))
    (shown,) = listed(desk, "mechanic")
    assert shown["why"][0] == "It was brought to you by name."


def test_taking_it_twice_changes_nothing_the_second_time(desk: Desk) -> None:
    desk.request()
    first = act(desk, "acknowledge", note="on it")
    desk.clock.time += timedelta(minutes=5)
    second = act(desk, "acknowledge", note="again")
    assert (first["taken_by"], first["note"], first["state"]) == ("operator", "on it", "acknowledged")
    assert (second["taken_at"], second["note"]) == (first["taken_at"], "on it")
    assert len(desk.ledger("attention.acknowledged")) == 1


def test_what_was_settled_leaves_the_list_and_a_new_request_brings_it_back(desk: Desk) -> None:
    desk.hire("operator", "operator")
    desk.request("first", urgency="critical")
    act(desk, "resolve")
    assert listed(desk) == [] and len(listed(desk, query="?state=resolved")) == 1
    desk.request("second", urgency="critical")
    (shown,) = listed(desk)
    assert (shown["state"], shown["count"], desk.item().round) == ("open", 1, 2)
    assert len(desk.texts()) == 2, "it came up again, so it is told again"


def test_the_history_has_every_decision_and_every_request(desk: Desk) -> None:
    desk.hire("ann", "advisor")
    desk.request("one", **URGENT)
    desk.request("two", **URGENT)
    shown = desk.call("GET", f"/api/attention/{desk.item().item_id}", "advisor").json()
    assert {one["way"] for one in shown["decisions"]} == {"sms", "plate", "slack"}
    assert len(shown["requests"]) == 2
    parts = {part["name"]: part["points"] for part in shown["decisions"][0]["parts"]}
    assert parts == {"kind": 45, "asked": 45}


@pytest.mark.parametrize(
    ("body", "word"),
    [
        ({}, "minutes"),
        ({"minutes": 0}, "minutes"),
        ({"minutes": 20_000}, "minutes"),
        ({"minutes": "soon"}, "minutes"),
        ({"minutes": 5, "note": "x" * 501}, "note"),
    ],
)
def test_putting_it_off_oddly_is_refused_naming_the_field(
    desk: Desk, body: dict[str, Any], word: str
) -> None:
    desk.request()
    answer = desk.call("POST", f"/api/attention/{desk.item().item_id}/snooze", json=body)
    assert answer.status == 422 and word in answer.text
    assert desk.item().state == "open"


def test_what_is_unsafe_is_put_off_by_an_hour_at_most(desk: Desk) -> None:
    desk.request(safety=True)
    path = f"/api/attention/{desk.item().item_id}/snooze"
    refused = desk.call("POST", path, json={"minutes": 61})
    assert refused.status == 422 and "[1] hours" in refused.text
    assert desk.call("POST", path, json={"minutes": 60}).status == 200


def test_a_settled_matter_cannot_be_put_off(desk: Desk) -> None:
    desk.request()
    act(desk, "resolve")
    answer = desk.call("POST", f"/api/attention/{desk.item().item_id}/snooze", json={"minutes": 5})
    assert answer.status == 422 and "settled already" in answer.text


def test_a_matter_nobody_knows_is_not_found(desk: Desk) -> None:
    assert desk.call("POST", "/api/attention/nothing/acknowledge", json={}).status == 404


def test_who_is_not_signed_in_sees_nothing(desk: Desk) -> None:
    assert desk.harness.call("GET", "/api/attention").status == 401
    assert desk.harness.call("GET", "/api/attention", api_key=True).status == 401


def test_preferences_are_the_houses_until_one_says_otherwise(desk: Desk) -> None:
    path = "/api/attention/me/preferences"
    house = desk.call("GET", path).json()
    assert house == {
        "quiet_start": "21:00",
        "quiet_end": "07:00",
        "texts_per_day": 8,
        "texts_today": 0,
        "own": [],
    }
    own = desk.call("PUT", path, json={"quiet_start": "19:00", "quiet_end": "06:30"}).json()
    assert (own["quiet_start"], own["texts_per_day"], own["own"]) == (
        "19:00",
        8,
        ["quiet_end", "quiet_start"],
    )
    assert desk.call("GET", path, "ceo").json() == house, "one's own alone"
    assert desk.call("PUT", path, json={}).json() == house


@pytest.mark.parametrize(
    "body",
    [
        {"quiet_start": "19:00"},
        {"quiet_start": "25:00", "quiet_end": "06:00"},
        {"quiet_start": "7", "quiet_end": "06:00"},
        {"texts_per_day": -1},
        {"texts_per_day": 101},
    ],
)
def test_odd_preferences_are_refused(desk: Desk, body: dict[str, Any]) -> None:
    assert desk.call("PUT", "/api/attention/me/preferences", json=body).status == 422


def test_no_more_than_asked_for_are_listed_and_it_says_so(desk: Desk) -> None:
    for number in range(4):
        desk.request(f"cause-{number}", subject=f"sessions/s{number}")
    answer = desk.call("GET", "/api/attention?limit=3").json()
    assert (len(answer["items"]), answer["total"], answer["truncated"]) == (3, 4, True)
    assert desk.call("GET", "/api/attention?limit=0").status == 422
