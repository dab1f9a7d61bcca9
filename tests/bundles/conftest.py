from __future__ import annotations

import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from shared.deploy.bundle import Bundle, make_bundles
from shared.manifest import all_manifests
from shared.testing.local_cloud import LocalCloud, local_cloud
from tests.benchmarks.first_request import Ground, google_ground
from tests.bundles.deployed import Place
from tests.bundles.environments import environments

INSTALLING_S = 600
"""The first test waits for every bundle's requirements; kept ones are used again."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if item.path.is_relative_to(Path(__file__).parent):
            item.add_marker(pytest.mark.timeout(INSTALLING_S))


@pytest.fixture(scope="session")
def bundles(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, Bundle]:
    made = make_bundles(all_manifests(), out=tmp_path_factory.mktemp("bundles"))
    return {bundle.name: bundle for bundle in made}


@pytest.fixture(scope="session")
def unpacked(bundles: Mapping[str, Bundle], tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, Path]:
    """Each zip in a folder of its own: nothing else of the project is near."""
    folders = {}
    for name, bundle in bundles.items():
        folders[name] = tmp_path_factory.mktemp(name)
        with zipfile.ZipFile(bundle.zip) as archive:
            archive.extractall(folders[name])
    return folders


@pytest.fixture(scope="session")
def installed(unpacked: Mapping[str, Path]) -> Mapping[str, Path]:
    """Each bundle's requirements, installed into an environment of their own."""
    return environments(unpacked, is_everything=True)


@pytest.fixture(scope="session")
def places(
    unpacked: Mapping[str, Path], installed: Mapping[str, Path], tmp_path_factory: pytest.TempPathFactory
) -> Mapping[str, Place]:
    return {
        one.name: Place(one, unpacked[one.name], installed[one.name], tmp_path_factory.mktemp("notes"))
        for one in all_manifests()
    }


@pytest.fixture(scope="session")
def cloud(
    firestore_host: str, pubsub_host: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[LocalCloud]:
    folder = tmp_path_factory.mktemp("cloud")
    with local_cloud(folder, firestore_host=firestore_host, pubsub_host=pubsub_host) as cloud:
        yield cloud


@pytest.fixture(scope="session")
def ground(cloud: LocalCloud) -> Iterator[Ground]:
    with google_ground(cloud) as ground:
        yield ground
