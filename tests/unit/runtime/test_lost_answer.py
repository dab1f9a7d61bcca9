"""A commit that stands although its answer was lost is taken for what it is; an outage has an answer too."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pytest

from shared.errors import Unavailable
from shared.ports import Write
from shared.runtime.effects import Effects
from shared.runtime.inject import read_signature
from shared.runtime.lease import Lease, acquire, release
from shared.runtime.tick import handle_tick
from shared.runtime.work import UnitOfWork
from tests.unit.runtime.rig import BellHeard, BellRung, World, consumer, manifest, pushed
from tests.unit.runtime.shell import Shell

DOWN = Unavailable("down")


@dataclass
class Commits:
    """The store's commits are counted; one of them stands (or not) and is not answered."""

    world: World
    failing: int
    stands: bool = True
    made: int = 0

    def __post_init__(self) -> None:
        self._commit = self.world.store.inner.commit
        self.world.store.inner.commit = self._counted  # type: ignore[method-assign]  # fails on purpose

    def _counted(self, writes: Sequence[Write]) -> list[str]:
        self.made += 1
        if self.made != self.failing:
            return self._commit(writes)
        if self.stands:
            self._commit(writes)
        raise DOWN


def hear(event: BellRung, work: UnitOfWork) -> None:
    found = work.get("heard/a")
    work.put("heard/a", {"times": (found.data["times"] if found else 0) + 1})
    work.emit(BellHeard(name=event.name))


@pytest.mark.parametrize("failing", [1, 2], ids=["the lease", "the work"])
def test_an_event_whose_commit_was_not_answered_is_done_with_its_first_delivery(
    world: World, failing: int
) -> None:
    commits = Commits(world, failing)
    assert consumer(world, hear).handle(pushed()).status == 200
    assert commits.made == 3  # the lease, the work, the outbox once it is published
    assert world.data("heard/a") == {"times": 1}
    assert len(world.bus.on("bell-heard")) == 1
    assert world.root("outbox") == []


def test_a_request_whose_commit_was_not_answered_is_answered_as_done(shell: Shell) -> None:
    commits = Commits(shell.world, failing=1)
    assert shell.call(name="a").status == 201
    assert commits.made == 2
    assert (shell.times(), shell.world.root("outbox")) == (1, [])


def test_a_commit_that_does_not_stand_is_a_failure(shell: Shell) -> None:
    Commits(shell.world, failing=1, stands=False)
    assert shell.call(name="a").status == 503
    assert shell.times() == 0


def test_a_lease_whose_answer_was_lost_is_the_takers_own_and_no_other(world: World) -> None:
    now = world.clock.now()
    world.store.faults.arm(DOWN, after=True)
    lease = acquire(world.store, "leases/l", now=now, seconds=30)
    assert isinstance(lease, Lease)
    lease.check(world.store)
    world.store.faults.arm(DOWN)
    with pytest.raises(Unavailable):  # the same instant, another taker
        acquire(world.store, "leases/l", now=now, seconds=30)


@pytest.mark.parametrize("failing", [1, 2], ids=["the claim", "the record"])
def test_an_effect_whose_document_was_not_answered_is_known_all_the_same(world: World, failing: int) -> None:
    happened: list[int] = []

    def call() -> dict[str, int]:
        happened.append(1)
        return {"receipt": len(happened)}

    effects = Effects(world.platform.tenant("t1"))
    Commits(world, failing)
    assert effects.perform("sms", call) == {"receipt": 1}
    assert effects.perform("sms", call) == {"receipt": 1}
    assert len(happened) == 1


def test_a_lease_that_cannot_be_given_back_hides_no_error(world: World) -> None:
    lease = acquire(world.store, "leases/l", now=world.clock.now(), seconds=30)
    assert isinstance(lease, Lease)
    world.store.faults.arm(DOWN)
    release(world.store, lease)
    lease.check(world.store)


@pytest.mark.parametrize("body", [pushed(), b"no push"], ids=["an event", "what nobody can read"])
def test_while_the_store_is_away_a_delivery_is_refused_for_now(world: World, body: bytes) -> None:
    world.store.faults.arm(DOWN, lasting=1_000)
    verdict = consumer(world, hear).handle(body)
    assert (verdict.status, verdict.reason) == (503, "Unavailable: down")


def test_while_the_store_is_away_a_schedule_is_answered(world: World) -> None:
    ticking = manifest("t", kind="schedule", subscribes=None, schedule={"cron": "* * * * *"}, handler="hear")
    world.store.faults.arm(DOWN, lasting=1_000)
    answer = handle_tick(world.platform, ticking, read_signature(hear))
    assert answer.status == 503
