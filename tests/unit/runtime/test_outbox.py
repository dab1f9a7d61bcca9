"""Messages wait in the commit they belong to, in documents no store refuses."""

from __future__ import annotations

from collections import Counter
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given, settings
from hypothesis import strategies as st

from shared.adapters.document_rules import check_writes
from shared.errors import Unavailable
from shared.ports import Message, Write
from shared.runtime.outbox import DOCUMENT_BYTES, LANES, SWEEP_AGE, outbox_writes, publish, sweep, waiting
from tests.unit.runtime.rig import World


def message(size: int, name: str = "m") -> Message:
    return Message("bell-rung", b"x" * size, {"ce-id": name}, "key")


@settings(max_examples=60, deadline=None)
@given(sizes=st.lists(st.integers(1, 400_000), max_size=12))
def test_every_document_fits_the_store_and_no_message_is_lost_or_moved(sizes: list[int]) -> None:
    now = datetime(2026, 1, 1, tzinfo=UTC)
    messages = [message(size, str(number)) for number, size in enumerate(sizes)]
    writes = outbox_writes("o", messages, now)
    check_writes(writes)
    kept = [raw["attributes"]["ce-id"] for write in writes for raw in (write.data or {})["messages"]]
    assert kept == [str(number) for number in range(len(sizes))]
    assert len(writes) <= max(1, 2 * sum(sizes) // DOCUMENT_BYTES + 1) or not sizes


def test_few_small_messages_share_one_document(world: World) -> None:
    assert len(outbox_writes("o", [message(100)] * 200, world.clock.now())) == 1
    assert outbox_writes("o", [], world.clock.now()) == []


def test_publishing_forgets_every_part(world: World) -> None:
    messages = [message(300_000)] * 5
    world.store.commit(outbox_writes("o", messages, world.clock.now()))
    assert len(world.root("outbox")) == 3
    publish(world.platform, "o", messages)
    assert world.root("outbox") == []
    assert world.bus.messages == messages


def test_the_sweeper_publishes_the_very_messages_oldest_first(world: World) -> None:
    for number in range(7):
        world.store.commit(outbox_writes(f"o{number}", [message(5, str(number))], world.clock.now()))
        world.clock.pass_by(1)
    world.clock.pass_by(SWEEP_AGE.total_seconds())
    assert sweep(world.platform, world.clock.now(), limit=2) == 7
    assert world.bus.messages == [message(5, str(number)) for number in range(7)]
    assert world.root("outbox") == []


def test_the_sweeper_leaves_alone_what_is_being_published(world: World) -> None:
    world.store.commit(outbox_writes("o", [message(5)], world.clock.now()))
    world.clock.pass_by(SWEEP_AGE.total_seconds() - 1)
    assert sweep(world.platform, world.clock.now()) == 0
    world.clock.pass_by(1)
    assert sweep(world.platform, world.clock.now()) == 1


def test_a_document_that_cannot_be_published_stays_and_holds_up_no_other(world: World) -> None:
    for number in range(5):
        world.store.commit(outbox_writes(f"o{number}", [message(5, str(number))], world.clock.now()))
        world.clock.pass_by(1)
    world.clock.pass_by(60)
    world.bus.faults.arm(Unavailable("down"), healthy=1)
    assert sweep(world.platform, world.clock.now(), limit=2) == 4
    assert [document.id for document in world.root("outbox")] == ["o1-0"]
    assert sweep(world.platform, world.clock.now()) == 1


def test_a_sweeper_that_could_not_forget_publishes_the_same_event_again(world: World) -> None:
    world.store.commit(outbox_writes("o", [message(5)], world.clock.now()))
    world.clock.pass_by(60)
    (left,) = world.root("outbox")
    lanes_before_it = int(left.data["queued"][:2])
    world.store.faults.arm(Unavailable("down"), healthy=lanes_before_it + 1)
    assert sweep(world.platform, world.clock.now()) == 0
    assert sweep(world.platform, world.clock.now()) == 1
    assert world.bus.messages == [message(5)] * 2


def test_messages_with_other_letters_come_out_as_they_went_in(world: World) -> None:
    sent = Message("bell-rung", '{"name":"Zoë — 车"}'.encode(), {"ce-id": "ü"}, "")
    world.store.commit([*outbox_writes("o", [sent], world.clock.now()), Write("x/y", {})])
    world.clock.pass_by(60)
    sweep(world.platform, world.clock.now())
    assert world.bus.messages == [sent]


def test_commits_of_many_dealerships_are_spread_over_the_lanes() -> None:
    now = datetime(2026, 1, 1, tzinfo=UTC)
    queued = [
        write.data["queued"]
        for n in range(400)
        for write in outbox_writes(f"o{n}", [loose(n)], now)
        if write.data
    ]
    share = Counter(one[:2] for one in queued)
    assert len(share) == LANES and max(share.values()) < 2 * 400 / LANES


def loose(number: int) -> Message:
    return Message("bell-rung", b"x", {"ce-id": str(number)}, "")


@given(
    keys=st.lists(st.sampled_from(["a", "b", "c", "d", "e"]), min_size=1, max_size=25),
    limit=st.integers(1, 5),
)
@settings(max_examples=60, deadline=None)
def test_what_is_kept_in_order_is_swept_in_order(keys: list[str], limit: int) -> None:
    with TemporaryDirectory() as folder, closing(World(Path(folder))) as world:
        _swept_in_order(world, keys, limit)


def _swept_in_order(world: World, keys: list[str], limit: int) -> None:
    for number, key in enumerate(keys):
        kept = Message("bell-rung", b"x", {"ce-id": f"{number:03d}"}, key)
        world.store.commit(outbox_writes(f"o{number}", [kept], world.clock.now()))
        world.clock.pass_by(1)
    world.clock.pass_by(60)
    assert sweep(world.platform, world.clock.now(), limit=limit) == len(keys)
    for key in set(keys):
        told = [one.attributes["ce-id"] for one in world.bus.messages if one.ordering_key == key]
        assert told == sorted(told)


def test_what_waits_is_listed_oldest_first_whatever_its_lane(world: World) -> None:
    for number in range(30):
        world.store.commit(outbox_writes(f"o{number}", [loose(number)], world.clock.now()))
        world.clock.pass_by(1)
    assert [document.id for document in waiting(world.platform, 12)] == [f"o{n}-0" for n in range(12)]
