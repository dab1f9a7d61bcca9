"""Processes of every function are killed again and again in the middle of a load."""

from __future__ import annotations

import random
import time

from tests.stress.busy import busy
from tests.stress.dealership import Dealership
from tests.stress.fleet import PROCESSES
from tests.stress.reckoning import reckon, sweeping

KILLS = 6


def test_processes_killed_in_the_middle_of_a_load_lose_and_double_nothing(dealership: Dealership) -> None:
    fleet, chance = dealership.fleet, random.Random(11)
    turns = [name for name in PROCESSES for _ in range(2)]
    chance.shuffle(turns)
    with busy(dealership, talks=8, messages=4, leads=16), sweeping(fleet):
        for function in turns[:KILLS]:
            number = chance.randrange(PROCESSES[function])
            fleet.kill(function, number)
            time.sleep(chance.uniform(0.2, 0.8))
    for one in (one for processes in fleet.processes.values() for one in processes):
        one.await_ready()
    reckon(dealership)
