"""Whoever holds the link sees the vehicle while it drives, and nothing of anybody."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shared.domain.trip.live import history_collection, live_collection
from tests.functions.logistics.conftest import HOME, LOT, NOON, Road

DRIVER = {"staff_id": "S-SECRET", "name": "Zelda Zimmermann", "role": "driver", "phone": "312-555-0199"}
TRACES = ("zelda", "zimmermann", "s-secret", "5550199", "5550142", "41.9", "1hgcm", "row-secret", "r-77")
"""Driver, customer, their address, the vehicle, the app's keys: in lower case."""


def whole_trip(road: Road) -> dict[str, Any]:
    assert road.harness.call("POST", "/api/records/staff", json=[DRIVER], api_key=True).status == 200
    return road.plan(driver_staff_id="S-SECRET", vin="1HGCM82633A004352")


def test_the_public_answer_says_nothing_of_driver_customer_or_destination(road: Road) -> None:
    trip = whole_trip(road)
    answers = [road.look(trip["url"])]
    road.clock.goes(seconds=30)
    road.sent(road.row(trip["trip_id"], LOT, row_id="row-secret"))
    uuid = trip["url"].rsplit("/", 1)[1]
    answers += [road.look(trip["url"]), road.harness.call("GET", f"/track/{uuid}")]
    for act in ("pause", "resume", "arrive"):
        road.done(trip["trip_id"], act)
        answers.append(road.look(trip["url"]))
    for answer in answers:
        assert answer.status == 200
        assert not [trace for trace in TRACES if trace in answer.text.lower()], answer.text
        assert trip["trip_id"] not in json.dumps(list(answer.headers.values()))
    assert set(answers[1].json()) == {"state", "message", "position", "eta", "as_of", "poll_after_seconds"}


def test_the_page_needs_no_script_and_tells_nobody_where_it_was_opened(road: Road) -> None:
    trip = road.plan()
    road.drive(trip["trip_id"], [LOT])
    page = road.harness.call("GET", f"/track/{trip['url'].rsplit('/', 1)[1]}")
    headers = {name.lower(): value for name, value in page.headers.items()}
    assert headers["content-type"] == "text/html; charset=utf-8" and "<script" not in page.text
    assert (
        headers["referrer-policy"] == "no-referrer"
        and "default-src 'none'" in headers["content-security-policy"]
    )
    assert headers["cache-control"] == "no-store"


def test_neither_events_nor_the_ledger_hold_a_place_or_a_person(road: Road) -> None:
    trip = whole_trip(road)
    road.drive(trip["trip_id"], [LOT, HOME], seconds=600)
    road.drive(trip["trip_id"], [HOME], seconds=100)
    told = json.dumps(road.harness.events()).lower()
    assert trip["trip_id"] in told
    assert not [trace for trace in (*TRACES, "41.8", "-87.6") if trace in told]


MINUTES = st.lists(st.integers(-30, 90), min_size=1, max_size=12)


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(minutes=MINUTES)
def test_no_position_outside_the_trip_is_ever_kept_or_shown(road: Road, minutes: list[int]) -> None:
    """Driven from noon to one o'clock with a break from 12:20 to 12:30; the phone sends at half past one."""
    road.clock.at = NOON
    trip = road.plan(destination="")
    for minute, act in ((20, "pause"), (30, "resume"), (60, "stop")):
        road.clock.at = NOON + timedelta(minutes=minute)
        road.done(trip["trip_id"], act)
    road.clock.at = NOON + timedelta(minutes=90)
    allowed = {m for m in minutes if 0 <= m < 20 or 30 <= m <= 60}
    rows = [
        road.row(trip["trip_id"], f"41.{8000 + m}, -87.65", at=NOON + timedelta(minutes=m)) for m in minutes
    ]
    road.sent(*rows)
    kept = [
        float(line.split()[2])
        for collection in (live_collection, history_collection)
        for document in road.stored(collection(trip["trip_id"]))
        for line in document["pings"]
    ]
    assert sorted(set(kept)) == sorted({float(f"41.{8000 + m}") for m in allowed})
    assert road.seen(trip["url"])["position"] is None


def test_before_the_start_nothing_is_kept(road: Road) -> None:
    trip = road.plan(start=False)
    assert road.sent(road.row(trip["trip_id"]))["outside"] == 1
    assert not road.stored(live_collection(trip["trip_id"]))
    before = road.clock.at
    road.clock.goes(minutes=1)
    started = road.done(trip["trip_id"], "start")
    assert road.sent(road.row(trip["trip_id"], at=before))["outside"] == 1
    assert road.seen(started["url"])["state"] == "waiting"


def test_what_was_sent_of_the_time_after_an_arrival_is_forgotten(road: Road) -> None:
    """The phone's newest positions came first; older ones then showed that it had arrived long before."""
    trip_id = road.plan()["trip_id"]
    road.clock.goes(minutes=50)
    after = [
        road.row(trip_id, "41.95, -87.65", at=NOON + timedelta(minutes=20, seconds=5 * n)) for n in range(90)
    ]
    road.sent(*after)
    assert road.stored(history_collection(trip_id))
    road.sent(road.row(trip_id, LOT, at=NOON + timedelta(minutes=5)))
    road.sent(*(road.row(trip_id, HOME, at=NOON + timedelta(minutes=m)) for m in (10, 12)))
    ended = road.trip(trip_id)
    assert ended.ended_at == NOON + timedelta(minutes=12, seconds=4, milliseconds=999)
    kept = [
        p for c in (live_collection, history_collection) for d in road.stored(c(trip_id)) for p in d["pings"]
    ]
    assert kept and not [line for line in kept if " 41.95" in line]
