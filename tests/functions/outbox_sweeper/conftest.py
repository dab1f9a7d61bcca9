"""The breakable product, on a temporary folder."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from shared.platform import Platform
from shared.testing.harness import running
from tests.functions.outbox_sweeper.rig import BreakableBus, Broken, MovableClock


@pytest.fixture
def broken(tmp_path: Path) -> Iterator[Broken]:
    clock = MovableClock()

    def bus(platform: Platform) -> BreakableBus:
        return BreakableBus(platform.settings.data_dir / "bus.db")

    ports = {"bus": bus, "clock": lambda _: clock}
    with running(tmp_path, replaced=ports, delivering=False) as harness:
        yield Broken(harness, clock)
