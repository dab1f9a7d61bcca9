"""The webhook in the whole product; what it tells waits on the bus, so it is seen alone."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.texting_desk import Desk, open_desk


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with open_desk(tmp_path, delivering=False) as running:
        yield running
