"""The simulated world from what was measured and assumed, and which limit binds at how many users."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from shared.deploy.derived_terraform import cpu
from shared.deploy.scaling.simulate import Step, World
from shared.errors import Misconfigured
from shared.manifest import Manifest
from shared.yaml_file import read_yaml

FOLDER = Path(__file__).parent
COST = FOLDER.parent / "cost"
PATH = ("chat_stream", "membrane", "plate_composer")
"""From a message over a socket to its plate."""

Counts = Mapping[str, Mapping[str, int]]


@dataclass(frozen=True)
class Binding:
    """A limit and the number of users at which the demand reaches it. `used` of a message, or of a user."""

    what: str
    limit: float
    unit: str
    used: float
    used_of: str
    users: float
    raisable: str
    source: str


@dataclass(frozen=True)
class Inputs:
    limits: Mapping[str, Any]
    cpu_ms: Mapping[str, float]
    operations: Mapping[str, Counts]
    manifests: Mapping[str, Manifest]
    tokens_a_call: int


def read_inputs(manifests: tuple[Manifest, ...]) -> Inputs:
    measured = json.loads((FOLDER / "measured.json").read_text(encoding="utf-8"))
    operations = json.loads((COST / "operations.json").read_text(encoding="utf-8"))
    limits, sizes = read_yaml(FOLDER / "limits.yaml"), read_yaml(COST / "workload.yaml")["sizes"]
    if missing := set(PATH) - set(measured["cpu_ms"]):
        raise Misconfigured(f"measured.json has no processor time of {sorted(missing)}")
    tokens = sizes["model_input_tokens"] + sizes["model_output_tokens"]
    return Inputs(limits, measured["cpu_ms"], operations, {one.name: one for one in manifests}, tokens)


def world(
    inputs: Inputs,
    *,
    queries_a_second: float | None = None,
    max_instances: int | None = None,
    processors: int | None = None,
) -> World:
    """Others than the quotas and `max_instances` of a new project show what raising them would bring."""
    users, cloud, scaling = (inputs.limits[key] for key in ("users", "cloud", "scaling"))
    quotas = inputs.limits["limits"]
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
        processors=(processors or quotas["processors"]["limit"]) - scaling["processors_elsewhere"],
        target=scaling["target"],
        look_s=scaling["look_seconds"],
        queries_a_second=queries_a_second or quotas["warehouse_requests"]["limit"],
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
    if limit.get("per_user") == "session_writes":
        used = demand(inputs, ["session_writes"])
        users = float("inf") if used / think <= limit["limit"] else 0.0
        return Binding(**said, used=used, used_of="a message", users=users)
    if limit.get("per_user") == "processors":
        used = sum(needed(inputs, name) * cpu(inputs.manifests[name]) for name in PATH)
        room = limit["limit"] - inputs.limits["scaling"]["processors_elsewhere"]
        return Binding(**said, used=used, used_of="a user", users=room / used)
    used = demand(inputs, limit["per_message"])
    return Binding(**said, used=used, used_of="a message", users=limit["limit"] * think / used)


def demand(inputs: Inputs, kinds: Iterable[str]) -> float:
    """Of an average message: how much of some kinds of call together, over all functions."""
    shares = inputs.limits["users"]["shares"]
    return float(
        sum(
            share * _of_a_message(inputs, operation, kind)
            for operation, share in shares.items()
            for kind in kinds
        )
    )


def _of_a_message(inputs: Inputs, operation: str, kind: str) -> float:
    """A question that is asked back is answered with a second message."""
    counted = inputs.operations[operation]
    if kind in ("model_calls", "model_tokens"):
        calls = sum(
            counts["requests"] for name, counts in counted.items() if "models" in inputs.manifests[name].ports
        )
        number = calls * (inputs.tokens_a_call if kind == "model_tokens" else 1)
    else:
        number = sum(counts.get(kind, 0) for counts in counted.values())
    return float(number / counted["chat"]["requests"])


def needed(inputs: Inputs, function: str) -> float:
    """Instances of a function for one user: by processor time used to the scaling target, by the requests it
    works on at once, and for sockets by how many an instance holds."""
    think, manifest = inputs.limits["users"]["think_seconds"], inputs.manifests[function]
    by_cpu = inputs.cpu_ms[function] / 1000 / inputs.limits["scaling"]["target"] / think
    by_work = _longest_s(inputs, function) / manifest.concurrency / think
    by_slots = 1 / manifest.concurrency if manifest.kind == "service" else 0.0
    return float(max(by_cpu, by_work, by_slots))


def _instances(inputs: Inputs, function: str) -> Binding:
    """The most instances Terraform allows."""
    most = inputs.limits["scaling"]["max_instances"]
    return Binding(
        what=f"max_instances of {function} at concurrency {inputs.manifests[function].concurrency}",
        limit=most,
        unit="instances",
        used=needed(inputs, function),
        used_of="a user",
        users=most / needed(inputs, function),
        raisable="by `scaling` in the environment's tfvars, within the region's processors",
        source="terraform/environments",
    )


def _longest_s(inputs: Inputs, function: str) -> float:
    """Seconds a request of the function takes on average over the shares."""
    shares = inputs.limits["users"]["shares"]
    steps = {kind: _steps(inputs, kind)[PATH.index(function)] for kind in shares}
    took = [share * (steps[kind].cpu_ms + steps[kind].waits_ms) for kind, share in shares.items()]
    return float(sum(took)) / 1000
