"""A person says which vehicle a media shows, and that it was looked at."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.functions.visual_scribe.rig import ACCORD, OTHER, Bay, Senses, running_bay


@pytest.fixture
def bay(tmp_path: Path) -> Iterator[Bay]:
    with running_bay(tmp_path, Senses()) as bay:
        bay.record_vehicle(ACCORD)
        yield bay


def test_a_person_says_which_vehicle_it_is_and_it_is_read_again_for_that_one(bay: Bay) -> None:
    bay.record_vehicle(OTHER)
    bay.film("m1", "Metal on metal rotors, front left.", writing=[OTHER], repair_order="RO-1")
    assert bay.media()["state"] == "vin_mismatch"
    answer = bay.product.call("POST", "/api/media/m1/vehicle", json={"vin": OTHER}, persona="advisor")
    assert answer.json() == {"media_id": "m1", "state": "received"}
    assert bay.told("media-uploaded")[-1]["turn"] == 2
    assert bay.look("m1", turn=2).status == 200
    assert (len(bay.flags(OTHER)), bay.flags(ACCORD), bay.senses.looked) == (1, {}, 1)
    assert (bay.media()["vin_check"], bay.media()["repair_order"]) == ("said_by_a_person", None)
    again = bay.product.call("POST", "/api/media/m1/vehicle", json={"vin": ACCORD}, persona="advisor")
    assert again.status == 409


def test_a_person_looked_at_a_media(bay: Bay) -> None:
    bay.film("m1")
    assert bay.product.call("POST", "/api/media/m1/reviewed", persona="mechanic").json()["state"] == "read"
    bay.store("m2")
    assert bay.product.call("POST", "/api/media/m2/reviewed", persona="mechanic").status == 409
