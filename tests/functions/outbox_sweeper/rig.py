"""A product whose bus can break and whose clock can be moved."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from shared.adapters.embedded.bus import SqliteBus
from shared.errors import Unavailable
from shared.ports import Message
from shared.testing.harness import Harness


class BreakableBus(SqliteBus):
    """`down`: refuses. `dies_after`: publishes, then fails, as a process killed at that moment does."""

    down = dies_after = False
    poison = ""

    def publish(self, messages: Sequence[Message]) -> None:
        if self.down or any(self.poison and self.poison.encode() in message.data for message in messages):
            raise Unavailable("the bus is down")
        super().publish(messages)
        if self.dies_after:
            raise Unavailable("died after the publish")


class MovableClock:
    def __init__(self) -> None:
        self.ahead = timedelta(0)

    def now(self) -> datetime:
        return datetime.now(UTC) + self.ahead


@dataclass
class Broken:
    harness: Harness
    clock: MovableClock

    @property
    def bus(self) -> BreakableBus:
        bus = self.harness.platform.bus
        assert isinstance(bus, BreakableBus)
        return bus

    def sweep(self) -> dict[str, Any]:
        swept: dict[str, Any] = self.harness.product.run("outbox_sweeper").json()["result"]
        return swept
