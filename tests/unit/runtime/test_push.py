"""Whether a delivered event is acknowledged, and what stands afterwards."""

from __future__ import annotations

import base64
import json
import threading
from dataclasses import replace
from typing import Any

import pytest

from shared.errors import InvalidInput, NotYetInOrder, Unavailable
from shared.runtime.push import Consumer, Delivery, read_message, read_push
from shared.runtime.work import UnitOfWork
from tests.unit.runtime.rig import BellHeard, BellRung, Killed, World, consumer, envelope, push, pushed


class Listener:
    """Counts in a document, tells in turn, and fails on demand."""

    def __init__(self) -> None:
        self.failure: BaseException | None = None
        self.runs = 0

    def hear(self, event: BellRung, work: UnitOfWork) -> None:
        self.runs += 1
        found = work.get(f"counts/{event.name}")
        work.put(f"counts/{event.name}", {"times": (found.data["times"] if found else 0) + 1})
        work.emit(BellHeard(name=event.name))
        if self.failure is not None:
            raise self.failure


@pytest.fixture
def listener() -> Listener:
    return Listener()


@pytest.fixture
def ears(world: World, listener: Listener) -> Consumer:
    return consumer(world, listener.hear)


def times(world: World, name: str = "a", tenant: str = "t1") -> int:
    found = world.data(f"counts/{name}", tenant)
    return found["times"] if found else 0


def test_a_good_event_is_handled_and_acknowledged(world: World, ears: Consumer) -> None:
    assert ears.handle(pushed()).status == 200
    assert times(world) == 1
    (told,) = world.bus.on("bell-heard")
    assert told.attributes["ce-causationid"] == "event-a"
    assert told.attributes["ce-correlationid"] == "correlation"
    (row,) = world.ledger()
    assert (row["type"], row["capability"], row["causation_id"]) == ("event.handled", "listener", "event-a")


def test_the_second_delivery_changes_nothing(world: World, ears: Consumer, listener: Listener) -> None:
    verdicts = [ears.handle(pushed(attempt=attempt)) for attempt in (1, 2, 3)]
    assert [verdict.status for verdict in verdicts] == [200] * 3
    assert (listener.runs, times(world), len(world.bus.on("bell-heard"))) == (1, 1, 1)
    assert len(world.ledger()) == 1


def test_the_same_event_id_in_another_tenant_is_another_event(world: World, ears: Consumer) -> None:
    ears.handle(pushed(id="same"))
    ears.handle(pushed(id="same", tenant="t2"))
    assert (times(world), times(world, tenant="t2")) == (1, 1)


def test_two_consumers_of_one_event_each_handle_it(world: World, listener: Listener) -> None:
    for name in ("listener", "eavesdropper"):
        assert consumer(world, listener.hear, name=name).handle(pushed()).status == 200
    assert times(world) == 2
    assert len({message.attributes["ce-id"] for message in world.bus.on("bell-heard")}) == 2


NESTED = (
    b'{"message": {"data": "'
    + base64.b64encode(b"[" * 100_000)
    + b'", "attributes": %s}}' % json.dumps(dict(envelope().to_message().attributes)).encode()
)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"\xff\xfe",
        b"[]",
        b"7",
        b"null",
        b"{}",
        b'{"message": 7}',
        b'{"message": {"data": "***"}}',
        b'{"message": {"attributes": ["ce-id"]}}',
        b'{"message": {"attributes": {}}}',
        b'{"message": {"publishTime": 7}}',
        b'{"message": {"publishTime": "yesterday"}}',
        b'{"message": {}, "deliveryAttempt": "many"}',
        b"[" * 100_000,
        NESTED,
        pushed(ce_id="../../other"),
        pushed(ce_tenantid="t1/x"),
        pushed(ce_time="noon"),
    ],
)
def test_what_is_no_push_of_an_event_is_recorded_whole_and_acknowledged(
    world: World, ears: Consumer, body: bytes
) -> None:
    for _ in range(2):
        assert ears.handle(body).status == 200
    (record,) = world.root("rejected")
    assert record.data["body"] == body.decode("utf-8", "replace")
    assert record.data["function"] == "listener"
    assert record.data["reason"]
    assert times(world) == 0


@pytest.mark.parametrize("data", [{}, {"name": 7}, {"name": None}, [], "x", None])
def test_an_event_with_a_wrong_field_is_recorded_for_its_tenant(
    world: World, ears: Consumer, data: Any
) -> None:
    message = replace(envelope(), data=data).to_message()
    assert ears.handle(push(message)).status == 200
    (record,) = world.root("rejected")
    assert record.data["tenant_id"] == "t1"
    assert "bell-rung" in record.data["reason"]
    assert [row["type"] for row in world.ledger()] == ["event.rejected"]


def test_an_event_of_another_topic_is_recorded(world: World, ears: Consumer) -> None:
    assert ears.handle(pushed(ce_type="bell-heard")).status == 200
    assert "expected an event [bell-rung]" in world.root("rejected")[0].data["reason"]


def test_a_handlers_rejection_is_recorded_once_and_acknowledged(
    world: World, ears: Consumer, listener: Listener
) -> None:
    listener.failure = InvalidInput("no such lane")
    assert ears.handle(pushed()).status == 200
    assert ears.handle(pushed(attempt=2)).reason == "done before"
    assert (listener.runs, times(world), world.bus.on("bell-heard")) == (1, 0, [])
    (record,) = world.root("rejected")
    assert (record.data["reason"], record.data["tenant_id"]) == ("no such lane", "t1")
    assert [row["outcome"] for row in world.ledger()] == ["rejected"]


def test_a_rejected_event_is_handled_again_only_by_a_replay_that_asks_for_it(
    world: World, ears: Consumer, listener: Listener
) -> None:
    listener.failure = InvalidInput("no")
    ears.handle(pushed())
    listener.failure = None
    assert ears.handle(pushed(replay_for="listener")).reason == "done before"
    again = pushed(replay_for="listener", rejected_again="letter")
    assert ears.handle(again).reason == "done"
    assert ears.handle(again).reason == "done before"
    assert times(world) == 1


@pytest.mark.parametrize("failure", [Unavailable("down"), NotYetInOrder("wait")])
def test_a_transient_failure_is_delivered_again_and_is_no_failure_in_the_ledger(
    world: World, ears: Consumer, listener: Listener, failure: Exception
) -> None:
    listener.failure = failure
    assert ears.handle(pushed()).status == 503
    assert (times(world), world.ledger()) == (0, [])
    listener.failure = None
    assert ears.handle(pushed(attempt=2)).status == 200
    assert times(world) == 1


def test_an_unexpected_failure_is_recorded_without_its_words_and_delivered_again(
    world: World, ears: Consumer, listener: Listener
) -> None:
    listener.failure = RuntimeError("Ann Smith, +13125550142")
    verdict = ears.handle(pushed())
    assert (verdict.status, verdict.reason) == (500, "RuntimeError")
    (row,) = world.ledger()
    assert (row["type"], row["outcome"]) == ("event.failed", "failed")
    assert "Ann" not in json.dumps(row)
    listener.failure = None
    assert ears.handle(pushed(attempt=2)).status == 200
    assert times(world) == 1


def test_the_last_failure_is_in_the_ledger_as_a_dead_letter(
    world: World, ears: Consumer, listener: Listener
) -> None:
    listener.failure = Unavailable("down")
    assert ears.handle(pushed(attempt=5)).status == 503
    assert [row["type"] for row in world.ledger()] == ["event.dead_lettered"]


def test_a_replay_for_another_consumer_is_acknowledged_and_ignored(
    world: World, ears: Consumer, listener: Listener
) -> None:
    assert ears.handle(pushed(replay_for="somebody-else")).status == 200
    assert listener.runs == 0
    assert ears.handle(pushed(replay_for="listener")).status == 200
    assert times(world) == 1


def test_a_replay_finds_its_consumer_by_either_of_its_names(world: World, listener: Listener) -> None:
    ears = consumer(world, listener.hear, name="bell_listener")
    for number, name in enumerate(("bell_listener", "bell-listener")):
        ears.handle(pushed(str(number), replay_for=name))
    assert listener.runs == 2


def test_a_delivery_waits_for_one_at_work_and_meets_its_end(world: World, listener: Listener) -> None:
    entered, leave = threading.Event(), threading.Event()

    def slow(event: BellRung, work: UnitOfWork) -> None:
        entered.set()
        leave.wait(5)
        listener.hear(event, work)

    first = threading.Thread(target=consumer(world, slow).handle, args=(pushed(),))
    first.start()
    entered.wait(5)
    threading.Timer(0.2, leave.set).start()
    assert consumer(world, listener.hear).handle(pushed(attempt=2)).reason == "done before"
    first.join()
    assert times(world) == 1


def test_all_deliveries_together_outlast_the_lease_of_a_killed_process(
    world: World, listener: Listener
) -> None:
    """Else a kill would end in the dead letters: the attempts would be over before the lease is."""
    ears = consumer(world, listener.hear, timeout_seconds=0.1)
    listener.failure = Killed()
    with pytest.raises(Killed):
        ears.handle(pushed())
    listener.failure = None
    world.clock.run()
    last = ears.manifest.max_attempts
    statuses = [ears.handle(pushed(attempt=attempt)).status for attempt in range(2, last + 1)]
    assert statuses == [503, 503, 503, 200]
    assert times(world) == 1


def test_a_holder_that_was_overtaken_neither_commits_nor_runs_again(world: World, listener: Listener) -> None:
    runs: list[int] = []

    def overtaken(event: BellRung, work: UnitOfWork) -> None:
        runs.append(1)
        listener.hear(event, work)
        world.clock.pass_by(36)
        assert consumer(world, listener.hear).handle(pushed(attempt=2)).status == 200

    assert consumer(world, overtaken).handle(pushed()).status == 503
    assert len(runs) == 1
    assert (times(world), len(world.bus.on("bell-heard"))) == (1, 1)


def test_what_was_pushed_can_be_published_as_it_was() -> None:
    message = envelope().to_message()
    body = json.loads(push(message))
    body["message"]["orderingKey"] = message.ordering_key
    assert read_message(json.dumps(body).encode()) == message


def test_a_delivery_knows_when_it_was_published_and_how_often_it_was_tried() -> None:
    delivery: Delivery = read_push(pushed(attempt=3))
    assert delivery.attempt == 3
    assert delivery.published_at is not None
    assert delivery.published_at.isoformat() == "2026-11-20T09:00:00+00:00"
