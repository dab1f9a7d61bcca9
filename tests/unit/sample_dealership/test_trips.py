"""The sample's trips are under way when it is loaded: the map and the link show something."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from shared.local.sample_dealership.loading import load_sample
from shared.ports import Query
from shared.testing.harness import Harness, running


@pytest.fixture(scope="module")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Harness]:
    with running(tmp_path_factory.mktemp("sample"), delivering=False) as product:
        load_sample(product.product, as_of=datetime.now(UTC), seed=7, progress=print, tenants=["autohaus"])
        yield product


def test_both_trips_are_on_the_map_with_position_and_eta(loaded: Harness) -> None:
    answer = loaded.call("GET", "/api/logistics/trips", persona="advisor")
    found = {trip["kind"]: trip for trip in answer.json()["trips"]}
    assert set(found) == {"delivery", "transport"}
    for trip in found.values():
        assert trip["state"] == "moving" and trip["position"] and 0 < trip["eta"]["minutes"] < 60
        assert trip["driver_staff_id"]


def test_the_customer_was_texted_the_link_once(loaded: Harness) -> None:
    texts = loaded.tenant().documents.query(Query("texts", (("requested_by", "==", "logistics"),)))
    assert [text.data["key"] for text in texts] == ["trip:sample-delivery:link:1"]
