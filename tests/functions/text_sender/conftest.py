from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.functions.text_rig import TextDesk, text_desk


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[TextDesk]:
    with text_desk(tmp_path) as opened:
        yield opened
