from __future__ import annotations

from collections.abc import Iterator

import pytest

from shared.testing.local_cloud import LocalCloud, local_cloud
from tests.journeys.google.google_product import GoogleProduct, google_product


@pytest.fixture(scope="session")
def cloud(
    firestore_host: str, pubsub_host: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[LocalCloud]:
    folder = tmp_path_factory.mktemp("cloud")
    with local_cloud(folder, firestore_host=firestore_host, pubsub_host=pubsub_host) as cloud:
        yield cloud


@pytest.fixture(scope="session")
def product(cloud: LocalCloud, tmp_path_factory: pytest.TempPathFactory) -> Iterator[GoogleProduct]:
    with google_product(cloud, tmp_path_factory.mktemp("logs")) as running:
        yield running
