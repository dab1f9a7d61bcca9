"""Functions whose providers have bad days of every kind: answers in time, nothing lost, nothing doubled."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from shared.testing.fault_proxy import Wire
from tests.stress.busy import busy
from tests.stress.dealership import Dealership
from tests.stress.fleet import Fleet
from tests.stress.reckoning import eventually, reckon

ROUTED = {"intent": "INVENTORY", "confidence": 0.97, "second_intent": None, "entities": {}}


@pytest.fixture
def gemini_answers(fleet: Fleet) -> Iterator[None]:
    fleet.cloud.gemini.answer = ROUTED
    yield
    fleet.cloud.gemini.answer = {}
    fleet.cloud.gemini.statuses.clear()


def test_a_gemini_that_never_answers_is_soon_not_asked_any_more(
    dealership: Dealership, gemini_answers: None
) -> None:
    fleet, asked = dealership.fleet, len(dealership.fleet.cloud.gemini.requests)

    def are_settled() -> bool:
        fleet.wires.gemini.reset()  # it hears each question and hangs up
        return len(fleet.front.witness.told(dealership.name, "intent-resolved")) == len(dealership.said)

    with a_bad_day(fleet, "deaf"):
        with busy(dealership, talks=8, messages=4, leads=0):
            are_settled()
        eventually(are_settled, lambda: "messages wait")
    reckon(dealership)
    assert len(fleet.cloud.gemini.requests) - asked <= len(dealership.said) * 2 // 3


def test_while_gemini_has_bad_days_the_embedded_router_answers_every_message(
    dealership: Dealership, gemini_answers: None
) -> None:
    with busy(dealership, talks=8, messages=5, leads=0):
        for kind in ("429", "500", "babble", "deaf", "cut"):
            with a_bad_day(dealership.fleet, kind):
                await_more(dealership, 5)
    reckon(dealership)
    told = dealership.fleet.front.witness.told(dealership.name, "intent-resolved").values()
    providers = Counter(str(one.data["provider"]) for one in told)
    assert providers["embedded"] >= 15, providers


@contextmanager
def a_bad_day(fleet: Fleet, kind: str) -> Iterator[None]:
    gemini, wire = fleet.cloud.gemini, fleet.wires.gemini
    if kind.isdigit():
        gemini.statuses[:] = [int(kind)] * 500
    elif kind == "babble":
        gemini.answer = "I think you mean"
    else:
        wire.become(Wire(kind))
    yield
    gemini.statuses.clear()
    gemini.answer = ROUTED
    wire.mend()
    wire.reset()


def await_more(dealership: Dealership, messages: int) -> None:
    """So many further messages have their meaning."""
    witness, name = dealership.fleet.front.witness, dealership.name
    wanted = len(witness.told(name, "intent-resolved")) + messages
    eventually(lambda: len(witness.told(name, "intent-resolved")) >= wanted, lambda: f"[{wanted}] intents")


def test_while_the_warehouse_has_bad_days_plates_come_later_and_once(dealership: Dealership) -> None:
    wires = dealership.fleet.wires
    with busy(dealership, talks=8, messages=4, leads=0):
        for wire in (Wire.CUT, Wire.DEAF, Wire.HELD, Wire.CUT):
            with wires.warehouse.being(wire):
                time.sleep(0.7)
            time.sleep(0.2)
    reckon(dealership)
