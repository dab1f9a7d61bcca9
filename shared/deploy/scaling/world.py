"""The simulated world from what was measured and assumed, and which limit binds at how many users."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from shared.deploy.scaling.simulate import Step, World
from shared.errors import Misconfigured
from shared.manifest import Manifest
from shared.yaml_file import read_yaml

FOLDER = Path(__file__).parent
OPERATIONS = FOLDER.parent / "cost" / "operations.json"
PATH = ("chat_stream", "membrane", "plate_composer")
"""From a message over a socket to its plate."""

Counts = Mapping[str, Mapping[str, int]]


@dataclass(frozen=True)
class Binding:
    """A limit and the number of users at which the demand reaches it."""

    what: str
    limit: float
    unit: str
    a_message: float
    users: float
    raisable: str
    source: str


@dataclass(frozen=True)
class Inputs:
    limits: Mapping[str, Any]
    cpu_ms: Mapping[str, float]
    operations: Mapping[str, Counts]
    manifests: Mapping[str, Manifest]


def read_inputs(manifests: tuple[Manifest, ...]) -> Inputs:
    measured = json.loads((FOLDER / "measured.json").read_text(encoding="utf-8"))
    operations = json.loads(OPERATIONS.read_text(encoding="utf-8"))
    limits = read_yaml(FOLDER / "limits.yaml")
    if missing := set(PATH) - set(measured["cpu_ms"]):
        raise Misconfigured(f"measured.json has no processor time of {sorted(missing)}")
    return Inputs(limits, measured["cpu_ms"], operations, {one.name: one for one in manifests})


def world(
    inputs: Inputs, *, queries_a_second: float | None = None, max_instances: int | None = None
) -> World:
    """Other `queries_a_second` than the quota's, or `max_instances`, show what raising them would bring."""
    users, cloud, scaling = (inputs.limits[key] for key in ("users", "cloud", "scaling"))
    quota = inputs.limits["limits"]["warehouse_requests"]["limit"]
    return World(
        steps={kind: _steps(inputs, kind) for kind in users["shares"]},
        shares=users["shares"],
        think_s=users["think_seconds"],
        push_ms=cloud["push"],
        listener_ms=cloud["listener"],
        spread=cloud["spread"],
        concurrency={name: inputs.manifests[name].concurrency for name in PATH},
        sockets=PATH[0],
        cold_start_ms=scaling["cold_start_ms"],
        max_instances=max_instances or scaling["max_instances"],
        target=scaling["target"],
        look_s=scaling["look_seconds"],
        queries_a_second=queries_a_second or quota,
    )


def _steps(inputs: Inputs, kind: str) -> tuple[Step, ...]:
    """The function that takes the message in does over a socket what `chat` was counted doing."""
    counted = inputs.operations[kind]
    return tuple(_step(inputs, name, counted["chat" if name == "chat_stream" else name]) for name in PATH)


def _step(inputs: Inputs, function: str, counts: Mapping[str, int]) -> Step:
    cloud, requests = inputs.limits["cloud"], counts["requests"]
    queries = counts.get("warehouse_queries", 0)
    waits = counts["round_trips"] / requests * cloud["round_trip"]
    waits += cloud["model_call"] if "models" in inputs.manifests[function].ports else 0
    waits += cloud["warehouse_query"] if queries else 0
    return Step(function, inputs.cpu_ms[function], waits, queries)


def bindings(inputs: Inputs) -> list[Binding]:
    """The one that binds first is first."""
    found = [_binding(inputs, limit) for limit in inputs.limits["limits"].values()]
    found += [_instances(inputs, name) for name in PATH]
    return sorted(found, key=lambda one: one.users)


def _binding(inputs: Inputs, limit: Mapping[str, Any]) -> Binding:
    think = inputs.limits["users"]["think_seconds"]
    said = {key: limit[key] for key in ("what", "limit", "unit", "raisable", "source")}
    if "per_user" in limit:
        a_message = float(inputs.limits["scaling"][limit["per_user"]])
        within = a_message / think <= limit["limit"]
        return Binding(**said, a_message=a_message, users=float("inf") if within else 0.0)
    a_message = demand(inputs, limit["per_message"])
    return Binding(**said, a_message=a_message, users=limit["limit"] * think / a_message)


def demand(inputs: Inputs, kind: str) -> float:
    """Of an average message: how much of one kind of call, over all functions."""
    shares = inputs.limits["users"]["shares"]
    return float(
        sum(
            share * sum(counts.get(kind, 0) for counts in inputs.operations[operation].values())
            for operation, share in shares.items()
        )
    )


def _instances(inputs: Inputs, function: str) -> Binding:
    """Processor time of the most instances Terraform allows, used to the scaling target; for sockets also
    how many an instance holds."""
    scaling, think = inputs.limits["scaling"], inputs.limits["users"]["think_seconds"]
    most, cpu = scaling["max_instances"], inputs.cpu_ms[function]
    by_cpu = most * scaling["target"] * 1000 / cpu * think
    manifest = inputs.manifests[function]
    by_slots = most * manifest.concurrency if manifest.kind == "service" else float("inf")
    by_work = most * manifest.concurrency * think / _longest_s(inputs, function)
    return Binding(
        what=f"max_instances of {function} at concurrency {manifest.concurrency}",
        limit=most,
        unit="instances",
        a_message=cpu,
        users=min(by_cpu, by_slots, by_work),
        raisable="by the variable max_instances, within the region's quota",
        source="terraform/product",
    )


def _longest_s(inputs: Inputs, function: str) -> float:
    """Seconds a request of the function takes on average over the shares."""
    shares = inputs.limits["users"]["shares"]
    steps = {kind: _steps(inputs, kind)[PATH.index(function)] for kind in shares}
    took = [share * (steps[kind].cpu_ms + steps[kind].waits_ms) for kind, share in shares.items()]
    return float(sum(took)) / 1000
