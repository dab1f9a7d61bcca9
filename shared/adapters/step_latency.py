"""How long steps took, from their spans, the same in both profiles."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

from shared.ports import FinishedSpan, StepLatency


def step_latencies(spans: Iterable[FinishedSpan], tenant_id: str | None = None) -> list[StepLatency]:
    """By name, slowest p95 first; with a tenant only what was done for it."""
    by_name: dict[str, list[FinishedSpan]] = {}
    for span in spans:
        if tenant_id in (None, span.attributes.get("tenant")):
            by_name.setdefault(span.name, []).append(span)
    steps = [_step(name, group) for name, group in by_name.items()]
    return sorted(steps, key=lambda step: (-step.p95_ms, step.name))


def _step(name: str, spans: Sequence[FinishedSpan]) -> StepLatency:
    durations = sorted(span.duration_ms for span in spans)
    errors = sum(1 for span in spans if span.error)
    return StepLatency(name, len(spans), errors, nearest_rank(durations, 50), nearest_rank(durations, 95))


def nearest_rank(ordered: Sequence[float], percent: float) -> float:
    """The smallest value that at least `percent` of all do not exceed; `ordered` must not be empty."""
    return ordered[max(0, math.ceil(percent / 100 * len(ordered)) - 1)]
