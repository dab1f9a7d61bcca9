"""How much of each priced thing a month uses."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from shared.deploy.cost.inputs import Inputs
from shared.deploy.derived_terraform import cpu

MINUTES = 43_800
HOURS, NIGHTS, DAYS = 730, 365 / 12, 365 / 12
"""In a month of 365 / 12 days."""
GIB, TIB, MIB = 2**30, 2**40, 2**20

READS_OF_A_NEW_SOCKET = 3
"""The session, how far it was shown, and the first look of its listener."""


def usage(inputs: Inputs, dealerships: int) -> dict[str, float]:
    """By price: the quantity of a month, in the price's unit."""
    calls = calls_of_a_month(inputs, dealerships)
    return {
        **_compute(inputs, dealerships),
        **_documents(inputs, dealerships, calls),
        **_messages(inputs, calls),
        **_warehouse(inputs, dealerships, calls),
        **_models(inputs, dealerships),
        **_edge(inputs, dealerships, calls),
    }


def happening(inputs: Inputs, dealerships: int) -> dict[str, float]:
    """How often each operation happens in a month."""
    operations = inputs.workload["dealership"]["operations"]
    runs = inputs.workload["installation"]["runs"]
    often = {name: float(times * dealerships) for name, times in operations.items()}
    return often | {name: float(a_minute * MINUTES) for name, a_minute in runs.items()}


def calls_of_a_month(inputs: Inputs, dealerships: int) -> Mapping[str, float]:
    """Every kind of call over all functions."""
    calls: defaultdict[str, float] = defaultdict(float)
    for name, times in happening(inputs, dealerships).items():
        for function in inputs.operations[name]:
            for kind, number in inputs.calls(name, function, dealerships).items():
                calls[kind] += number * times
    return calls


def seconds_of(inputs: Inputs, operation: str, function: str, dealerships: int = 1) -> float:
    """Time one request of a function takes within an operation, in seconds."""
    counts, latency = inputs.calls(operation, function, dealerships), inputs.workload["latency_ms"]
    requests = counts["requests"]
    waiting = counts.get("round_trips", 0) / requests * latency["round_trip"]
    asking = latency["warehouse_query"] if counts.get("warehouse_queries") else 0
    thinking = latency["model_call"] if "models" in inputs.manifests[function].ports else 0
    return float(waiting + asking + thinking + latency["own_work"]) / 1000


def _compute(inputs: Inputs, dealerships: int) -> dict[str, float]:
    """Requests are billed in tenths of a second, as if none shared an instance: the dear end."""
    seconds = defaultdict(float, _seconds_of_sockets(inputs, dealerships))
    requests = _sockets(inputs, dealerships)
    for name, times in happening(inputs, dealerships).items():
        for function, counts in inputs.operations[name].items():
            served = times * counts["requests"]
            tenths = math.ceil(seconds_of(inputs, name, function, dealerships) * 10)
            seconds[function] += served * tenths / 10
            requests += served
    job = {"identity_training": NIGHTS * inputs.workload["dealership"]["training_seconds"] * dealerships}
    warm = dict.fromkeys(inputs.workload["installation"]["kept_warm"], MINUTES * 60.0)
    return {
        **_held(inputs, seconds, "cpu", "memory"),
        **_held(inputs, job, "job_cpu", "job_memory"),
        # As if they never did anything: what they do is in the seconds above.
        **_held(inputs, warm, "idle_cpu", "idle_memory"),
        "requests": requests,
    }


def _held(inputs: Inputs, seconds: Mapping[str, float], processors: str, memory: str) -> dict[str, float]:
    manifests = inputs.manifests
    return {
        processors: sum(cpu(manifests[name]) * time for name, time in seconds.items()),
        memory: sum(manifests[name].memory_mib / 1024 * time for name, time in seconds.items()),
    }


def _seconds_of_sockets(inputs: Inputs, dealerships: int) -> dict[str, float]:
    """An instance is billed while one socket is open on it."""
    dealership = inputs.workload["dealership"]
    concurrency = inputs.manifests["chat_stream"].concurrency
    instances = math.ceil(dealership["peak_sockets"] * dealerships / concurrency)
    return {"chat_stream": dealership["opening_hours"] * 3600.0 * instances}


def _sockets(inputs: Inputs, dealerships: int) -> float:
    """Opened in a month: Cloud Run ends each after an hour, and its client comes back."""
    dealership = inputs.workload["dealership"]
    return float(dealership["opening_hours"] * dealership["peak_sockets"] * dealerships)


def _asked_in_chat(inputs: Inputs, dealerships: int) -> float:
    """Questions; each begins a session."""
    asked = happening(inputs, dealerships)
    return sum(times for name, times in asked.items() if "chat" in inputs.operations[name])


def _documents(inputs: Inputs, dealerships: int, calls: Mapping[str, float]) -> dict[str, float]:
    """A listener reads its session each time it changes; for each frame the cursor is read and written."""
    sizes, dealership = inputs.workload["sizes"], inputs.workload["dealership"]
    cursors = _asked_in_chat(inputs, dealerships)
    listening = calls["session_writes"] + _sockets(inputs, dealerships) * READS_OF_A_NEW_SOCKET
    trained = NIGHTS * (dealership["people"] + dealership["leads"]) * dealerships
    on_file = dealership["people"] * sizes["documents_per_person"] * dealerships
    lasting = (calls["lasting_documents"] - calls["deletes"]) * sizes["months_kept"]
    passing = (calls["expiring_days"] + cursors * sizes["session_days"]) / DAYS
    kept = (on_file + lasting + passing) * sizes["document_bytes"] / GIB
    return {
        "reads": calls["reads"] + listening + calls["frames"] + trained,
        "writes": calls["writes"] + calls["frames"],
        "deletes": calls["deletes"],
        "ttl_deletes": calls["expiring_documents"] + cursors,
        "documents_stored": kept,
        "point_in_time": kept,
        "backups": kept * sizes["backup_copies"],
    }


def _messages(inputs: Inputs, calls: Mapping[str, float]) -> dict[str, float]:
    """Everything is published once and waits in its history, where a day is free; what has a consumer is
    pushed, and what is a row goes to BigQuery."""
    days_billed = inputs.workload["sizes"]["replay_days"] - 1
    return {
        "message_throughput": (calls["publish_bytes"] + calls["push_bytes"]) / TIB,
        "row_throughput": calls["row_bytes"] / TIB,
        "messages_kept": calls["message_bytes"] * days_billed / DAYS / GIB,
    }


def _warehouse(inputs: Inputs, dealerships: int, calls: Mapping[str, float]) -> dict[str, float]:
    warehouse = inputs.workload["warehouse"]
    rows = {table: calls.get(f"rows_of_{table}", 0.0) for table in warehouse["tables"]}
    stored = sum(rows[table] * facts["row_bytes"] for table, facts in warehouse["tables"].items())
    scanned = sum(
        calls.get(f"asked_{query}", 0.0)
        * scan_bytes(warehouse, table, rows[table], dealerships=dealerships, partitions=partitions)
        for query, tables in warehouse["queries"].items()
        for table, partitions in tables.items()
    )
    return {
        "scanned": scanned / TIB,
        "rows_stored": stored * inputs.workload["sizes"]["months_kept"] / GIB,
    }


def scan_bytes(
    warehouse: Mapping[str, Any], table: str, rows_a_month: float, *, dealerships: int, partitions: int
) -> float:
    """Billed for one table of one query, `rows_a_month` being those of all dealerships.

    The rows of a partition lie by dealership in blocks, and a block is read whole: a dealership's own rows,
    but at least a block's worth of everybody's.
    """
    facts = warehouse["tables"][table]
    everybodys = rows_a_month * facts["months"]
    of_a_block = warehouse["block_mib"] * MIB / facts["row_bytes"]
    read = min(everybodys, max(everybodys / dealerships, of_a_block)) * facts["read_bytes"] * partitions
    return float(max(warehouse["least_scanned_mib"] * MIB, read))


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


def _edge(inputs: Inputs, dealerships: int, calls: Mapping[str, float]) -> dict[str, float]:
    sizes, installation = inputs.workload["sizes"], inputs.workload["installation"]
    from_outside = _sockets(inputs, dealerships) + sum(
        times * counts["requests"]
        for name, times in happening(inputs, dealerships).items()
        for function, counts in inputs.operations[name].items()
        if inputs.manifests[function].kind == "http"
    )
    came = from_outside * sizes["request_bytes"] / GIB
    sent = (from_outside * sizes["answer_bytes"] + calls["frames"] * sizes["frame_bytes"]) / GIB
    return {
        "forwarding_rules": HOURS,
        "balanced": came + sent,
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
