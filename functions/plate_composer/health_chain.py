"""The chain a message goes through, step by step: how long each took and how often it failed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from functions.plate_composer.plate import Row

CHAIN = (
    ("Enrichment", "hop", "enrichment", "membrane"),
    ("Router", "hop", "router", "membrane"),
    ("Dispatcher, to the screen", "hop", "plate_composer", "plate_composer"),
    ("Dispatcher, to people", "capability", "attention_dispatcher", "attention_dispatcher"),
    ("Text messages out", "capability", "text_sender", "text_sender"),
)
"""The step in words, where its times are, and whose failures are its. Enrichment and router are one unit of
work, so they share its failures."""

_TIMES = ("sample_count", "p50_ms", "p95_ms", "max_ms")
_FAILURES = ("unit_count", "error_count", "error_rate", "newest_at")


def chain(latency: Sequence[Row], hops: Sequence[Row]) -> list[dict[str, Any]]:
    """One row a step, also of one that nothing went through: it has no times and no errors."""
    times = {(row["kind"], row["name"]): row for row in latency}
    failures = {row["capability"]: row for row in hops}
    return [
        _step(words, name, times.get((kind, name), {}), failures.get(capability, {}))
        for words, kind, name, capability in CHAIN
    ]


def _step(words: str, name: str, times: Mapping[str, Any], failures: Mapping[str, Any]) -> dict[str, Any]:
    counts = {"sample_count": 0, "unit_count": 0, "error_count": 0}
    found = {**{one: times.get(one) for one in _TIMES}, **{one: failures.get(one) for one in _FAILURES}}
    known = {one: value for one, value in found.items() if value is not None}
    evidence = [*(times.get("row_ids") or ()), *(failures.get("row_ids") or ())]
    return {"id": name, "step": words, **dict.fromkeys(found), **counts, **known, "row_ids": evidence}
