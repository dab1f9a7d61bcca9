"""docs/scaling.md: what binds first on the way to ten thousand users, and what the simulation says."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from shared.deploy.scaling.simulate import Result, simulate
from shared.deploy.scaling.world import PATH, Binding, Inputs, bindings, world

RAMP_S, SECONDS = 60, 60


@dataclass(frozen=True)
class Experiment:
    """None: as a new project and Terraform have it by themselves."""

    users: int
    queries_a_second: int | None = None
    max_instances: int | None = None
    processors: int | None = None


EXPERIMENTS = (
    Experiment(1000),
    Experiment(3000),
    Experiment(3000, processors=100),
    Experiment(10_000, processors=200),
    Experiment(10_000, queries_a_second=1000, max_instances=100, processors=200),
    Experiment(20_000, queries_a_second=1000, max_instances=200, processors=400),
)


def scaling_page(inputs: Inputs, experiments: Sequence[Experiment] = EXPERIMENTS) -> str:
    rows = [experiment_row(inputs, one) for one in experiments]
    return "\n".join([*_head(inputs), *_limits(inputs), *_simulated(rows), *_tail(inputs)])


def experiment_row(inputs: Inputs, asked: Experiment) -> str:
    there = world(
        inputs,
        queries_a_second=asked.queries_a_second,
        max_instances=asked.max_instances,
        processors=asked.processors,
    )
    # One instance each is left to the others, or no message is answered at all.
    holding = min(there.max_instances, there.processors - len(PATH) + 1)
    admitted = min(asked.users, holding * there.concurrency[there.sockets])
    result = simulate(there, users=admitted, ramp_s=RAMP_S, seconds=SECONDS)
    allowed = f"{there.queries_a_second:g} | {there.max_instances} | {there.processors}"
    times = " | ".join(_seconds(result.percentile(part)) for part in (0.5, 0.95, 0.99))
    return (
        f"| {asked.users:,} | {allowed} | {result.messages / SECONDS:.0f} | {times} | "
        f"{' | '.join(str(result.instances[name]) for name in PATH)} | "
        f"{_said(result, asked.users - admitted)} |"
    )


def _seconds(ms: float) -> str:
    return "–" if math.isnan(ms) else f"{ms / 1000:.1f}"


def _said(result: Result, outside: int) -> str:
    said = [f"{outside:,} find no socket"] if outside else []
    said += ["queries wait for the quota"] if result.waited_for_queries > result.messages / 10 else []
    said += ["the region has no more processors"] if result.waited_for_processors else []
    return ", ".join(said) or "steady"


def _head(inputs: Inputs) -> list[str]:
    think = inputs.limits["users"]["think_seconds"]
    return [
        "# Ten thousand users at once",
        "",
        "Written by `python -m shared.deploy.scaling` from processor times measured on the emulators "
        "(`python -m tests.benchmarks.service_times`), the counted calls of each question "
        "(`shared/deploy/cost/operations.json`) and the quotas of a new project "
        "(`shared/deploy/scaling/limits.yaml`). A user has a socket open and says something every "
        f"{think} seconds on average.",
        "",
    ]


def _limits(inputs: Inputs) -> list[str]:
    rows = [f"| {number} | {_limit(one)} |" for number, one in enumerate(bindings(inputs), 1)]
    return [
        "## What binds first",
        "",
        "| | quota or setting | limit | used | binds at users | raised |",
        "| ---: | --- | ---: | ---: | ---: | --- |",
        *rows,
        "",
    ]


def _limit(one: Binding) -> str:
    users = "never" if math.isinf(one.users) else f"{one.users:,.0f}"
    amount = f"{one.used:,.3g}" if one.used < 1000 else f"{one.used:,.0f}"
    used = f"{amount} {one.unit.removesuffix('/s')} {one.used_of}"
    return f"{one.what} ({one.source}) | {one.limit:,} {one.unit} | {used} | {users} | {one.raisable}"


def _simulated(rows: Sequence[str]) -> list[str]:
    return [
        "## From a message to its plate, simulated",
        "",
        f"Users sign in evenly over {RAMP_S} s, then {SECONDS} s count. Times in seconds; instances at most.",
        "",
        "| users | queries/s allowed | instances allowed | processors free | messages/s | p50 | p95 | p99 "
        f"| {' | '.join(PATH)} | |",
        f"|{' ---: |' * 11} --- |",
        *rows,
        "",
    ]


def _tail(inputs: Inputs) -> list[str]:
    cloud, scaling = inputs.limits["cloud"], inputs.limits["scaling"]
    assumed = ", ".join(f"{name.replace('_', ' ')} {cloud[name]} ms" for name in cloud if name != "spread")
    started = ", ".join(f"{name} {ms} ms" for name, ms in scaling["cold_start_ms"].items())
    return [
        "## What to do",
        "",
        "1. Before the first thousand users: ask for the region's processors (Total CPU allocation, in milli "
        "vCPU, per project per region, of the Cloud Run Admin API). A release needs room for two revisions "
        "side by side, too.",
        "2. Let people come over half an hour, or write to Firestore for a while beforehand: it splits its "
        "ranges as the load grows, not at once. The rate doubles in about nine minutes when it may grow by "
        "half every five.",
        "3. Raise `scaling.max_instances` in the environment's tfvars (a hundred carry ten thousand users "
        "with room), within those processors.",
        "4. Ask for more BigQuery API requests for plate_composer's account. Nothing is lost at the quota: "
        "the push is answered with an error and comes again, so plates come late.",
        "5. Gemini's threshold is no wall: what goes beyond it is answered while Google has room, and where "
        "it is refused the embedded router answers. Provisioned throughput is sold by the month.",
        "",
        "## What is assumed",
        "",
        f"Medians of the cloud, log-normal around them (sigma {cloud['spread']}): {assumed}. Starting an "
        f"instance: {started}. Cloud Run starts instances when those there are busier than "
        f"{scaling['target']:.0%}. An instance has one processor, and "
        f"{scaling['processors_elsewhere']} of the region's are other functions'. Two thirds of the time is "
        "Gemini's and BigQuery's; without a model the router answers by itself in about 20 ms. Cloud Run "
        "ends a socket after an hour; its client comes back.",
        "",
        "The simulation knows no failing zone, no noisy neighbour and no other user of the project's "
        "quotas. Measure the real ones with `make bench`'s figures beside them before you promise anything.",
        "",
    ]
