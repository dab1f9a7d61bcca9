"""Somebody who follows a document through a store that breaks off hears of its last state, soon and once."""

from __future__ import annotations

import time
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from shared.adapters.google.documents import FirestoreDocuments
from shared.ports import Document
from shared.testing.emulators import export_firestore
from shared.testing.fault_proxy import Wire
from tests.stress.fleet import Fleet
from tests.stress.reckoning import eventually

SOON_S = 4.5


class Follower:
    def __init__(self, fleet: Fleet) -> None:
        self.fleet = fleet
        self.path = f"followed/{uuid.uuid4().hex}"
        self.heard: list[int] = []
        self._documents = FirestoreDocuments(
            project=fleet.cloud.project, emulator_host=fleet.wires.store.host
        )
        self.write(1)
        self._watch = self._documents.watch(self.path, self._hear)
        self.await_state(1)

    def _hear(self, document: Document | None) -> None:
        self.heard.append(document.data["n"] if document else 0)

    def write(self, number: int) -> None:
        self.fleet.bare.put(self.path, {"n": number, "at": datetime.now(UTC)})

    def await_state(self, number: int) -> None:
        eventually(lambda: self.heard[-1:] == [number], lambda: str(self.heard), SOON_S)

    def close(self) -> None:
        self._watch.close()
        self._documents.close()


@pytest.fixture
def follower(fleet: Fleet) -> Iterator[Follower]:
    made = Follower(fleet)
    yield made
    made.close()


@pytest.mark.parametrize(
    ("wire", "away_s"), [(Wire.CUT, 7.0), (Wire.DEAF, 1.5), (Wire.HELD, 1.5)], ids=["cut", "deaf", "held"]
)
def test_what_changed_while_the_wire_was_broken_is_heard_soon_after(
    follower: Follower, wire: Wire, away_s: float
) -> None:
    with follower.fleet.wires.store.being(wire):
        follower.write(2)
        time.sleep(away_s / 2)
        follower.write(3)
        time.sleep(away_s / 2)
    follower.await_state(3)
    follower.write(4)
    follower.await_state(4)
    assert follower.heard == sorted(set(follower.heard)), follower.heard


def test_a_store_killed_and_restored_is_followed_on(follower: Follower, tmp_path: Path) -> None:
    fleet = follower.fleet
    kept = export_firestore(fleet.store.host, fleet.cloud.project, tmp_path)
    fleet.store.kill()
    fleet.store.start(seed=kept)
    follower.write(2)
    follower.await_state(2)
