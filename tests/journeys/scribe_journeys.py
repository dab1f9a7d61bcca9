"""A mechanic films a vehicle and says what is wrong; the twin knows it. Run on every profile."""

from __future__ import annotations

import time
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any

import httpx

from shared.manifest import ROOT
from tests.journeys.product import Product, eventually, told

MEDIA = ROOT / "tests" / "media"
ACCORD, OTHER = "1HGCM82633A004352", "5GZCZ43D13S812715"
PIECE = 64 * 1024
"""Of a bad network: each piece is a request that may be the last for a while."""


def file(name: str) -> bytes:
    return Path(MEDIA / name).read_bytes()


def on_record(product: Product, vin: str, order: str) -> None:
    vehicle = {"vin": vin, "year": 2003, "make": "Honda", "model": "Accord", "status": "in_service"}
    repair = {"ro_number": order, "vin": vin, "opened_at": "2026-11-20T09:00:00Z", "customer": "Ann Lee"}
    for kind, row in (("vehicles", vehicle), ("repair_orders", repair)):
        assert product.call("POST", f"/api/records/{kind}", json=[row], api_key=True).status == 200


def send(product: Product, name: str, content_type: str = "video/mp4", **said: str) -> str:
    query = "&".join(f"{key}={value}" for key, value in said.items())
    answer = product.call(
        "POST",
        f"/api/media/ingest?{query}",
        body=file(name),
        content_type=content_type,
        persona="mechanic",
    )
    assert answer.status == 202, answer.text
    return str(answer.json()["media_id"])


def looked_at(product: Product, media_id: str) -> dict[str, Any]:
    def look() -> dict[str, Any] | None:
        shown = product.call("GET", f"/api/media/{media_id}", persona="advisor").json()
        return shown if shown["state"] != "received" else None

    return eventually(look, f"media {media_id} looked at", 90)


def flags(product: Product, vin: str) -> dict[tuple[str, str | None], dict[str, Any]]:
    shown = product.call("GET", f"/api/twins/{vin}", persona="advisor").json()["flags"]
    return {(flag["component"], flag["zone"]): flag for flag in shown}


def _about(media_id: str, data: Mapping[str, Any]) -> bool:
    return media_id in str(data)


class ScribeJourneys:
    def shows(self, product: Product, name: str) -> None:
        """Says what a language model would make of the file, where one is asked."""

    def test_metal_on_metal_spoken_in_a_video_is_a_red_brake_flag_of_that_vehicle(
        self, product: Product
    ) -> None:
        on_record(product, ACCORD, "RO-17")
        self.shows(product, "walk_around.mp4")
        clip = file("walk_around.mp4")
        asked = {"size": len(clip), "content_type": "video/mp4", "repair_order": "RO-17", "stage": "check_in"}
        begun = product.call("POST", "/api/media/uploads", json=asked, persona="mechanic").json()
        self.sent_in_pieces(product, begun, clip)
        ended = product.call("POST", f"/api/media/uploads/{begun['upload_id']}/finish", persona="mechanic")
        assert ended.status == 202, ended.text
        media = looked_at(product, ended.json()["media_id"])
        assert (media["vin"], media["vin_check"], media["odometer"]["miles"]) == (ACCORD, "verified", 84213)
        flag = flags(product, ACCORD)["brake_rotor", "front_left"]
        assert (flag["severity"], flag["state"], flag["summary"]) == ("red", "open", "metal on metal")
        words = next(one for one in flag["evidence"] if one["kind"] == "words")
        assert "metal on metal" in words["text"].lower() and 4 < words["at_seconds"] < 12
        assert ("headlight", "front_left") in flags(
            product, ACCORD
        )  # "the right, no wait, the left headlight"
        assert ("headlight", "front_right") not in flags(product, ACCORD)
        fits = partial(_about, media["media_id"])
        danger = eventually(partial(told, product, "attention-requested", fits), "the alarm")
        assert any(b"safety_flag" in one.message.data for one in danger)
        rows = eventually(
            partial(told, product, "vehicle-recorded", partial(_about, "Brake rotor, front left")),
            "the twin's row",
        )
        assert rows

    def sent_in_pieces(self, product: Product, begun: dict[str, Any], clip: bytes) -> None:
        """With an interruption: the next piece goes where the product says."""
        target = f"/api/media/uploads/{begun['upload_id']}"
        if begun["direct"]:
            httpx.put(
                begun["direct"]["url"],
                content=clip,
                headers={"Content-Range": f"bytes 0-{len(clip) - 1}/{len(clip)}"},
            ).raise_for_status()
            return
        kept = 0
        while kept < len(clip):
            piece = product.call(
                "PUT",
                f"{target}?offset={kept}",
                body=clip[kept : kept + PIECE],
                persona="mechanic",
                content_type="application/octet-stream",
            )
            assert piece.status == 200, piece.text
            kept = product.call("GET", target, persona="mechanic").json()["received"]

    def test_damage_that_is_new_at_check_out_is_told_from_what_was_there(self, product: Product) -> None:
        self.shows(product, "check_out.mp4")
        media = looked_at(product, send(product, "check_out.mp4", repair_order="RO-17", stage="check_out"))
        assert len(media["compared"]["compared_with"]) == 1
        known = flags(product, ACCORD)
        dent, rotor = known["bumper", "rear"], known["brake_rotor", "front_left"]
        assert media["compared"]["new"] == [dent["flag_id"]]
        assert rotor["flag_id"] in media["compared"]["pre_existing"]
        assert (dent["pre_existing"], rotor["pre_existing"]) == (False, True)

    def test_a_video_of_another_car_writes_no_flag(self, product: Product) -> None:
        on_record(product, OTHER, "RO-18")
        before = flags(product, ACCORD)
        self.shows(product, "other_vin.mp4")
        media = looked_at(product, send(product, "other_vin.mp4", repair_order="RO-17"))
        assert (media["state"], media["vin_check"]) == ("vin_mismatch", "mismatch")
        assert (flags(product, ACCORD), flags(product, OTHER)) == (before, {})
        named = product.call(
            "POST", f"/api/media/{media['media_id']}/vehicle", json={"vin": OTHER}, persona="advisor"
        )
        assert named.status == 200, named.text
        looked_at(product, media["media_id"])
        assert flags(product, OTHER)["brake_rotor", "front_left"]["severity"] == "red"

    def test_a_silent_video_is_a_persons(self, product: Product) -> None:
        self.shows(product, "silent.mp4")
        media = looked_at(product, send(product, "silent.mp4", vin=OTHER))
        assert (media["state"], media["unread"], media["flag_ids"]) == ("needs_review", ["nothing_said"], [])

    def test_another_language_is_a_persons(self, product: Product) -> None:
        self.shows(product, "spanish.m4a")
        media = looked_at(product, send(product, "spanish.m4a", "audio/mp4", vin=OTHER))
        assert media["state"] == "needs_review" and media["flag_ids"] == []

    def test_bad_files_are_refused_with_a_reason_at_once(self, product: Product) -> None:
        clip, plate = file("walk_around.mp4"), file("vin_plate.jpg")
        for content, called, status in (
            (clip[:9000], "video/mp4", 422),
            (plate, "video/mp4", 415),
            (b"%PDF-1.7" + b" " * 200, "video/mp4", 415),
            (b"x" * 33_000_000, "video/mp4", 413),
        ):
            answer = product.call(
                "POST", "/api/media/ingest", body=content, content_type=called, persona="mechanic"
            )
            assert answer.status == status and answer.json()["detail"]
        big = product.call("POST", "/api/media/uploads", json={"size": 2_000_000_000}, persona="mechanic")
        assert big.status == 413

    def test_a_mechanic_does_not_wait_for_the_scribe(self, product: Product) -> None:
        self.shows(product, "vin_plate.jpg")
        started = time.monotonic()
        media_id = send(product, "vin_plate.jpg", "image/jpeg", vin=ACCORD)
        assert time.monotonic() - started < 3
        looked_at(product, media_id)
