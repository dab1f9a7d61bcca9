"""Firestore breaks off in the middle of commits, stands still, or dies and comes back from an export.

The emulator keeps nothing when it is killed; the database does. So it is killed where nothing is under way
and comes back with the export of that instant: everything is there, every document under a new version.
"""

from __future__ import annotations

import random
import time
from functools import partial
from pathlib import Path

from shared.testing.emulators import export_firestore
from shared.testing.fault_proxy import Wire
from tests.stress.busy import busy
from tests.stress.dealership import Dealership, side_by_side
from tests.stress.fleet import TIMEOUT_S
from tests.stress.reckoning import reckon, sweeping

GIVEN_UP_S = 5.0
"""Longer than a call to the store is waited for: what it still does then, nobody hears of."""

ANSWERED_S = TIMEOUT_S + 5
"""A function's deadline and the grace of a commit under way."""


def test_commits_whose_answers_are_lost_are_neither_lost_nor_doubled(dealership: Dealership) -> None:
    wire, chance = dealership.fleet.wires.store, random.Random(3)
    before = wire.answers_lost
    with busy(dealership, talks=8, messages=4, leads=16), sweeping(dealership.fleet):
        for _ in range(12):
            with wire.being(chance.choice([Wire.DEAF, Wire.DEAF, Wire.CUT])):
                time.sleep(chance.uniform(0.02, 0.15))
            time.sleep(chance.uniform(0.1, 0.4))
    assert wire.answers_lost - before > 5, "hardly an answer was lost"
    assert dealership.slowest_s < ANSWERED_S
    reckon(dealership)


def test_a_store_that_stands_still_does_late_what_nobody_waits_for_any_more(dealership: Dealership) -> None:
    fleet = dealership.fleet
    with busy(dealership, talks=6, messages=3, leads=8), sweeping(fleet), fleet.store.paused():
        time.sleep(GIVEN_UP_S)
    assert dealership.slowest_s < ANSWERED_S
    reckon(dealership)


def test_a_store_killed_and_restored_goes_on_where_it_was(dealership: Dealership, tmp_path: Path) -> None:
    fleet = dealership.fleet
    side_by_side([partial(dealership.converse, 2, random.Random(seed)) for seed in range(3)])
    with busy(dealership, talks=6, messages=3, leads=8), sweeping(fleet):
        fleet.wires.store.become(Wire.CUT)
        time.sleep(0.3)  # what it was asked for before is done
        kept = export_firestore(fleet.store.host, fleet.cloud.project, tmp_path)
        fleet.store.kill()
        fleet.store.start(seed=kept)
        fleet.wires.store.mend()
    reckon(dealership)
