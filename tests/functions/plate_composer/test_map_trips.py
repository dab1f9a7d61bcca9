"""The map shows trips under way: where, how old, when there; and nothing of the customer."""

from __future__ import annotations

from typing import Any

from shared.testing.harness import Harness
from tests.functions.plate_composer.conftest import Asking, take_in

VIN = "1HGCM82633A004352"


def start(harness: Harness, trip_id: str, **fields: Any) -> None:
    trip = {
        "trip_id": trip_id,
        "destination": "41.9, -87.65",
        "phone": "312-555-0142",
        "start": True,
        **fields,
    }
    assert harness.call("POST", "/api/logistics/trips", json=trip, api_key=True).status == 201


def act(harness: Harness, trip_id: str, what: str) -> None:
    assert harness.call("POST", f"/api/logistics/trips/{trip_id}/{what}", api_key=True).status == 200


def send(harness: Harness, trip_id: str) -> None:
    row = {"row_id": "r1", "trip_id": trip_id, "location": "41.8, -87.65"}
    assert harness.call("POST", "/api/logistics/location", json=row, api_key=True).json()["kept"] == 1


def rows(frame: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {row["id"]: row for row in frame["details"]["trips"]}


def test_a_trip_under_way_is_shown_with_position_age_and_eta(harness: Harness) -> None:
    take_in(harness, "staff", {"staff_id": "S-1", "name": "Dan Driver", "role": "driver"})
    start(harness, "moving", vin=VIN, driver_staff_id="S-1")
    start(harness, "quiet")
    send(harness, "moving")
    frame = Asking(harness, "trips").ask("LOGISTICS")
    moving, quiet = rows(frame)["moving"], rows(frame)["quiet"]
    assert (moving["state"], moving["latitude"], moving["longitude"]) == ("moving", 41.8, -87.65)
    assert (moving["driver"], moving["is_stale"]) == ("Dan Driver", False)
    assert moving["age_seconds"] < 30 and moving["arrives_at"] > moving["seen_at"]
    assert (quiet["state"], quiet["latitude"], quiet["arrives_at"]) == ("waiting", None, None)
    assert "2 trips are under way." in frame["note"] and frame["data_age_seconds"] < 30
    assert "5550142" not in str(frame) and "41.9" not in str(frame)
    columns = {column["name"] for column in frame["detail_columns"]["trips"]}
    assert {"latitude", "longitude", "age_seconds", "arrives_at", "state"} <= columns <= set(moving)
    for trip_id in ("moving", "quiet"):
        act(harness, trip_id, "stop")


def test_a_pause_hides_the_position_from_staff_too_and_an_ended_trip_is_gone(harness: Harness) -> None:
    start(harness, "hidden")
    send(harness, "hidden")
    act(harness, "hidden", "pause")
    asking = Asking(harness, "pauses")
    paused = rows(asking.ask("LOGISTICS"))["hidden"]
    assert (paused["state"], paused["latitude"], paused["seen_at"]) == ("paused", None, None)
    act(harness, "hidden", "resume")
    act(harness, "hidden", "stop")
    assert "hidden" not in rows(asking.ask("LOGISTICS"))


def test_the_map_of_one_vehicle_shows_its_trip_alone_and_the_vehicle_where_it_is(harness: Harness) -> None:
    take_in(harness, "vehicles", {"vin": VIN, "year": 2003, "make": "Honda", "model": "Accord"})
    start(harness, "one", vin=VIN)
    start(harness, "other")
    send(harness, "one")
    frame = Asking(harness, "one-vehicle").ask("LOGISTICS", vin=VIN.lower())
    assert set(rows(frame)) == {"one"}
    assert [(row["id"], row["latitude"]) for row in frame["dataset"]] == [(VIN, 41.8)]
    for trip_id in ("one", "other"):
        act(harness, trip_id, "stop")


def test_one_trip_is_asked_for_by_its_number(harness: Harness) -> None:
    start(harness, "T-77", vin=VIN)
    start(harness, "T-78")
    asking = Asking(harness, "numbers")
    frame = asking.ask("LOGISTICS", trip_number="t-77")
    assert set(rows(frame)) == {"T-77"} and [row["id"] for row in frame["dataset"]] == [VIN]
    assert (frame["note"], frame["filters"]["trip_number"]) == ("", "t-77")
    assert asking.ask("LOGISTICS", trip_number="T-99")["note"] == "Trip T-99 is not under way."
    for trip_id in ("T-77", "T-78"):
        act(harness, trip_id, "stop")
