"""Positions come in, in any order and any number of times."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from shared.domain.trip.live import LANES, lane_of, lane_paths
from shared.domain.trip.ping import BUCKET_MS
from shared.domain.trip.track import SPARE, WINDOW
from tests.functions.logistics.conftest import HOME, LOT, NOON, Road


def test_a_position_is_kept_and_the_link_shows_it(road: Road) -> None:
    trip = road.plan()
    road.clock.goes(seconds=10)
    assert road.sent(road.row(trip["trip_id"]))["kept"] == 1
    seen = road.seen(trip["url"])
    assert seen["state"] == "moving"
    assert (seen["position"]["latitude"], seen["position"]["longitude"]) == (41.8, -87.65)
    assert (seen["position"]["age_seconds"], seen["position"]["is_stale"]) == (0, False)


def test_the_second_delivery_changes_nothing(road: Road) -> None:
    trip_id = road.plan()["trip_id"]
    road.clock.goes(seconds=10)
    row = road.row(trip_id)
    road.sent(row)
    before = road.track(trip_id)
    road.clock.goes(seconds=60)
    assert road.sent(row)["unchanged"] == 1
    assert road.track(trip_id) == before


def test_twice_in_one_batch_is_once(road: Road) -> None:
    trip_id = road.plan()["trip_id"]
    road.clock.goes(seconds=10)
    row = road.row(trip_id)
    answer = road.sent(row, row)
    assert (answer["kept"], answer["unchanged"]) == (1, 1)


def test_a_higher_version_of_a_row_corrects_it_and_a_lower_one_does_not(road: Road) -> None:
    trip_id = road.plan()["trip_id"]
    road.clock.goes(seconds=10)
    road.sent(road.row(trip_id, "41.801, -87.65", version=2))
    road.sent(road.row(trip_id, "41.802, -87.65", version=3))
    road.sent(road.row(trip_id, "41.803, -87.65", version=1))
    assert [ping.latitude for ping in road.track(trip_id).newest()] == [41.802]


def test_an_older_position_that_comes_late_does_not_move_the_vehicle_back(road: Road) -> None:
    trip = road.plan()
    early = road.clock.goes(seconds=10)
    road.clock.goes(seconds=30)
    road.sent(road.row(trip["trip_id"], "41.801, -87.65"))
    assert road.sent(road.row(trip["trip_id"], "41.8, -87.65", at=early))["kept"] == 1
    assert road.seen(trip["url"])["position"]["latitude"] == 41.801


def test_one_row_alone_and_a_row_that_names_the_driver_are_understood(road: Road) -> None:
    staff = {"staff_id": "S-7", "name": "Dan Driver", "role": "driver"}
    assert road.harness.call("POST", "/api/records/staff", json=[staff], api_key=True).status == 200
    trip = road.plan(driver_staff_id="S-7")
    road.clock.goes(seconds=5)
    alone = {"Driver ID": "S-7", "Latitude": "41,8", "Longitude": "-87,65"}
    response = road.harness.call("POST", "/api/logistics/location", json=alone, api_key=True)
    assert response.json()["kept"] == 1
    road.done(trip["trip_id"], "stop")
    response = road.harness.call("POST", "/api/logistics/location", json=alone, api_key=True)
    assert (response.status, response.json()["outside"]) == (200, 1)


def test_the_good_rows_of_a_batch_are_kept_and_the_others_told_one_by_one(road: Road) -> None:
    trip_id = road.plan()["trip_id"]
    road.clock.goes(seconds=60)
    late = road.clock.at + timedelta(hours=3)
    answer = road.sent(
        road.row(trip_id),
        road.row(trip_id, "0, 0"),
        road.row(trip_id, "123, 4"),
        road.row(trip_id, at=late),
        road.row("no-such-trip"),
        "no row",
        road.row(trip_id, at=NOON - timedelta(minutes=1)),
    )
    assert (answer["received"], answer["kept"], answer["refused"], answer["outside"]) == (7, 1, 5, 1)
    assert [(row["line"], row["field"]) for row in answer["rows"]] == [
        (2, "location"),
        (3, "location"),
        (4, "at"),
        (5, "trip_id"),
        (6, ""),
        (7, "at"),
    ]


def test_a_batch_without_one_usable_row_is_refused_with_every_reason(road: Road) -> None:
    trip_id = road.plan()["trip_id"]
    response = road.send(road.row(trip_id, "0, 0"), road.row(trip_id, "95, 0.5"))
    assert response.status == 422
    assert [(e["line"], e["field"]) for e in response.json()["errors"]] == [(1, "location"), (2, "location")]


@pytest.mark.parametrize(
    ("body", "status"),
    [(b"{", 400), (b"[]", 422), (b'{"Rows": []}', 422), (b"[" + b"{}," * 1000 + b"{}]", 422)],
)
def test_a_body_that_is_none_is_refused(road: Road, body: bytes, status: int) -> None:
    assert road.harness.call("POST", "/api/logistics/location", body=body, api_key=True).status == status


def test_a_teleport_is_flagged_and_the_vehicle_stays_where_it_was(road: Road) -> None:
    trip = road.plan()
    road.drive(trip["trip_id"], [LOT, "41.801, -87.65"])
    road.clock.goes(seconds=5)
    answer = road.sent(road.row(trip["trip_id"], "43.0, -87.65"))
    assert answer["flagged"] == 1 and "farther" in answer["rows"][0]["message"]
    assert road.seen(trip["url"])["position"]["latitude"] == 41.801


def test_nobody_without_the_key_sends_and_another_dealership_s_trip_is_none(road: Road) -> None:
    trip_id = road.plan()["trip_id"]
    assert road.send(road.row(trip_id), persona="driver").status == 401
    other = road.harness.call(
        "POST", "/api/logistics/location", json=[road.row(trip_id)], api_key=True, tenant="northside"
    )
    assert other.status == 422 and "there is no trip" in other.text


def test_a_position_writes_one_small_document_and_tells_nobody(road: Road) -> None:
    """The hot path: no event, no row of the ledger, not the trip's own document, never one of two trips."""
    trip_id = road.plan()["trip_id"]
    documents = road.harness.tenant().documents
    before, told = road.trip(trip_id), len(road.harness.events())
    road.drive(trip_id, [f"41.{8000 + step}, -87.65" for step in range(WINDOW + SPARE)], seconds=5)
    assert road.trip(trip_id) == before and len(road.harness.events()) == told
    lanes = [lane for lane in documents.get_many(lane_paths(trip_id)) if lane]
    assert len(lanes) == LANES
    assert max(len(json.dumps(dict(lane.data), default=str)) for lane in lanes) < 2_000


def test_neighbouring_seconds_go_to_different_documents(road: Road) -> None:
    """So one ping a second is one write of a document every other second."""
    assert {lane_of(NOON + timedelta(seconds=second)) for second in range(LANES)} == set(range(LANES))


def test_a_long_trip_is_history_in_few_documents_and_nothing_of_it_is_lost(road: Road) -> None:
    trip_id = road.plan()["trip_id"]
    steps = 400
    road.drive(trip_id, [f"41.{80000 + step}, -87.65" for step in range(steps)])
    history = road.stored(f"trips/{trip_id}/history")
    kept = {int(line.split()[0]) // BUCKET_MS for chunk in history for line in chunk["pings"]}
    kept |= set(road.track(trip_id).steps)
    assert len(kept) == steps
    assert len(history) <= 5


def test_the_maps_are_asked_once_a_minute_however_many_positions_come(road: Road) -> None:
    trip = road.plan()
    before = road.maps.asked
    road.drive(trip["trip_id"], [f"41.80{step:02d}, -87.65" for step in range(13)], seconds=10)
    assert 2 <= road.maps.asked - before <= 3
    for _ in range(5):
        road.seen(trip["url"])
    assert road.maps.asked - before <= 3


def test_an_estimate_from_a_place_that_is_believed_no_more_does_not_stay_for_a_minute(road: Road) -> None:
    trip = road.plan()
    wrong, right = "34.05, -118.24", [f"41.80{step:02d}, -87.65" for step in range(6)]
    for place in (wrong, *right):  # the first right ones are not believed either
        road.clock.goes(seconds=6)
        road.sent(road.row(trip["trip_id"], place))
    seen = road.seen(trip["url"])
    assert seen["position"]["latitude"] > 41 and seen["eta"]["minutes"] < 120


def test_maps_that_are_away_do_not_hold_up_positions(road: Road) -> None:
    road.maps.is_away = True
    trip = road.plan()
    road.drive(trip["trip_id"], [LOT])
    assert road.seen(trip["url"])["eta"]["source"] == "great_circle"


def test_a_trip_without_a_destination_has_no_eta_and_does_not_end_by_itself(road: Road) -> None:
    trip = road.plan(destination="")
    road.drive(trip["trip_id"], [LOT, HOME, HOME, HOME], seconds=600)
    seen = road.seen(trip["url"])
    assert (seen["state"], seen["eta"]) == ("moving", None)


def test_a_position_of_the_very_moment_of_the_start_is_of_the_trip(road: Road) -> None:
    """The app sends the first one with the start; clocks here count microseconds, apps seconds."""
    road.clock.goes(microseconds=123_456)
    trip = road.plan()
    seconds = f"{road.clock.at:%Y-%m-%dT%H:%M:%S}Z"
    assert road.sent({**road.row(trip["trip_id"]), "at": seconds})["kept"] == 1
    assert road.seen(trip["url"])["state"] == "moving"


def test_a_row_without_a_time_that_comes_again_does_not_make_an_old_place_look_fresh(road: Road) -> None:
    trip = road.plan()
    row = {"row_id": "r1", "trip_id": trip["trip_id"], "location": LOT}
    assert road.sent(row)["kept"] == 1
    road.clock.goes(minutes=10)
    assert road.sent(row)["unchanged"] == 1
    assert road.seen(trip["url"])["position"]["age_seconds"] == 600
    assert road.sent({**row, "version": 2})["kept"] == 1
    assert road.seen(trip["url"])["position"]["age_seconds"] == 0


def test_half_a_character_or_a_huge_number_costs_its_own_row_alone(road: Road) -> None:
    trip_id = road.plan()["trip_id"]
    good = road.row(trip_id)
    bad = [
        {**good, field: "x\ud83d\u0000"} for field in ("trip_id", "driver_id", "location", "at", "version")
    ]
    huge = [{**good, field: 10**4000} for field in ("at", "version", "location", "latitude")]
    answer = road.sent(
        good, {**good, "row_id": "cut \ud83d"}, {"driver_id": "..", "location": LOT}, *bad, *huge
    )
    assert answer["kept"] + answer["unchanged"] >= 2
    assert answer["refused"] >= 6


def test_a_batch_of_several_trips_goes_to_each(road: Road) -> None:
    trips = [road.plan() for _ in range(3)]
    road.clock.goes(seconds=10)
    rows = [road.row(trip["trip_id"], f"41.8{n}, -87.65") for n, trip in enumerate(trips)]
    answer = road.sent(*rows, road.row("none"), {"driver": "nobody", "location": LOT}, *rows)
    assert (answer["kept"], answer["unchanged"], answer["refused"], answer["outside"]) == (3, 3, 1, 1)
    assert [road.seen(trip["url"])["position"]["latitude"] for trip in trips] == [41.8, 41.81, 41.82]
