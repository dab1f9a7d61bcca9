"""How long steps took, from their spans, the same in both profiles."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

from shared.ports import StepLatency

Timed = tuple[str, float, str]
"""A span's name, its milliseconds, and the kind of its error or nothing."""


def step_latencies(spans: Iterable[Timed]) -> list[StepLatency]:
    """By name, slowest p95 first."""
    by_name: dict[str, list[Timed]] = {}
    for span in spans:
        by_name.setdefault(span[0], []).append(span)
    steps = [_step(name, group) for name, group in by_name.items()]
    return sorted(steps, key=lambda step: (-step.p95_ms, step.name))


def _step(name: str, spans: Sequence[Timed]) -> StepLatency:
    durations = sorted(duration for _, duration, _ in spans)
    errors = sum(1 for _, _, error in spans if error)
    return StepLatency(name, len(spans), errors, nearest_rank(durations, 50), nearest_rank(durations, 95))


def nearest_rank(ordered: Sequence[float], percent: float) -> float:
    """The smallest value that at least `percent` of all do not exceed; `ordered` must not be empty."""
    return ordered[max(0, math.ceil(percent / 100 * len(ordered)) - 1)]
