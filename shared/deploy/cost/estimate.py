"""What an installation costs a month: counted operations × a dealership's month × list prices.

Pure arithmetic. The counts are measured (operations.json), the month and the prices are tables to check
and change (workload.yaml, prices.yaml).
"""

from __future__ import annotations

import json
import math
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from shared.deploy.derived_terraform import cpu
from shared.errors import Misconfigured
from shared.manifest import Manifest
from shared.yaml_file import read_yaml

FOLDER = Path(__file__).parent
MINUTES = 43_800
HOURS, NIGHTS = 730, 30
"""In a month of 365 / 12 days."""
GIB, TIB = 2**30, 2**40

Counts = Mapping[str, Mapping[str, int]]
"""Of one operation: by function, how often each kind of call."""


class Price(BaseModel):
    """US dollars for one `unit`; `free` units a month cost nothing."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    product: str = Field(min_length=3)
    item: str = Field(min_length=3)
    unit: str
    price: float = Field(gt=0)
    free: float = Field(ge=0)
    source: str = Field(pattern=r"^cloud\.google\.com/[a-z/-]+$")


@dataclass(frozen=True)
class Line:
    """One line of a bill: `quantity` in the price's unit, `dollars` for a month."""

    key: str
    price: Price
    quantity: float

    @property
    def dollars(self) -> float:
        return max(0.0, self.quantity - self.price.free) * self.price.price


@dataclass(frozen=True)
class Inputs:
    prices: Mapping[str, Price]
    workload: Mapping[str, Any]
    operations: Mapping[str, Counts]
    manifests: Mapping[str, Manifest]


def read_inputs(manifests: tuple[Manifest, ...], folder: Path = FOLDER) -> Inputs:
    """Raises `Misconfigured` when the workload names an operation nobody counted, or leaves one out."""
    workload = read_yaml(folder / "workload.yaml")
    operations = json.loads((folder / "operations.json").read_text(encoding="utf-8"))
    happening = {*workload["dealership"]["operations"], *workload["installation"]["runs"]}
    if different := sorted(happening ^ set(operations)):
        raise Misconfigured(f"workload.yaml and operations.json differ in the operations {different}")
    prices = read_yaml(folder / "prices.yaml")["prices"]
    return Inputs(
        {key: Price.model_validate(price) for key, price in prices.items()},
        workload,
        operations,
        {manifest.name: manifest for manifest in manifests},
    )


def bill(inputs: Inputs, dealerships: int) -> list[Line]:
    """A month's bill. Raises `Misconfigured` for a use without a price, or a price without a use."""
    used = usage(inputs, dealerships)
    if different := sorted(set(used) ^ set(inputs.prices)):
        raise Misconfigured(f"prices.yaml and what is used differ in {different}")
    return [Line(key, price, used[key]) for key, price in inputs.prices.items()]


def total(lines: list[Line]) -> float:
    return sum(line.dollars for line in lines)


def usage(inputs: Inputs, dealerships: int) -> dict[str, float]:
    """By price: the quantity of a month, in the price's unit."""
    calls = calls_of_a_month(inputs, dealerships)
    return {
        **_compute(inputs, dealerships),
        **_documents(inputs, dealerships, calls),
        **_messages(inputs, calls),
        **_warehouse(inputs, calls),
        **_models(inputs, dealerships),
        **_edge(inputs, dealerships, calls),
    }


def happening(inputs: Inputs, dealerships: int) -> dict[str, float]:
    """How often each operation happens in a month."""
    operations = inputs.workload["dealership"]["operations"]
    runs = inputs.workload["installation"]["runs"]
    often = {name: float(times * dealerships) for name, times in operations.items()}
    return often | {name: float(a_minute * MINUTES) for name, a_minute in runs.items()}


def calls_of_a_month(inputs: Inputs, dealerships: int) -> Counter[str]:
    """Every kind of call over all functions; a schedule's reads grow with the dealerships it looks at."""
    calls: Counter[str] = Counter()
    runs = inputs.workload["installation"]["runs"]
    for name, times in happening(inputs, dealerships).items():
        for counts in inputs.operations[name].values():
            for kind, number in counts.items():
                grown = _per_run(number, dealerships) if name in runs and kind == "reads" else number
                calls[kind] += int(grown * times)
    return calls


SAMPLE_TENANTS = 2
"""Dealerships of the product on which the operations were counted."""


def _per_run(reads: int, dealerships: int) -> float:
    """A run lists the dealerships and asks each: nearly all of its reads are for each of them."""
    return max(1.0, reads * dealerships / SAMPLE_TENANTS)


def seconds_of(inputs: Inputs, operation: str, function: str) -> float:
    """Time one request of a function takes within an operation, in seconds."""
    counts, latency = inputs.operations[operation][function], inputs.workload["latency_ms"]
    requests = counts["requests"]
    waiting = counts.get("round_trips", 0) / requests * latency["round_trip"]
    asking = latency["warehouse_query"] if counts.get("warehouse_queries") else 0
    thinking = latency["model_call"] if "models" in inputs.manifests[function].ports else 0
    return float(waiting + asking + thinking + latency["own_work"]) / 1000


def _compute(inputs: Inputs, dealerships: int) -> dict[str, float]:
    """Requests are billed in tenths of a second, as if none shared an instance: the dear end."""
    processors = memory = requests = 0.0
    for name, times in happening(inputs, dealerships).items():
        for function, counts in inputs.operations[name].items():
            served = times * counts["requests"]
            seconds = served * math.ceil(seconds_of(inputs, name, function) * 10) / 10
            manifest = inputs.manifests[function]
            processors += seconds * cpu(manifest)
            memory += seconds * manifest.memory_mib / 1024
            requests += served
    for function, seconds in _without_requests(inputs, dealerships).items():
        manifest = inputs.manifests[function]
        processors += seconds * cpu(manifest)
        memory += seconds * manifest.memory_mib / 1024
    return {"cpu": processors, "memory": memory, "requests": requests} | _idle(inputs)


def _idle(inputs: Inputs) -> dict[str, float]:
    """One instance of each function that is kept warm, as if it never did anything."""
    warm = [inputs.manifests[name] for name in inputs.workload["installation"]["kept_warm"]]
    return {
        "idle_cpu": sum(cpu(manifest) for manifest in warm) * MINUTES * 60,
        "idle_memory": sum(manifest.memory_mib for manifest in warm) / 1024 * MINUTES * 60,
    }


def _without_requests(inputs: Inputs, dealerships: int) -> dict[str, float]:
    """Seconds of instances by function: sockets are billed while one is open, the job while it runs."""
    dealership = inputs.workload["dealership"]
    concurrency = inputs.manifests["chat_stream"].concurrency
    instances = math.ceil(dealership["peak_sockets"] * dealerships / concurrency)
    return {
        "chat_stream": dealership["opening_hours"] * 3600.0 * instances,
        "identity_training": NIGHTS * dealership["training_seconds"] * float(dealerships),
    }


def _frames(inputs: Inputs, dealerships: int) -> float:
    asked = happening(inputs, dealerships)
    return sum(times for name, times in asked.items() if "chat" in inputs.operations[name])


def _documents(inputs: Inputs, dealerships: int, calls: Counter[str]) -> dict[str, float]:
    sizes = inputs.workload["sizes"]
    frames = _frames(inputs, dealerships)
    lasting = (calls["writes"] - calls["expiring_writes"]) * sizes["new_document_share"]
    people = inputs.workload["dealership"]["people"] * sizes["documents_per_person"] * dealerships
    passing = calls["expiring_writes"] * sizes["expiring_months"]
    kept = (people + lasting * sizes["months_kept"] + passing) * sizes["document_bytes"] / GIB
    return {
        "reads": calls["reads"] + frames * sizes["frame_reads"] + NIGHTS * people,
        "writes": calls["writes"] + frames,
        "deletes": calls["deletes"],
        "ttl_deletes": calls["expiring_writes"],
        "documents_stored": kept,
        "point_in_time": kept,
        "backups": kept * sizes["backup_copies"],
    }


def _messages(inputs: Inputs, calls: Counter[str]) -> dict[str, float]:
    """Everything is published once, pushed or kept in the history once, and the rows go to BigQuery."""
    sizes = inputs.workload["sizes"]
    pushed = calls["message_bytes"] + calls["messages"] * sizes["push_overhead_bytes"]
    return {
        "message_throughput": (calls["publish_bytes"] + pushed) / TIB,
        "row_throughput": calls["message_bytes"] / TIB,
        "messages_kept": calls["message_bytes"] * sizes["replay_days"] / NIGHTS / GIB,
    }


def _warehouse(inputs: Inputs, calls: Counter[str]) -> dict[str, float]:
    sizes = inputs.workload["sizes"]
    least = sizes["least_scanned_mib"] * 2**20 * sizes["tables_per_query"]
    rows = calls["messages"] * sizes["months_kept"]
    return {
        "scanned": calls["warehouse_queries"] * least / TIB,
        "rows_stored": rows * sizes["warehouse_row_bytes"] / GIB,
    }


def _models(inputs: Inputs, dealerships: int) -> dict[str, float]:
    sizes, asked = inputs.workload["sizes"], 0.0
    for name, times in happening(inputs, dealerships).items():
        for function, counts in inputs.operations[name].items():
            if "models" in inputs.manifests[function].ports:
                asked += times * counts["requests"]
    return {
        "model_input": asked * sizes["model_input_tokens"] / 1e6,
        "model_output": asked * sizes["model_output_tokens"] / 1e6,
    }


def _edge(inputs: Inputs, dealerships: int, calls: Counter[str]) -> dict[str, float]:
    sizes, installation = inputs.workload["sizes"], inputs.workload["installation"]
    asked = happening(inputs, dealerships)
    from_outside = sum(
        times * counts["requests"]
        for name, times in asked.items()
        for function, counts in inputs.operations[name].items()
        if inputs.manifests[function].kind == "http"
    )
    sent = (from_outside + _frames(inputs, dealerships)) * sizes["response_bytes"] / GIB
    return {
        "forwarding_rules": HOURS,
        "balanced": sent * 2,
        "egress": sent,
        "security_policies": 1,
        "security_rules": installation["security_rules"],
        "security_requests": from_outside / 1e6,
        "schedules": sum(manifest.schedule is not None for manifest in inputs.manifests.values()),
        "logs": calls["requests"] * sizes["log_bytes_per_request"] / GIB,
        "spans": calls["requests"] * sizes["spans_per_request"] / 1e6,
        "artifacts": installation["artifacts_gib"],
        "files": installation["files_gib"],
    }


def unconsidered(inputs: Inputs) -> list[str]:
    """Functions that are in no counted operation and of which nobody said why; and the reverse."""
    counted = {function for counts in inputs.operations.values() for function in counts}
    return sorted((counted | set(inputs.workload["uncounted"])) ^ set(inputs.manifests))
