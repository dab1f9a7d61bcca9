"""A service desk whose quotes come due."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from shared.testing.harness import running
from tests.functions.quotes.desk import Desk


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with running(tmp_path, delivering=False) as product:
        desk = Desk(product)
        desk.open_shop()
        yield desk
