"""Everything a handler changes is committed once and whole, or not at all."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from shared.errors import Conflict, InvalidInput, LeaseHeld, NotFound, Unavailable
from shared.ports import Expect, Query, Write
from shared.runtime.cause import Cause
from shared.runtime.unit import TRIES, run_unit
from shared.runtime.work import UnitOfWork
from tests.unit.runtime.rig import BellHeard, Killed, World

CAUSE = Cause("c1", "listener", "t1", "correlation")


def count(work: UnitOfWork) -> int:
    found = work.get("counters/c")
    number: int = (found.data["n"] if found else 0) + 1
    work.put("counters/c", {"n": number})
    return number


def test_many_at_once_lose_no_change(world: World) -> None:
    def ten(worker: int) -> None:
        for number in range(10):
            run_unit(world.platform, Cause(f"{worker}-{number}", "listener", "t1", "x"), count)

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(ten, range(4)))
    assert world.data("counters/c") == {"n": 40}


def test_a_conflict_runs_the_handler_again_on_fresh_reads_and_creates_the_same_ids(world: World) -> None:
    seen: list[tuple[int, str, str]] = []

    def handler(work: UnitOfWork) -> None:
        number = count(work)
        seen.append((number, work.new_id(), work.emit(BellHeard(name="b"))))
        if len(seen) == 1:
            world.store.inner.commit([Write("tenants/t1/counters/c", {"n": 41})])

    run_unit(world.platform, CAUSE, handler)
    (first, first_id, first_event), (second, second_id, second_event) = seen
    assert (first, second) == (1, 42)
    assert first_id == second_id
    assert first_event == second_event
    assert world.data("counters/c") == {"n": 42}
    assert len(world.bus.on("bell-heard")) == 1


def test_what_was_asked_once_is_not_asked_again_after_a_conflict(world: World) -> None:
    asked: list[str] = []
    answers: list[str] = []

    def ask() -> str:
        asked.append("model")
        if len(asked) == 1:
            world.store.inner.commit([Write("tenants/t1/counters/c", {"n": 41})])
        return f"answer {len(asked)}"

    def handler(work: UnitOfWork) -> None:
        count(work)
        answers.append(work.once("model", ask))

    run_unit(world.platform, CAUSE, handler)
    run_unit(world.platform, CAUSE, handler)
    assert answers == ["answer 1", "answer 1", "answer 2"]
    assert world.data("counters/c") == {"n": 43}


def test_a_document_a_query_gave_is_guarded_like_one_that_was_got(world: World) -> None:
    world.store.commit([Write("tenants/t1/counters/c", {"n": 1})])
    seen: list[int] = []

    def handler(work: UnitOfWork) -> None:
        (found,) = work.query(Query("counters"))
        seen.append(found.data["n"])
        if len(seen) == 1:
            world.store.inner.commit([Write("tenants/t1/counters/c", {"n": 10})])
        work.put(found.path, {"n": found.data["n"] + 1})

    run_unit(world.platform, CAUSE, handler)
    assert seen == [1, 10]
    assert world.data("counters/c") == {"n": 11}


def test_a_conflict_that_never_ends_gets_out(world: World) -> None:
    runs: list[int] = []

    def handler(work: UnitOfWork) -> None:
        runs.append(count(work))
        world.store.inner.commit([Write("tenants/t1/counters/c", {"n": len(runs) * 100})])

    with pytest.raises(Conflict):
        run_unit(world.platform, CAUSE, handler)
    assert len(runs) == TRIES


def test_a_cause_that_is_somebody_elses_is_not_run_again(world: World) -> None:
    runs: list[int] = []

    def handler(work: UnitOfWork) -> None:
        runs.append(count(work))
        world.store.inner.commit([Write("tenants/t1/counters/c", {"n": 100})])

    def fence() -> None:
        raise LeaseHeld("taken over")

    with pytest.raises(LeaseHeld):
        run_unit(world.platform, CAUSE, handler, fence=fence)
    assert len(runs) == 1


def test_a_handler_that_fails_changes_and_tells_nothing(world: World) -> None:
    def handler(work: UnitOfWork) -> None:
        count(work)
        work.emit(BellHeard(name="b"))
        raise InvalidInput("no")

    with pytest.raises(InvalidInput):
        run_unit(world.platform, CAUSE, handler)
    assert world.data("counters/c") is None
    assert world.root("outbox") == []
    assert world.bus.messages == []


def test_extra_writes_stand_or_fall_with_the_work(world: World) -> None:
    world.store.commit([Write("marks/m", {})])
    mark = Write("marks/m", {}, Expect.ABSENT)
    with pytest.raises(Conflict):
        run_unit(world.platform, CAUSE, count, extra=lambda _: [mark])
    assert world.data("counters/c") is None


@pytest.mark.parametrize("after", [False, True])
def test_a_publish_that_fails_leaves_the_outbox_and_the_work_stands(world: World, after: bool) -> None:
    def handler(work: UnitOfWork) -> int:
        work.emit(BellHeard(name="b"))
        return count(work)

    world.bus.faults.arm(Unavailable("down"), after=after)
    assert run_unit(world.platform, CAUSE, handler) == 1
    (left,) = world.root("outbox")
    assert left.data["messages"][0]["topic"] == "bell-heard"
    assert world.data("counters/c") == {"n": 1}


def test_a_process_killed_between_commit_and_publish_leaves_the_message(world: World) -> None:
    world.bus.faults.arm(Killed())
    with pytest.raises(Killed):
        run_unit(world.platform, CAUSE, lambda work: work.emit(BellHeard(name="b")))
    assert len(world.root("outbox")) == 1


def test_reads_see_what_the_work_itself_wrote(world: World) -> None:
    def handler(work: UnitOfWork) -> None:
        work.create("a/1", {"n": 1})
        assert work.require("a/1").data == {"n": 1}
        work.update("a/1", {"m": 2})
        assert work.require("a/1").data == {"n": 1, "m": 2}
        work.delete("a/1")
        assert work.get("a/1") is None

    run_unit(world.platform, CAUSE, handler)
    assert world.data("a/1") is None


def test_creating_what_exists_is_a_conflict_and_requiring_what_does_not_is_not_found(world: World) -> None:
    run_unit(world.platform, CAUSE, lambda work: work.create("a/1", {"n": 1}))
    with pytest.raises(Conflict):
        run_unit(world.platform, CAUSE, lambda work: work.create("a/1", {"n": 2}))
    with pytest.raises(NotFound, match="a/2"):
        run_unit(world.platform, CAUSE, lambda work: work.require("a/2"))
    assert world.data("a/1") == {"n": 1}


def test_a_checkpoint_keeps_its_chunk_when_a_later_one_fails(world: World) -> None:
    def handler(work: UnitOfWork) -> None:
        work.put("a/1", {})
        work.emit(BellHeard(name="one"))
        work.checkpoint()
        work.put("a/2", {})
        work.emit(BellHeard(name="two"))
        raise InvalidInput("no")

    with pytest.raises(InvalidInput):
        run_unit(world.platform, CAUSE, handler)
    assert world.data("a/1") == {}
    assert world.data("a/2") is None
    assert len(world.bus.on("bell-heard")) == 1


def test_each_tenants_work_stays_with_the_tenant(world: World) -> None:
    run_unit(world.platform, Cause("c", "listener", "t2", "x"), count)
    assert world.data("counters/c", "t1") is None
    assert world.data("counters/c", "t2") == {"n": 1}


def test_a_checkpoint_goes_on_while_the_bus_is_away_and_leaves_its_messages_to_the_sweeper(
    world: World,
) -> None:
    def handler(work: UnitOfWork) -> None:
        for number in range(3):
            work.put(f"rows/{number}", {})
            work.emit(BellHeard(name=str(number)))
            work.checkpoint()

    world.bus.faults.arm(Unavailable("down"), lasting=2)
    run_unit(world.platform, CAUSE, handler)
    assert [message.data for message in world.bus.messages] == [b'{"name":"2"}']
    assert len(world.root("outbox")) == 2
