"""Instances of one function that know nothing of each other, on one Firestore: each event has one effect."""

from __future__ import annotations

import random
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

import pytest

from shared.adapters.google.documents import FirestoreDocuments
from shared.ports import Query
from shared.runtime.outbox import SWEEP_AGE, sweep
from shared.runtime.push import Consumer
from shared.runtime.work import UnitOfWork
from tests.unit.runtime.rig import BellHeard, BellRung, BreakableStore, Killed, World, consumer, pushed

EVENTS = 8
DELIVERIES = 4


def count(event: BellRung, work: UnitOfWork) -> None:
    """Every event in one hot document and in one of its own."""
    for path in ("totals/all", f"heard/{event.name}"):
        found = work.get(path)
        work.put(path, {"times": (found.data["times"] if found else 0) + 1})
    work.emit(BellHeard(name=event.name))


class Instance(World):
    """A process with a connection of its own, and a clock that may be wrong."""

    def __init__(self, folder: Path, host: str, project: str, ahead_s: float) -> None:
        super().__init__(folder)
        self.store.close()
        self.store = BreakableStore(FirestoreDocuments(project=project, emulator_host=host))  # type: ignore[arg-type]  # the rig's store is SQLite elsewhere
        self.clock.pass_by(ahead_s)
        self.clock.run()
        self.ears: Consumer = consumer(self, count, timeout_seconds=0.5)


@pytest.fixture(params=[0, 3600], ids=lambda seconds: f"clocks {seconds} s apart")
def instances(
    request: pytest.FixtureRequest, tmp_path: Path, firestore_host: str, project: str
) -> Iterator[list[Instance]]:
    made = [Instance(tmp_path / str(n), firestore_host, project, ahead_s=n * request.param) for n in range(3)]
    yield made
    for instance in made:
        instance.platform.close()


def deliver(instances: list[Instance], number: int, chance: random.Random, *, killing: bool) -> int:
    """What the delivery was answered; 0 when the instance died over it."""
    instance = chance.choice(instances)
    if killing and chance.random() < 0.4:
        instance.store.faults.arm(Killed(), healthy=chance.randrange(4), after=chance.random() < 0.5)
    with suppress(Killed):
        return instance.ears.handle(pushed(str(number))).status
    return 0


def test_each_event_has_its_effect_once_whoever_dies_and_whatever_the_clocks_say(
    instances: list[Instance],
) -> None:
    chance = random.Random(7)
    waiting = [number for number in range(EVENTS) for _ in range(DELIVERIES)]
    chance.shuffle(waiting)
    with ThreadPoolExecutor(6) as pool:
        list(pool.map(lambda n: deliver(instances, n, random.Random(n), killing=True), waiting))
    for instance in instances:
        instance.store.faults.disarm()
    with ThreadPoolExecutor(6) as pool:
        for number in range(EVENTS):
            while 200 not in pool.map(lambda n: deliver(instances, n, chance, killing=False), [number] * 3):
                pass  # a lease of one who died lasts a while
    first = instances[0]
    assert first.data("totals/all") == {"times": EVENTS}
    assert {one.data["times"] for one in first.store.query(Query("tenants/t1/heard"))} == {1}
    sweep(first.platform, instances[-1].clock.now() + SWEEP_AGE)
    told = {one.attributes["ce-id"] for instance in instances for one in instance.bus.on("bell-heard")}
    assert len(told) == EVENTS
