"""The simulation obeys what is known of queues, and its page is what it says today."""

from __future__ import annotations

import math
import re
from dataclasses import replace

import pytest

from shared.deploy.scaling.__main__ import DOCUMENT
from shared.deploy.scaling.page import scaling_page
from shared.deploy.scaling.simulate import Step, World, simulate
from shared.deploy.scaling.world import PATH, Inputs, bindings, demand, needed, read_inputs, world
from shared.errors import Misconfigured
from shared.manifest import ROOT, all_manifests
from shared.runtime.outbox import LANES

ONE = World(
    steps={"question": (Step("talk", cpu_ms=30, waits_ms=300),)},
    shares={"question": 1.0},
    think_s=10,
    push_ms=0,
    listener_ms=0,
    spread=0.0,
    concurrency={"talk": 500},
    sockets="talk",
    cold_start_ms={"talk": 1000},
    max_instances=1,
    processors=1000,
    target=0.6,
    look_s=1,
    queries_a_second=100,
)


@pytest.fixture(scope="module")
def inputs() -> Inputs:
    return read_inputs(all_manifests())


def test_one_user_waits_for_nobody() -> None:
    alone = simulate(ONE, users=1, ramp_s=1, seconds=600)
    assert alone.messages > 20
    assert alone.percentile(0.5) == pytest.approx(330) and alone.percentile(0.99) == pytest.approx(330)


def test_messages_come_as_often_as_users_think() -> None:
    """Little's law: users = rate × (thinking + answer)."""
    many = simulate(ONE, users=100, ramp_s=30, seconds=600)
    assert many.messages / 600 == pytest.approx(100 / (10 + 0.33), rel=0.05)


def test_one_processor_gives_no_more_than_it_has() -> None:
    over = simulate(ONE, users=1000, ramp_s=30, seconds=120)
    assert over.messages / 120 == pytest.approx(1000 / 30, rel=0.05)
    assert over.percentile(0.5) > 5000


def test_more_instances_take_the_load() -> None:
    enough = simulate(replace(ONE, max_instances=100), users=1000, ramp_s=30, seconds=120)
    assert enough.percentile(0.95) < 1000
    assert enough.instances["talk"] >= math.ceil(1000 / 10 * 0.03)


def test_no_more_is_started_than_those_who_wait_need() -> None:
    """Who waits for a slot wants a tenth of an instance here, however often another is quicker."""
    burst = replace(
        ONE,
        steps={"question": (Step("talk", 1, 0), Step("think", 1, 5000))},
        concurrency={"talk": 500, "think": 10},
        cold_start_ms={"talk": 1000, "think": 20_000},
        max_instances=1000,
        target=1.0,
    )
    few = simulate(burst, users=200, ramp_s=1, seconds=120)
    assert 200 * 5 / 15 / 10 <= few.instances["think"] <= 20


def test_the_regions_processors_are_shared() -> None:
    two = (Step("talk", cpu_ms=30, waits_ms=300), Step("think", cpu_ms=30, waits_ms=300))
    both = replace(
        ONE,
        steps={"question": two},
        concurrency={"talk": 500, "think": 8},
        cold_start_ms={"talk": 1000, "think": 1000},
        max_instances=100,
        processors=6,
    )
    short = simulate(both, users=2000, ramp_s=30, seconds=60)
    assert sum(short.instances.values()) == 6 and short.waited_for_processors
    enough = simulate(replace(both, processors=200), users=2000, ramp_s=30, seconds=60)
    assert enough.percentile(0.95) < 2000 < short.percentile(0.95) and not enough.waited_for_processors


def test_sockets_hold_an_instance_each_so_many() -> None:
    idle = simulate(replace(ONE, think_s=10_000, max_instances=100), users=4000, ramp_s=1, seconds=10)
    assert idle.instances["talk"] == 8


def test_queries_over_the_quota_wait() -> None:
    asking = replace(ONE, steps={"question": (Step("talk", 1, 10, queries=5),)}, queries_a_second=10)
    slow = simulate(asking, users=100, ramp_s=10, seconds=300)
    assert slow.messages / 300 == pytest.approx(2, rel=0.05)
    assert slow.waited_for_queries > 0


def test_the_same_seed_says_the_same() -> None:
    first, second = (simulate(ONE, users=50, ramp_s=5, seconds=60, seed=7) for _ in "12")
    assert first == second != simulate(ONE, users=50, ramp_s=5, seconds=60, seed=8)


def test_the_limits_stand_in_the_order_in_which_they_bind(inputs: Inputs) -> None:
    found = bindings(inputs)
    assert [one.users for one in found] == sorted(one.users for one in found)
    first = next(one for one in found if one.unit == "queries/s")
    think = inputs.limits["users"]["think_seconds"]
    assert first.users == pytest.approx(first.limit * think / demand(inputs, ["warehouse_queries"]))


def test_a_question_back_is_two_messages_for_what_they_use_together(inputs: Inputs) -> None:
    asked = inputs.operations["clarified_question"]
    alone = replace(inputs, limits={**inputs.limits, "users": {"shares": {"clarified_question": 1.0}}})
    assert asked["chat"]["requests"] == 2
    assert demand(alone, ["writes"]) == sum(counts["writes"] for counts in asked.values()) / 2
    assert demand(alone, ["model_calls"]) == asked["membrane"]["requests"] / 2
    assert demand(alone, ["model_tokens"]) == inputs.tokens_a_call * demand(alone, ["model_calls"])


@pytest.mark.parametrize(
    ("unit", "elsewhere"),
    [("queries/s", {"max_instances": 300, "processors": 1000}), ("vCPU", {"queries_a_second": 1000})],
)
def test_a_quota_is_the_one_the_simulation_runs_into(
    inputs: Inputs, unit: str, elsewhere: dict[str, int]
) -> None:
    users = next(one.users for one in bindings(inputs) if one.unit == unit)
    there = world(inputs, **elsewhere)
    below, above = (simulate(there, users=int(users * part), ramp_s=60, seconds=60) for part in (0.6, 1.8))
    assert below.percentile(0.95) < 5000 < above.percentile(0.95)


def test_the_processors_of_the_region_hold_what_each_function_needs(inputs: Inputs) -> None:
    binding = next(one for one in bindings(inputs) if one.unit == "vCPU")
    room = binding.limit - inputs.limits["scaling"]["processors_elsewhere"]
    assert binding.users * sum(needed(inputs, name) for name in PATH) == pytest.approx(room)


def test_the_outbox_has_as_many_lanes_as_are_counted_with(inputs: Inputs) -> None:
    assert inputs.limits["limits"]["rising_index"]["limit"] == 500 * LANES


def test_the_instances_allowed_are_those_of_terraform_by_itself(inputs: Inputs) -> None:
    """Not those of an environment's file, which is the owner's to change."""
    declared = (ROOT / "terraform" / "product" / "variables.tf").read_text(encoding="utf-8")
    (allowed,) = re.findall(r"max_instances\s*=\s*optional\(number, (\d+)\)", declared)
    assert inputs.limits["scaling"]["max_instances"] == int(allowed)


def test_a_function_nobody_measured_is_named(inputs: Inputs) -> None:
    with pytest.raises((Misconfigured, KeyError), match="membrane"):
        world(replace(inputs, cpu_ms={"chat_stream": 1.0, "plate_composer": 1.0}))


def test_the_page_is_what_the_simulation_says(inputs: Inputs) -> None:
    assert DOCUMENT.read_text(encoding="utf-8") == scaling_page(inputs), (
        "docs/scaling.md is stale; run `python -m shared.deploy.scaling`"
    )
