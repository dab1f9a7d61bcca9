"""Two rankings as one: a convex sum of scores, each brought to 0..1 over the candidates.

Bruch, Gai and Ingber 2023 (doi:10.1145/3596512) find it better than reciprocal ranks, which lose how far
apart two candidates are; docs/benchmarks.md has our figures.
"""

from __future__ import annotations

from collections.abc import Sequence

SHARE_OF_WORDS = 0.5


def scaled(scores: Sequence[float]) -> list[float]:
    """0 for the lowest, 1 for the highest. Where all are equal nothing is told apart: 1 above zero, else
    0."""
    if not scores:
        return []
    low, high = min(scores), max(scores)
    if high == low:
        return [1.0 if high > 0 else 0.0] * len(scores)
    return [(score - low) / (high - low) for score in scores]


def fused(
    by_words: Sequence[float], by_meaning: Sequence[float], *, share: float = SHARE_OF_WORDS
) -> list[float]:
    """`share` · words + (1 - `share`) · meaning."""
    pairs = zip(scaled(by_words), scaled(by_meaning), strict=True)
    return [share * word + (1 - share) * meaning for word, meaning in pairs]
