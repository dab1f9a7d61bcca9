"""Pub/Sub hangs, breaks off, or dies with everything it held.

What must hold: an accepted request stands in Firestore with its messages beside it, so whatever Pub/Sub did
not take is published later by the sweeper. What Pub/Sub took and had not delivered is Pub/Sub's to keep: the
service keeps it on disk, the emulator in memory only, so the witness's copies take the place of that disk.
"""

from __future__ import annotations

import random
import time
from functools import partial

import pytest

from shared.testing.fault_proxy import Wire
from tests.stress.boundary import Seen
from tests.stress.busy import busy
from tests.stress.dealership import Dealership, side_by_side
from tests.stress.fleet import TIMEOUT_S, Fleet
from tests.stress.reckoning import await_silence, reckon

ANSWERED_S = TIMEOUT_S
"""The functions' own deadline: whoever asks is answered, not cut off."""


@pytest.mark.parametrize("wire", [Wire.CUT, Wire.HELD, Wire.DEAF], ids=lambda wire: wire.value)
def test_while_the_bus_is_away_requests_are_accepted_in_time_and_told_later(
    dealership: Dealership, wire: Wire
) -> None:
    with dealership.fleet.wires.bus.being(wire):
        side_by_side([dealership.take_lead, partial(dealership.converse, 1, random.Random(1))] * 3)
        assert dealership.slowest_s < ANSWERED_S
        if wire is not Wire.DEAF:
            assert dealership.fleet.front.witness.seen(dealership.name) == []
    reckon(dealership)


def test_a_bus_that_stands_still_for_a_while_holds_up_nothing_for_good(dealership: Dealership) -> None:
    with busy(dealership, talks=6, messages=3, leads=8), dealership.fleet.bus.paused():
        time.sleep(4)
    assert dealership.slowest_s < ANSWERED_S
    reckon(dealership)


def test_a_bus_killed_in_the_middle_and_started_again_loses_and_doubles_nothing(
    dealership: Dealership,
) -> None:
    fleet = dealership.fleet
    with busy(dealership, talks=6, messages=3, leads=8):
        fleet.wires.bus.become(Wire.CUT)  # in the middle of publishing: taken or not, nobody can tell
        await_silence(fleet)
        before = fleet.front.witness.seen(dealership.name)
        fleet.bus.kill()
        time.sleep(1)
        fleet.bus.start()
        fleet.subscribe()
        replay(fleet, before)
        fleet.wires.bus.mend()
    assert before, "the bus died before it had anything"
    reckon(dealership)


def replay(fleet: Fleet, taken: list[Seen]) -> None:
    """All the bus ever took, also what was handled long before it died."""
    fleet.platform.bus.publish([one.as_published() for one in taken])
