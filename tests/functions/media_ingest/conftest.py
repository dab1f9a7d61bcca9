"""The intake of media inside the whole product, on a temporary folder; what it tells waits on the bus."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from shared.manifest import ROOT
from shared.testing.harness import Harness, running

MEDIA = ROOT / "tests" / "media"


@pytest.fixture
def product(tmp_path: Path) -> Iterator[Harness]:
    with running(tmp_path, delivering=False) as harness:
        yield harness


@pytest.fixture(scope="session")
def clip() -> bytes:
    return (MEDIA / "walk_around.mp4").read_bytes()


@pytest.fixture(scope="session")
def photo() -> bytes:
    return (MEDIA / "vin_plate.jpg").read_bytes()


@pytest.fixture
def uploaded(product: Harness) -> Callable[..., str]:
    """Starts an upload; answers its id."""

    def start(size: int, **said: object) -> str:
        answer = product.call("POST", "/api/media/uploads", json={"size": size, **said}, api_key=True)
        assert answer.status == 201, answer.text
        return str(answer.json()["upload_id"])

    return start
