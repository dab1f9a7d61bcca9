"""One delivery at a time works on a cause; who was too slow changes nothing any more."""

from __future__ import annotations

from datetime import timedelta

import pytest

from shared.errors import Conflict, LeaseHeld
from shared.ports import Write
from shared.runtime.lease import Done, Lease, acquire, release
from tests.unit.runtime.rig import World

PATH = "leases/l1"


def take(world: World, **options: bool) -> Lease | Done:
    return acquire(world.store, PATH, now=world.clock.now(), seconds=30, **options)


def held(world: World) -> Lease:
    lease = take(world)
    assert isinstance(lease, Lease)
    return lease


def test_a_lease_is_held_by_one(world: World) -> None:
    held(world)
    with pytest.raises(LeaseHeld):
        take(world)


def test_a_lease_given_back_can_be_taken_at_once(world: World) -> None:
    release(world.store, held(world))
    held(world)


def test_an_expired_lease_is_taken_over_and_its_holder_is_fenced_out(world: World) -> None:
    slow = held(world)
    world.clock.pass_by(29)
    with pytest.raises(LeaseHeld):
        take(world)
    world.clock.pass_by(1)
    quick = held(world)
    with pytest.raises(LeaseHeld):
        slow.check(world.store)
    with pytest.raises(Conflict):
        world.store.commit([Write("effects/e", {}), slow.done(world.clock.now(), {})])
    assert world.store.get("effects/e") is None
    quick.check(world.store)
    world.store.commit([quick.done(world.clock.now(), {"by": "quick"})])
    assert take(world) == Done({"by": "quick"})


def test_a_holder_that_was_fenced_out_gives_nothing_back(world: World) -> None:
    slow = held(world)
    world.clock.pass_by(31)
    quick = held(world)
    release(world.store, slow)
    quick.check(world.store)


def test_of_two_that_take_over_one_gets_it(world: World) -> None:
    held(world)
    world.clock.pass_by(31)
    expired = world.store.get(PATH)
    assert expired is not None
    held(world)
    world.store.get = lambda path: expired  # type: ignore[method-assign]  # what the other one still sees
    with pytest.raises(LeaseHeld, match="took over"):
        take(world)


def test_what_is_done_stays_done_for_longer_than_the_bus_keeps_messages(world: World) -> None:
    world.store.commit([held(world).done(world.clock.now(), {"status": 200})])
    world.clock.pass_by(timedelta(days=10).total_seconds())
    assert take(world) == Done({"status": 200})
    document = world.store.get(PATH)
    assert document is not None
    assert document.data["expires_at"] > world.clock.now()


def test_only_what_was_rejected_is_taken_up_again_on_demand(world: World) -> None:
    world.store.commit([held(world).done(world.clock.now(), {"rejected": "InvalidInput"})])
    assert isinstance(take(world), Done)
    again = take(world, rejected_again=True)
    assert isinstance(again, Lease)
    world.store.commit([again.done(world.clock.now(), {})])
    assert isinstance(take(world, rejected_again=True), Done)
