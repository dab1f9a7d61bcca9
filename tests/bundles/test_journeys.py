"""The journeys again, every function served from its bundle: what loads later is shipped too."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from shared.manifest import Manifest
from shared.testing.function_process import FunctionProcess
from shared.testing.local_cloud import LocalCloud, local_cloud
from tests.bundles.deployed import Place, start
from tests.journeys.chat_journeys import ChatJourneys
from tests.journeys.google.google_product import GoogleProduct, google_product
from tests.journeys.lead_journeys import LeadJourneys


@pytest.fixture(scope="module")
def journey_places(
    places: Mapping[str, Place], tmp_path_factory: pytest.TempPathFactory
) -> Mapping[str, Place]:
    return {name: replace(one, notes=tmp_path_factory.mktemp("journey")) for name, one in places.items()}


@pytest.fixture(scope="module")
def product(
    journey_places: Mapping[str, Place],
    firestore_host: str,
    pubsub_host: str,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[GoogleProduct]:
    folder = tmp_path_factory.mktemp("cloud")
    with local_cloud(folder, firestore_host=firestore_host, pubsub_host=pubsub_host) as cloud:

        @contextmanager
        def from_bundles(
            manifests: Mapping[str, Manifest], environment: Mapping[str, str], folder: Path
        ) -> Iterator[dict[str, FunctionProcess]]:
            with ExitStack() as stack:
                started = {name: _start(journey_places[name], cloud, stack) for name in manifests}
                for one in started.values():
                    one.await_ready()
                yield started

        with google_product(cloud, folder, from_bundles) as product:
            yield product


def _start(place: Place, cloud: LocalCloud, stack: ExitStack) -> FunctionProcess:
    started = start(place, cloud.variables())
    stack.callback(started.stop)
    return started


class TestLeads(LeadJourneys):
    pass


class TestChat(ChatJourneys):
    pass


def test_nothing_was_loaded_from_elsewhere_and_nothing_was_missing(
    product: GoogleProduct, journey_places: Mapping[str, Place]
) -> None:
    for name in product.processes:
        place = journey_places[name]
        assert place.opened()
        assert place.foreign() == [], name
        assert place.missed() == [], name


def test_the_router_in_the_bundle_answered(
    product: GoogleProduct, journey_places: Mapping[str, Place]
) -> None:
    place = journey_places["membrane"]
    # Its weights are read once the sentence model, which native code opens, has given a vector.
    assert place.bundle / "shared/brain/route_message/weights.npz" in place.opened()
