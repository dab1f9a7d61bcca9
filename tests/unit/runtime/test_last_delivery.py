"""Whatever the last delivery of an event fails at, an operator finds why and whoever waits is told."""

from __future__ import annotations

from shared.runtime.inject import read_signature
from shared.runtime.lease import acquire
from shared.runtime.push import Consumer
from shared.runtime.work import UnitOfWork
from tests.unit.runtime.rig import BellRung, World, manifest, pushed

LAST = 100
MANIFEST = manifest(max_attempts=LAST, timeout_seconds=1)


def hear(event: BellRung, work: UnitOfWork) -> None:
    work.put(f"heard/{event.name}", {})


def apologise(event: BellRung, work: UnitOfWork) -> None:
    work.put(f"apologies/{event.name}", {})
    work.audit("bell.apologised")


def test_a_lease_that_another_still_holds_is_a_failure_of_the_last_delivery_too(world: World) -> None:
    ears = Consumer(world.platform, MANIFEST, read_signature(hear), read_signature(apologise))
    acquire(world.store, "tenants/t1/leases/listener:event-a", now=world.clock.now(), seconds=3600)
    assert ears.handle(pushed(attempt=LAST - 1)).status == 503
    assert (world.root("given_up"), world.ledger(), world.data("apologies/a")) == ([], [], None)
    assert ears.handle(pushed(attempt=LAST)).status == 503
    (reason,) = world.root("given_up")
    assert "another delivery holds" in reason.data["reason"]
    outcomes = [(row["type"], row.get("outcome")) for row in world.ledger()]
    assert outcomes == [("event.dead_lettered", "dead_lettered"), ("bell.apologised", None)]
    assert world.data("apologies/a") == {} and world.data("heard/a") is None
