"""A world of breakable ports for each test."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.unit.runtime.rig import World
from tests.unit.runtime.shell import Shell


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    made = World(tmp_path)
    yield made
    made.close()


@pytest.fixture
def shell(world: World) -> Shell:
    return Shell(world)
