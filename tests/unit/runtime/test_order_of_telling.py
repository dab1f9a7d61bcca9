"""What is to arrive in order is told in the order it was committed, whoever dies or is slow in between."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, ClassVar

from shared.errors import Unavailable
from shared.events.base import Event
from shared.ports import Message
from shared.runtime.cause import Cause
from shared.runtime.outbox import outbox_writes, publish, sweep
from shared.runtime.work import UnitOfWork
from tests.unit.runtime.rig import World


class BellsChimed(Event, topic="bells-chimed"):
    """Something a test tells in order."""

    in_order = True
    example: ClassVar[dict[str, Any]] = {"name": "a"}

    name: str

    def about(self) -> str:
        return "bells/all"


def message(name: str, *, key: str = "s1", topic: str = "bell-rung") -> Message:
    return Message(topic, b"{}", {"ce-id": name}, key)


def committed(world: World, outbox_id: str, *messages: Message) -> tuple[str, tuple[Message, ...]]:
    world.store.commit(outbox_writes(outbox_id, messages, world.clock.now()))
    world.clock.pass_by(1)
    return outbox_id, messages


def names(world: World) -> list[str]:
    return [one.attributes["ce-id"] for one in world.bus.messages]


def test_an_earlier_message_nobody_published_goes_first(world: World) -> None:
    committed(world, "first", message("first"))
    publish(world.platform, *committed(world, "second", message("second")))
    assert names(world) == ["first", "second"]
    assert world.root("outbox") == []


def test_whoever_is_late_publishes_only_what_everybody_knows_already(world: World) -> None:
    late, quick = committed(world, "late", message("1")), committed(world, "quick", message("2"))
    publish(world.platform, *quick)
    publish(world.platform, *late)
    assert list(dict.fromkeys(names(world))) == ["1", "2"]
    assert world.root("outbox") == []


def test_a_later_message_waits_for_its_own_publisher(world: World) -> None:
    first = committed(world, "first", message("first"))
    committed(world, "second", message("second"))
    publish(world.platform, *first)
    assert names(world) == ["first"]


def test_other_keys_other_topics_and_messages_without_order_are_left_alone(world: World) -> None:
    committed(world, "a", message("other key", key="s2"), message("none", key=""))
    committed(world, "b", message("other topic", topic="bell-heard"))
    publish(world.platform, *committed(world, "c", message("own"), message("none of order", key="")))
    assert names(world) == ["own", "none of order"]


def test_a_commit_with_several_orders_is_found_by_each(world: World) -> None:
    committed(world, "first", message("a1", key="a"), message("none", key=""), message("b1", key="b"))
    assert len(world.root("outbox")) == 2
    publish(world.platform, *committed(world, "second", message("b2", key="b")))
    assert names(world) == ["b1", "b2"]


def test_what_lies_beside_an_earlier_message_stays_the_sweepers(world: World) -> None:
    """Who tells the later one may have no right to the topics of the rest."""
    committed(world, "first", message("none", key="", topic="bell-cast"), message("first"))
    publish(world.platform, *committed(world, "second", message("second")))
    assert names(world) == ["first", "second"]
    (left,) = world.root("outbox")
    assert left.id == "first-0" and [one["topic"] for one in left.data["messages"]] == ["bell-cast"]
    assert sweep(world.platform, world.clock.now() + timedelta(minutes=2)) == 1
    assert names(world) == ["first", "second", "none"] and world.root("outbox") == []


def test_an_earlier_message_that_cannot_be_published_holds_up_nobody(world: World) -> None:
    committed(world, "first", message("first"))
    second = committed(world, "second", message("second"))
    world.bus.faults.arm(Unavailable("down"))
    publish(world.platform, *second)
    assert names(world) == ["second"]
    assert [document.id for document in world.root("outbox")] == ["first-0"]


def test_the_order_is_that_of_the_commits_not_of_their_beginnings(world: World) -> None:
    """The second began first, and read what the first had committed meanwhile."""
    second = unit(world, "second")
    world.clock.pass_by(1)
    first = unit(world, "first")
    first.commit()
    world.clock.pass_by(1)
    publish(world.platform, second.outbox_id, second.commit())
    assert names(world) == [first.emitted[0].id, second.emitted[0].id]


def unit(world: World, cause: str) -> UnitOfWork:
    work = UnitOfWork(
        tenant=world.platform.tenant("t1"), cause=Cause(cause, "ringer", "t1", cause), now=world.clock.now()
    )
    work.emit(BellsChimed(name=cause))
    return work
