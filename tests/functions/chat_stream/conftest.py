"""The service on a temporary folder and a real port."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from shared.testing.harness import running
from tests.functions.chat_stream.rig import Service, serving


@pytest.fixture
def service(tmp_path: Path) -> Iterator[Service]:
    with running(tmp_path, delivering=False) as harness, serving(harness) as served:
        yield served


@pytest.fixture
def impatient(tmp_path: Path) -> Iterator[Service]:
    """A service that tells after half a second that no answer came."""
    with running(tmp_path, delivering=False, answer_wait_seconds=0.5) as harness, serving(harness) as served:
        yield served
