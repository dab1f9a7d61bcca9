"""Text messages under storms of redelivery while the way to the provider fails in every manner."""

from __future__ import annotations

import itertools
import random
import time
from collections import Counter
from datetime import UTC, datetime
from functools import partial

from shared.events.conversation import AttentionRequested
from shared.testing.fault_proxy import Wire
from shared.testing.harness import envelope_of
from tests.stress.dealership import Dealership
from tests.stress.fleet import Fleet
from tests.stress.reckoning import await_silence, eventually

TEXTS = 16
ENDS = ("done", "unknown")


def test_a_text_is_sent_at_most_once_and_what_nobody_knows_waits_for_a_human(dealership: Dealership) -> None:
    fleet, chance = dealership.fleet, random.Random(8)
    fleet.front.copies = lambda: 4
    numbers = [f"+1312555{1000 + number}" for number in range(TEXTS)]
    waiting = iter(numbers)
    for fault in ("deaf", "cut", "429", "500", "deaf", "slow", "503", "deaf"):
        _ask(fleet, dealership.name, list(itertools.islice(waiting, TEXTS // 8)))
        _have_a_bad_time(fleet, fault, chance)
    eventually(partial(_all_ended, dealership), lambda: str(_states(dealership)))
    await_silence(fleet)
    states, sent = _states(dealership), Counter(one["to"] for one in fleet.twilio.messages)
    assert {number: sent[number] for number in numbers} == {
        number: int(states[number] == "done") for number in numbers
    }
    assert Counter(states.values())["done"] >= TEXTS // 4, states


def _ask(fleet: Fleet, tenant: str, numbers: list[str]) -> None:
    events = [AttentionRequested(subject=number[1:], kind=number, summary="Come") for number in numbers]
    now = datetime.now(UTC)
    fleet.platform.bus.publish(
        [envelope_of(one, tenant=tenant, cause=one.subject, now=now).to_message() for one in events]
    )


def _have_a_bad_time(fleet: Fleet, fault: str, chance: random.Random) -> None:
    seconds = chance.uniform(0.2, 0.6)
    if fault.isdigit():
        fleet.twilio.fail_with = int(fault)
        time.sleep(seconds)
        fleet.twilio.fail_with = None
    elif fault == "slow":
        fleet.wires.twilio.delay_s = 0.3
        time.sleep(seconds)
        fleet.wires.twilio.delay_s = 0
    else:
        with fleet.wires.twilio.being(Wire(fault)):
            time.sleep(seconds)


def _states(dealership: Dealership) -> dict[str, str]:
    effects = dealership.fleet.bare.by_id(f"tenants/{dealership.name}/effects")
    return {f"+{name.removeprefix('sms-')}": effect["state"] for name, effect in effects.items()}


def _all_ended(dealership: Dealership) -> bool:
    states = _states(dealership)
    return len(states) == TEXTS and set(states.values()) <= set(ENDS)
