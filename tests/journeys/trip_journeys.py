"""A driver sets off, the customer watches, the vehicle arrives and the way is forgotten. On every profile."""

from __future__ import annotations

import json
import uuid
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from shared.domain.trip.live import history_collection, live_collection, live_tracks
from shared.domain.trip.trip import Trip, trip_path
from shared.local.wsgi_call import Response
from shared.ports import Query, Write
from tests.journeys.product import Product, answer_to, ask, eventually, told

HOME, LOT = "41.9, -87.65", "41.8, -87.65"
VIN = "1HGCM82633A004352"


def plan(product: Product, **fields: Any) -> dict[str, Any]:
    trip = {"trip_id": f"t-{uuid.uuid4().hex[:10]}", "destination": HOME, "start": True, **fields}
    response = product.call("POST", "/api/logistics/trips", json=trip, api_key=True)
    assert response.status == 201, response.text
    answer: dict[str, Any] = response.json()
    return answer


def act(product: Product, trip: dict[str, Any], what: str, **how: Any) -> dict[str, Any]:
    path = f"/api/logistics/trips/{trip['trip_id']}/{what}"
    response = product.call("POST", path, **(how or {"persona": "driver"}))
    assert response.status == 200, response.text
    answer: dict[str, Any] = response.json()
    return answer


def send(product: Product, trip: dict[str, Any], *places: tuple[datetime, str]) -> dict[str, Any]:
    """As AppSheet does, in one batch."""
    rows = [
        {"Row ID": f"{at:%H%M%S}", "TripID": trip["trip_id"], "LatLong": place, "Timestamp": at.isoformat()}
        for at, place in places
    ]
    body = {"Action": "Add", "Properties": {"Locale": "en-US", "Timezone": "UTC"}, "Rows": rows}
    response = product.call("POST", "/api/logistics/location", json=body, api_key=True)
    assert response.status == 200, response.text
    answer: dict[str, Any] = response.json()
    return answer


def look(product: Product, trip: dict[str, Any]) -> Response:
    return product.call("GET", f"/api/public/track/{trip['url'].rsplit('/', 1)[1]}")


def seen(product: Product, trip: dict[str, Any]) -> dict[str, Any]:
    response = look(product, trip)
    assert response.status == 200, response.text
    answer: dict[str, Any] = response.json()
    return answer


def stored(product: Product, trip: dict[str, Any]) -> Trip:
    found = product.platform.tenant("autohaus").documents.get(trip_path(trip["trip_id"]))
    assert found
    return Trip.from_data(found.data)


def time_passes(product: Product, trip: dict[str, Any], **by: float) -> None:
    """As if everything of the trip had happened so much earlier."""
    known, earlier = stored(product, trip), timedelta(**by)
    moments = ("started_at", "ended_at", "closed_at", "check_at", "purge_at")
    changed = {name: at - earlier for name in moments if (at := getattr(known, name))}
    document = replace(known, **changed).to_data()
    product.platform.tenant("autohaus").documents.commit([Write(known.path, document)])


def about(trip: dict[str, Any], data: dict[str, Any]) -> bool:
    return trip["trip_id"] in json.dumps(data)


class TripJourneys:
    def test_the_customer_is_texted_and_watches_until_the_arrival(self, product: Product) -> None:
        trip = plan(product, phone="+13125550142", vin=VIN)
        eventually(partial(told, product, "trip-started", partial(about, trip)), "trip-started")
        texts = product.platform.tenant("autohaus").documents.query(
            Query("texts", (("key", "==", f"trip:{trip['trip_id']}:link:1"),))
        )
        assert [trip["url"] in text.data["body"] for text in texts] == [True]
        assert seen(product, trip)["state"] == "waiting"
        time_passes(product, trip, minutes=30)
        now = product.platform.clock.now()
        assert send(product, trip, (now - timedelta(minutes=20), LOT))["kept"] == 1
        moving = seen(product, trip)
        assert moving["state"] == "moving" and moving["position"]["is_stale"]
        assert moving["eta"]["minutes"] > 5
        ways = [(now - timedelta(minutes=m), HOME) for m in (2, 4)]
        send(product, trip, *ways)
        arrived = seen(product, trip)
        assert (arrived["state"], arrived["position"], arrived["eta"]) == ("arrived", None, None)
        [ended] = eventually(partial(told, product, "trip-ended", partial(about, trip)), "trip-ended")
        assert json.loads(ended.message.data)["ended_by"] == "arrived"

    def test_a_pause_hides_and_a_new_link_replaces_the_old_one(self, product: Product) -> None:
        trip = plan(product)
        send(product, trip, (product.platform.clock.now(), LOT))
        act(product, trip, "pause")
        assert (seen(product, trip)["state"], seen(product, trip)["position"]) == ("paused", None)
        act(product, trip, "resume")
        assert seen(product, trip)["position"]["latitude"] == 41.8
        shared = act(product, trip, "share")
        assert look(product, trip).status == 410 and seen(product, shared)["state"] == "moving"
        act(product, trip, "revoke")
        assert look(product, shared).status == 410
        assert act(product, trip, "stop")["ended_by"] == "stopped"

    def test_phones_that_send_at_once_and_twice_lose_nothing(self, product: Product) -> None:
        trip = plan(product)
        time_passes(product, trip, minutes=30)
        first = product.platform.clock.now() - timedelta(minutes=20)
        places = [(first + timedelta(seconds=10 * n), f"41.{8000 + n}, -87.65") for n in range(24)]
        with ThreadPoolExecutor(8) as pool:
            list(pool.map(lambda place: send(product, trip, place), [*places[::-1], *places]))
        [track] = live_tracks(product.platform.tenant("autohaus").documents, [trip["trip_id"]])
        assert [f"{ping.latitude:.4f}" for ping in track.newest(100)] == [f"41.{8000 + n}" for n in range(24)]
        assert seen(product, trip)["position"]["latitude"] == 41.8023

    def test_the_map_shows_the_trip_with_position_and_eta(self, product: Product) -> None:
        trip = plan(product, vin=VIN)
        send(product, trip, (product.platform.clock.now(), LOT))
        frame = answer_to(product, ask(product, "Which trips are under way?"))
        assert frame["plate_id"] == "LOGISTICS_MAP"
        [row] = [row for row in frame["details"]["trips"] if row["id"] == trip["trip_id"]]
        assert (row["latitude"], row["longitude"], row["is_stale"]) == (41.8, -87.65, False)
        assert row["arrives_at"] and row["age_seconds"] < 60
        act(product, trip, "stop")

    def test_a_silent_trip_is_told_once(self, product: Product) -> None:
        trip = plan(product)
        time_passes(product, trip, minutes=11)
        for _ in range(2):
            assert product.run("trip_watch").status == 200
        look_up = partial(told, product, "attention-requested", partial(about, trip))
        [request] = eventually(look_up, "attention-requested")
        assert json.loads(request.message.data)["kind"] == "trip_problem"
        act(product, trip, "stop")

    def test_after_the_retention_time_the_way_is_gone_and_the_ledger_says_so(self, product: Product) -> None:
        trip = plan(product, phone="+13125550142")
        send(product, trip, (product.platform.clock.now(), LOT))
        act(product, trip, "stop")
        time_passes(product, trip, days=31)
        assert product.run("trip_purge").status == 200
        documents = product.platform.tenant("autohaus").documents
        for collection in (live_collection, history_collection):
            assert not documents.query(Query(collection(trip["trip_id"])))
        assert stored(product, trip).phone is None

        def purged(data: dict[str, Any]) -> bool:
            return data["type"] == "trip.purged" and about(trip, data)

        [receipt] = eventually(partial(told, product, "audit-recorded", purged), "trip.purged")
        detail = json.loads(json.loads(receipt.message.data)["detail"])
        assert (detail["positions"], detail["found"]) == (1, 0)

    def test_impossible_positions_are_refused_row_by_row(self, product: Product) -> None:
        trip = plan(product)
        now = product.platform.clock.now()
        answer = send(
            product, trip, (now, LOT), (now, "0, 0"), (now, "95, 3"), (now + timedelta(hours=2), LOT)
        )
        assert (answer["kept"], answer["refused"]) == (1, 3)
        assert [row["line"] for row in answer["rows"]] == [2, 3, 4]
        other = product.call(
            "POST", f"/api/logistics/trips/{trip['trip_id']}/stop", persona="driver", tenant="northside"
        )
        assert other.status == 404
        act(product, trip, "stop")
