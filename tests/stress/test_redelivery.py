"""What the bus may do: the same message many times at once, long after it was done, and out of order."""

from __future__ import annotations

import random
import time
from collections.abc import Iterator
from functools import partial
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.stress.dealership import QUESTIONS, Dealership, open_dealership, side_by_side
from tests.stress.fleet import Fleet
from tests.stress.reckoning import eventually, reckon

Push = tuple[str, dict[str, Any]]

SESSIONS, MESSAGES = 2, 3


def test_every_message_delivered_many_times_at_once_to_several_processes_is_handled_once(
    dealership: Dealership,
) -> None:
    chance = random.Random(5)
    dealership.fleet.front.copies = lambda: chance.randint(5, 20)
    before = dealership.fleet.front.answers.total()
    talks = [partial(dealership.converse, 2, random.Random(seed)) for seed in range(8)]
    side_by_side(talks)
    reckon(dealership)
    pushes = dealership.fleet.front.answers.total() - before
    assert pushes >= 5 * 2 * len(dealership.said), "there was no storm"


def test_what_was_done_long_ago_is_delivered_again_and_changes_nothing(dealership: Dealership) -> None:
    dealership.converse(3, random.Random(1))
    reckon(dealership)
    fleet, done = dealership.fleet, dealership.fleet.front.answers.copy()
    again = [
        partial(fleet.front.push, consumer, {"message": one.message}, 10)
        for consumer, topic in (("membrane", "message-received"), ("plate_composer", "intent-resolved"))
        for one in fleet.front.witness.told(dealership.name, topic).values()
    ]
    side_by_side(again)
    assert sum((fleet.front.answers - done).values()) == len(again) * 10
    assert {reason for _, reason in fleet.front.answers - done} == {"done before"}
    reckon(dealership)


@pytest.fixture
def by_hand(fleet: Fleet) -> Iterator[Fleet]:
    """The test is the bus: what is published waits until it is delivered by hand."""
    fleet.front.keep()
    yield fleet
    fleet.front.forward()


@settings(
    max_examples=6,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(data=st.data())
def test_messages_of_a_session_in_any_order_are_answered_in_theirs(
    by_hand: Fleet, data: st.DataObject
) -> None:
    dealership = open_dealership(by_hand)
    for _ in range(SESSIONS):
        session = ""
        for _ in range(MESSAGES):
            session = dealership.say(data.draw(st.sampled_from(QUESTIONS)), session).session_id
    for consumer in ("membrane", "plate_composer"):
        waiting = _published(by_hand, dealership, consumer)
        order = data.draw(st.permutations(range(len(waiting))))
        repeated = data.draw(st.lists(st.sampled_from(order), max_size=3))
        _deliver_until_taken(by_hand, [waiting[n] for n in (*order, *repeated)])
    reckon(dealership)


def _published(fleet: Fleet, dealership: Dealership, consumer: str) -> list[Push]:
    def own() -> list[Push]:
        return [
            (function, pushed)
            for function, pushed in fleet.front.kept()
            if function == consumer and pushed["message"]["attributes"]["ce-tenantid"] == dealership.name
        ]

    eventually(lambda: len(own()) == len(dealership.said), lambda: f"[{len(own())}] for {consumer}")
    return own()


def _deliver_until_taken(fleet: Fleet, pushes: list[Push]) -> None:
    """Round after round, as a bus that keeps no order and has no patience."""
    until = time.monotonic() + 30
    while pushes:
        assert time.monotonic() < until, f"[{len(pushes)}] never taken"
        pushes = [(name, pushed) for name, pushed in pushes if fleet.front.push(name, pushed) != [200]]
