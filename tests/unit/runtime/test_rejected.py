"""What can never succeed is kept once and whole, or left to the dead letters; it is never lost."""

from __future__ import annotations

import contextlib
import json

import pytest

from shared.errors import InvalidInput
from shared.ports import Message
from shared.runtime.work import UnitOfWork
from tests.unit.runtime.rig import BellRung, Killed, World, consumer, envelope, push, pushed

OVER_A_DOCUMENT = 1_200_000


def refuse(event: BellRung, work: UnitOfWork) -> None:
    raise InvalidInput(f"[{event.name[:5]}] can never be heard")


def large() -> Message:
    return Message(
        "bell-rung", json.dumps({"name": "a" * OVER_A_DOCUMENT}).encode(), envelope().to_message().attributes
    )


def test_a_message_delivered_again_is_kept_once_however_often_it_was_tried(world: World) -> None:
    ears = consumer(world, refuse)
    other_type = {"ce_type": "bell-stolen"}
    assert [ears.handle(pushed(attempt=n, **other_type)).status for n in (1, 2, 3)] == [200, 200, 200]
    assert len(world.root("rejected")) == 1
    assert [row["type"] for row in world.ledger()] == ["event.rejected"]


def test_a_reason_that_quotes_half_a_character_is_kept_too(world: World) -> None:
    assert consumer(world, refuse).handle(pushed(ce_type="\ud800")).status == 200
    (record,) = world.root("rejected")
    assert "got [?]" in record.data["reason"]


@pytest.mark.parametrize(
    "body", [b"x" * OVER_A_DOCUMENT, push(large(), ce_type="bell-stolen"), push(large())]
)
def test_what_is_too_large_to_be_kept_goes_to_the_dead_letters(world: World, body: bytes) -> None:
    verdict = consumer(world, refuse).handle(body)
    assert verdict.status == 500
    assert world.root("rejected") == []


def test_the_last_delivery_of_what_is_too_large_says_why(world: World) -> None:
    ears = consumer(world, refuse)
    assert {ears.handle(push(large(), attempt=n)).status for n in (1, 2, 3, 4, 5)} == {500}
    (record,) = world.root("given_up")
    assert "can never be heard" in record.data["reason"]
    assert [row["type"] for row in world.ledger()] == ["event.failed"] * 4 + ["event.dead_lettered"]


@pytest.mark.parametrize("after", [False, True])
def test_the_record_and_its_row_stand_together_wherever_the_process_dies(world: World, after: bool) -> None:
    ears = consumer(world, refuse)
    for healthy in range(5):
        world.store.faults.arm(Killed(), healthy=healthy, after=after)
        with contextlib.suppress(Killed):
            ears.handle(pushed(ce_type="bell-stolen", attempt=healthy + 1))
        world.store.faults.disarm()
        rows = [row for row in waiting_rows(world) if row["type"] == "event.rejected"]
        assert len(rows) == len(world.root("rejected"))


def waiting_rows(world: World) -> list[dict[str, str]]:
    """Rows of the ledger by event, published or still in the outbox."""
    left = [json.loads(one["data"]) for box in world.root("outbox") for one in box.data["messages"]]
    return list({row["event_id"]: row for row in [*left, *world.ledger()]}.values())
