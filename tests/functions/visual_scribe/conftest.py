"""The scribe inside the whole product, with ears and eyes that a test decides."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.functions.visual_scribe.rig import ACCORD, Bay, Senses, running_bay


@pytest.fixture
def senses() -> Senses:
    return Senses()


@pytest.fixture
def bay(tmp_path: Path, senses: Senses) -> Iterator[Bay]:
    with running_bay(tmp_path, senses) as bay:
        bay.record_vehicle(ACCORD)
        yield bay
