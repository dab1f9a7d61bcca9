"""A trip is planned, followed, paused, shared anew and over; every act may come twice."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest

from shared.domain.trip.trip import LATE_ROWS
from tests.functions.logistics.conftest import HOME, LOT, NOON, PHONE, Road


def texts_of(road: Road, trip_id: str) -> list[dict[str, Any]]:
    return [text for text in road.stored("texts") if text["key"].startswith(f"trip:{trip_id}:")]


def test_the_start_texts_the_customer_the_link_once(road: Road) -> None:
    trip = road.plan(start=False)
    assert trip["status"] == "planned" and not texts_of(road, trip["trip_id"])
    assert trip["text_state"] == ""
    started = road.done(trip["trip_id"], "start")
    assert road.done(trip["trip_id"], "start") == started
    [text] = texts_of(road, trip["trip_id"])
    assert (text["to"], text["purpose"]) == (PHONE, "service")
    assert started["text_state"] == text["state"], "asked for is not yet texted"
    assert started["url"] in text["body"] and "/track/" in started["url"]
    assert [e["kind"] for e in road.told("trip-started", trip["trip_id"])] == ["delivery"]


def test_the_same_plan_again_is_the_same_trip_and_another_is_refused(road: Road) -> None:
    trip = road.plan()
    again = road.harness.call(
        "POST",
        "/api/logistics/trips",
        json={
            "Rows": [{"Trip ID": trip["trip_id"], "Customer Phone": "(312) 555-0142", "Destination": HOME}]
        },
        api_key=True,
    )
    assert (again.status, again.json()) == (200, trip)
    other = {"trip_id": trip["trip_id"], "phone": "312-555-0143", "destination": HOME}
    refused = road.harness.call("POST", "/api/logistics/trips", json=other, api_key=True)
    assert refused.status == 409 and "phone" in refused.text


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"destination": "0, 0"}, "destination"),
        ({"destination": "somewhere"}, "destination"),
        ({"phone": "12"}, "phone"),
        ({"vin": "1HGCM82633A004353"}, "vin"),
        ({"trip_id": "a/b"}, "trip_id"),
        ({"repair_order": "RO-none"}, "repair_order"),
        ({"person_id": "nobody"}, "person_id"),
        ({"driver_staff_id": "../S"}, "driver_staff_id"),
        ({"kind": "flight"}, "kind"),
    ],
)
def test_a_wrong_plan_names_the_field(road: Road, changes: dict[str, Any], field: str) -> None:
    response = road.harness.call("POST", "/api/logistics/trips", json=changes, api_key=True)
    assert response.status == 422 and field in response.text


def test_the_customer_and_the_vehicle_of_a_repair_order_are_the_trip_s(road: Road) -> None:
    order = {
        "ro_number": "RO-77",
        "vin": "1HGCM82633A004352",
        "opened_at": "2026-11-19T15:00:00Z",
        "customer_name": "Ann Example",
        "customer_phone": "312-555-0177",
    }
    assert road.harness.call("POST", "/api/records/repair_orders", json=[order], api_key=True).status == 200
    trip = road.plan(phone="", repair_order="RO-77")
    assert trip["vin"] == "1HGCM82633A004352"
    [text] = texts_of(road, trip["trip_id"])
    assert text["to"] == "+13125550177"


def test_a_trip_without_a_number_has_a_link_and_no_text(road: Road) -> None:
    trip = road.plan(phone="")
    assert trip["url"] and not trip["is_texted"] and not texts_of(road, trip["trip_id"])


def test_a_pause_hides_the_position_and_nothing_of_it_is_kept(road: Road) -> None:
    trip = road.plan()
    road.drive(trip["trip_id"], [LOT])
    road.done(trip["trip_id"], "pause")
    assert road.done(trip["trip_id"], "pause")["state"] == "paused"
    seen = road.seen(trip["url"])
    assert (seen["state"], seen["position"], seen["eta"]) == ("paused", None, None)
    in_pause = road.clock.goes(minutes=5)
    assert road.sent(road.row(trip["trip_id"], "41.85, -87.65"))["outside"] == 1
    road.clock.goes(minutes=5)
    road.done(trip["trip_id"], "resume")
    assert road.sent(road.row(trip["trip_id"], "41.85, -87.65", at=in_pause))["outside"] == 1
    seen = road.seen(trip["url"])
    assert (seen["state"], seen["position"]["latitude"]) == ("moving", 41.8)
    assert seen["position"]["is_stale"] and seen["position"]["age_seconds"] >= 600


def test_a_trip_ends_by_itself_once_the_vehicle_stands_at_its_destination(road: Road) -> None:
    trip = road.plan()
    road.drive(trip["trip_id"], [LOT, "41.85, -87.65", HOME], seconds=300)
    assert road.trip(trip["trip_id"]).status == "active"
    road.drive(trip["trip_id"], [HOME], seconds=95)
    ended = road.trip(trip["trip_id"])
    assert (ended.status, ended.ended_by) == ("ended", "arrived")
    assert [e["ended_by"] for e in road.told("trip-ended", trip["trip_id"])] == ["arrived"]
    seen = road.seen(trip["url"])
    assert (seen["state"], seen["position"], seen["poll_after_seconds"]) == ("arrived", None, None)


def test_a_red_light_before_the_destination_is_no_arrival(road: Road) -> None:
    trip = road.plan()
    road.drive(trip["trip_id"], [LOT, HOME, "41.905, -87.65", LOT], seconds=300)
    assert road.trip(trip["trip_id"]).status == "active"


@pytest.mark.parametrize(("act", "state"), [("arrive", "arrived"), ("stop", "ended")])
def test_a_trip_is_ended_by_hand_once(road: Road, act: str, state: str) -> None:
    trip = road.plan()
    road.drive(trip["trip_id"], [LOT])
    first = road.done(trip["trip_id"], act)
    road.clock.goes(minutes=3)
    assert road.done(trip["trip_id"], act) == first
    assert road.seen(trip["url"])["state"] == state
    assert len(road.told("trip-ended", trip["trip_id"])) == 1
    for after in ("start", "pause", "resume", "share"):
        assert road.act(trip["trip_id"], after).status == 409


def test_a_trip_that_has_not_started_cannot_be_paused_or_stopped(road: Road) -> None:
    trip = road.plan(start=False)
    for act in ("pause", "resume", "stop", "arrive"):
        response = road.act(trip["trip_id"], act)
        assert response.status == 409 and "start it first" in response.text
    assert road.act("no-such-trip", "start").status == 404


def test_a_new_link_opens_the_trip_and_the_old_one_nothing(road: Road) -> None:
    trip = road.plan()
    road.drive(trip["trip_id"], [LOT])
    shared = road.done(trip["trip_id"], "share")
    assert shared["url"] != trip["url"]
    assert road.look(trip["url"]).status == 410
    assert road.seen(shared["url"])["position"]
    assert len(texts_of(road, trip["trip_id"])) == 2


def test_a_withdrawn_link_opens_nothing_until_the_trip_is_shared_again(road: Road) -> None:
    trip = road.plan()
    assert road.done(trip["trip_id"], "revoke")["url"] == ""
    road.done(trip["trip_id"], "revoke")
    answer = road.look(trip["url"])
    assert answer.status == 410 and "withdrawn" in answer.text
    assert answer.json()["errors"] == [{"field": "link", "message": "revoked"}]
    assert road.seen(road.done(trip["trip_id"], "share")["url"])["state"] == "waiting"


def test_a_link_ends_a_day_after_the_trip(road: Road) -> None:
    trip = road.plan()
    road.done(trip["trip_id"], "stop")
    road.clock.goes(hours=23)
    assert road.seen(trip["url"])["state"] == "ended"
    road.clock.goes(hours=2)
    assert road.look(trip["url"]).status == 410


@pytest.mark.parametrize("link", ["9b2f8c1e-0000-8000-8000-000000000000", "t1"])
def test_a_link_nobody_made_opens_nothing(road: Road, link: str) -> None:
    assert road.look(f"/{link}").status == 404


def test_a_driver_is_on_one_trip_at_a_time(road: Road) -> None:
    staff = {"staff_id": "S-9", "name": "Dee Driver", "role": "driver"}
    road.harness.call("POST", "/api/records/staff", json=[staff], api_key=True)
    first, second = road.plan(driver_staff_id="S-9"), road.plan(driver_staff_id="S-9", start=False)
    busy = road.act(second["trip_id"], "start")
    assert busy.status == 409 and first["trip_id"] in busy.text
    road.done(first["trip_id"], "stop")
    assert road.done(second["trip_id"], "start")["status"] == "active"


def test_a_mechanic_neither_sees_nor_moves_trips(road: Road) -> None:
    trip_id = road.plan()["trip_id"]
    assert road.act(trip_id, "stop", persona="mechanic").status == 403
    assert road.harness.call("GET", "/api/logistics/trips", persona="mechanic").status == 403
    assert road.act(trip_id, "stop", persona="driver", tenant="northside").status == 404


def test_staff_see_the_trips_under_way_with_position_and_eta(road: Road) -> None:
    trip = road.plan()
    road.drive(trip["trip_id"], [LOT])
    listed = road.harness.call("GET", "/api/logistics/trips", persona="advisor").json()["trips"]
    [one] = [found for found in listed if found["trip_id"] == trip["trip_id"]]
    assert one["position"]["latitude"] == 41.8 and one["eta"]["minutes"] > 10
    shown = road.harness.call("GET", f"/api/logistics/trips/{trip['trip_id']}", persona="advisor")
    assert shown.json() == one


def test_rows_a_phone_could_not_send_earlier_show_the_earlier_arrival(road: Road) -> None:
    trip = road.plan()
    road.drive(trip["trip_id"], [LOT])
    there = road.clock.goes(minutes=20)
    road.clock.goes(minutes=10)
    road.sent(road.row(trip["trip_id"], HOME))
    road.clock.goes(minutes=2)
    road.sent(road.row(trip["trip_id"], HOME))
    assert road.trip(trip["trip_id"]).ended_at == NOON + timedelta(minutes=32, seconds=9, milliseconds=999)
    late = road.sent(*(road.row(trip["trip_id"], HOME, at=there + timedelta(minutes=m)) for m in (0, 2)))
    assert late["kept"] == 2
    assert road.trip(trip["trip_id"]).ended_at == there + timedelta(minutes=2, seconds=4, milliseconds=999)
    assert len(road.told("trip-ended", trip["trip_id"])) == 1
    road.clock.goes(seconds=LATE_ROWS.total_seconds())
    assert road.sent(road.row(trip["trip_id"], HOME, at=there))["outside"] == 1


def test_many_that_start_it_at_once_start_it_once(road: Road) -> None:
    trip = road.plan(start=False)
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: road.act(trip["trip_id"], "start").status, range(16)))
    assert set(answers) == {200}
    assert len(texts_of(road, trip["trip_id"])) == len(road.told("trip-started", trip["trip_id"])) == 1


def states_of(road: Road, trip_id: str) -> list[str]:
    return [text["state"] for text in sorted(texts_of(road, trip_id), key=lambda text: str(text["key"]))]


@pytest.mark.parametrize("act", ["stop", "revoke"])
def test_a_text_that_waits_for_the_morning_does_not_tell_of_what_is_over(road: Road, act: str) -> None:
    trip = road.plan()
    assert states_of(road, trip["trip_id"]) == ["requested"]
    road.done(trip["trip_id"], act)
    assert states_of(road, trip["trip_id"]) == ["refused"]


def test_of_two_links_only_the_newer_one_s_text_still_goes_out(road: Road) -> None:
    trip = road.plan()
    road.done(trip["trip_id"], "share")
    assert states_of(road, trip["trip_id"]) == ["refused", "requested"]
