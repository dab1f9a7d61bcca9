"""Whatever is delivered twice, late or out of order, and wherever a process dies: each event has its
effect once, tells its successor once and sends its text message once."""

from __future__ import annotations

import json
import tempfile
import uuid
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from shared.errors import Unavailable
from shared.ports import Message, Query, Write
from shared.runtime.effects import Effects
from shared.runtime.outbox import sweep
from shared.runtime.push import Consumer
from shared.runtime.work import UnitOfWork
from tests.unit.runtime.rig import BellHeard, BellRung, Faults, Killed, World, consumer, envelope, push

LEASE_OVER_S = 40


@dataclass(frozen=True)
class Fault:
    """Where and how a call goes wrong."""

    where: str
    error: BaseException
    healthy: int
    after: bool
    lasting: int


ERRORS = st.sampled_from([Killed(), Unavailable("down"), RuntimeError("a bug")])


def faults(where: str, most_healthy: int) -> st.SearchStrategy[Fault]:
    """A delivery calls the store several times, the bus and the outside once or twice."""
    return st.builds(
        Fault,
        where=st.just(where),
        error=ERRORS,
        healthy=st.integers(0, most_healthy),
        after=st.booleans(),
        lasting=st.integers(1, 3),
    )


FAULT = st.one_of(faults("store", 7), faults("store", 7), faults("bus", 1), faults("outside", 0))
FAULTS = st.one_of(FAULT, FAULT, st.none())
CHOICE = st.integers(0, 1_000)


def count(work: UnitOfWork, path: str) -> None:
    found = work.get(path)
    work.put(path, {"times": (found.data["times"] if found else 0) + 1})


class CountedIds:
    """The same in every run: an outbox document's id decides on its lane, and so on the order of sweeping."""

    def __init__(self) -> None:
        self.given = 0

    def new(self) -> str:
        self.given += 1
        return f"{self.given:08d}"


class Deliveries(RuleBasedStateMachine):
    """bell-rung → listener → bell-heard → echo → a text message."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        self.world = World(Path(self.folder.name), CountedIds())
        self.outside = Faults()
        self.sent: Counter[str] = Counter()
        self.rung = 0
        self.waiting: list[tuple[str, Message]] = []
        self.acknowledged: list[tuple[str, Message]] = []
        self.forwarded = 0
        self.meanwhile: Callable[[], None] | None = None
        self.consumers: dict[str, Consumer] = {
            "listener": consumer(self.world, self.listen, name="listener"),
            "echo": consumer(self.world, self.echo, name="echo", subscribes="bell-heard"),
        }

    # the product

    def listen(self, event: BellRung, work: UnitOfWork) -> None:
        count(work, f"listened/{event.name}")
        count(work, "totals/listened")
        work.emit(BellHeard(name=event.name))
        self.interrupt()

    def echo(self, event: BellHeard, work: UnitOfWork) -> None:
        Effects(work.tenant).perform(
            event.name, lambda: self.send(event.name), look_up=lambda since: self.look_up(event.name, since)
        )
        # Written without having been read: only the lease keeps a second run from leaving a second one.
        work.put(f"echoes/{uuid.uuid4().hex}", {"name": event.name})
        self.interrupt()

    def send(self, name: str) -> Mapping[str, Any]:
        def happen() -> Mapping[str, Any]:
            self.sent[name] += 1
            return {"sent": name}

        if isinstance(self.outside.error, Unavailable):
            self.outside.after = False  # a provider says so only when it surely did not happen
        return self.outside.around(happen)

    def look_up(self, name: str, since: datetime) -> Mapping[str, Any] | None:
        return {"sent": name} if self.sent[name] else None

    def interrupt(self) -> None:
        meanwhile, self.meanwhile = self.meanwhile, None
        if meanwhile:
            meanwhile()

    # what happens

    @initialize(times=st.integers(1, 4))
    def ring_some(self, times: int) -> None:
        for _ in range(times):
            self.ring()

    @rule()
    def ring(self) -> None:
        self.rung += 1
        self.waiting.append(("listener", envelope(str(self.rung)).to_message()))

    @precondition(lambda self: self.waiting)
    @rule(choice=CHOICE, fault=FAULTS)
    def deliver(self, choice: int, fault: Fault | None) -> None:
        self.attempt(self.waiting[choice % len(self.waiting)], fault)

    @precondition(lambda self: self.acknowledged)
    @rule(choice=CHOICE, fault=FAULTS)
    def deliver_again_what_was_acknowledged(self, choice: int, fault: Fault | None) -> None:
        self.attempt(self.acknowledged[choice % len(self.acknowledged)], fault)

    @precondition(lambda self: self.waiting)
    @rule(choice=CHOICE, fault=st.none() | FAULT)
    def deliver_and_be_overtaken(self, choice: int, fault: Fault | None) -> None:
        """The lease runs out while the handler runs, and another delivery gets through first."""
        delivery = self.waiting[choice % len(self.waiting)]

        def overtake() -> None:
            self.world.clock.pass_by(LEASE_OVER_S)
            self.attempt(delivery, None)

        self.meanwhile = overtake
        self.attempt(delivery, fault)
        self.meanwhile = None

    @precondition(lambda self: len(self.waiting) > 1)
    @rule(choice=CHOICE, other=CHOICE)
    def deliver_two_at_once(self, choice: int, other: int) -> None:
        """Both change the same totals; the one that read first commits last."""
        first = self.waiting[choice % len(self.waiting)]
        others = [delivery for delivery in self.waiting if delivery != first]
        if others:
            self.meanwhile = lambda: self.attempt(others[other % len(others)], None)
            self.attempt(first, None)
            self.meanwhile = None

    @rule(seconds=st.integers(1, 90))
    def wait(self, seconds: int) -> None:
        self.world.clock.pass_by(seconds)

    @rule(fault=FAULTS)
    def sweep(self, fault: Fault | None) -> None:
        self.world.clock.pass_by(60)
        self.broken(fault, lambda: sweep(self.world.platform, self.world.clock.now(), limit=2))

    def attempt(self, delivery: tuple[str, Message], fault: Fault | None) -> None:
        name, message = delivery
        verdict = self.broken(fault, lambda: self.consumers[name].handle(push(message)))
        if verdict is not None and verdict.status < 300 and delivery in self.waiting:
            self.waiting.remove(delivery)
            self.acknowledged.append(delivery)
        if verdict is not None and verdict.status >= 300:
            # A commit that failed after it took effect leaves a lease nobody knows of; the next delivery
            # would wait for it by the machine's clock.
            self.world.clock.pass_by(LEASE_OVER_S)
        self.forward()

    def broken(self, fault: Fault | None, call: Callable[[], Any]) -> Any:
        """None when the process died; its lease is then over before anybody else comes."""
        broken = {"store": self.world.store.faults, "bus": self.world.bus.faults, "outside": self.outside}
        if fault:
            broken[fault.where].arm(
                fault.error, healthy=fault.healthy, after=fault.after, lasting=fault.lasting
            )
        try:
            return call()
        except (Killed, Unavailable, RuntimeError):
            self.world.clock.pass_by(LEASE_OVER_S)
            return None
        finally:
            for faults in broken.values():
                faults.disarm()

    def forward(self) -> None:
        told = self.world.bus.on("bell-heard")
        self.waiting += [("echo", message) for message in told[self.forwarded :]]
        self.forwarded = len(told)

    # what must hold

    @invariant()
    def nothing_has_its_effect_twice(self) -> None:
        for number in range(1, self.rung + 1):
            assert self.times(f"listened/{number}") <= 1
            assert self.echoes()[str(number)] <= 1
            assert self.sent[str(number)] <= 1

    def times(self, path: str) -> int:
        found = self.world.data(path)
        return found["times"] if found else 0

    def echoes(self) -> Counter[str]:
        found = self.world.store.inner.query(Query("tenants/t1/echoes"))
        return Counter(document.data["name"] for document in found)

    def teardown(self) -> None:
        self.settle()
        for number in range(1, self.rung + 1):
            assert self.times(f"listened/{number}") == 1
            assert self.echoes()[str(number)] == 1
            assert self.sent[str(number)] == 1
        assert self.times("totals/listened") == self.rung
        assert len({message.attributes["ce-id"] for message in self.world.bus.on("bell-heard")}) == self.rung
        assert self.handled() == {"listener": self.rung, "echo": self.rung} or not self.rung
        self.world.platform.close()
        self.folder.cleanup()

    def handled(self) -> Counter[str]:
        """Rows of the ledger by capability, each event counted once as the queries do."""
        rows = {row["event_id"]: row for row in self.world.ledger() if row["type"] == "event.handled"}
        return Counter(row["capability"] for row in rows.values())

    def settle(self) -> None:
        """Nothing fails any more: time passes, the sweeper runs, people decide what nobody knows."""
        for _ in range(20):
            self.world.clock.pass_by(100)
            sweep(self.world.platform, self.world.clock.now())
            self.forward()
            for delivery in list(self.waiting):
                self.attempt(delivery, None)
            self.decide()
            if not self.waiting and not self.world.root("outbox"):
                return
        raise AssertionError(f"left: {json.dumps([name for name, _ in self.waiting])}")

    def decide(self) -> None:
        store = self.world.store.inner
        for effect in store.query(Query("tenants/t1/effects", (("state", "==", "unknown"),))):
            assert not self.sent[effect.id], "the provider would have known"
            store.commit([Write(effect.path, None)])


TestDeliveries = Deliveries.TestCase
TestDeliveries.settings = settings(max_examples=60, stateful_step_count=25, deadline=None)
