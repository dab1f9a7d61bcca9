"""Two rankings as one: a convex sum of scores, each brought to 0..1.

Bruch, Gai and Ingber 2023 (doi:10.1145/3596512) find it better than reciprocal ranks, which lose how far
apart two candidates are. Similarities are brought to 0..1 by the lowest and highest of the candidates; words
by the most they could score, for the best of many poor matches is still a poor match (figures: ADR 28).
"""

from __future__ import annotations

from collections.abc import Sequence

SHARE_OF_WORDS = 0.6
EMPHASIS = 1.5
"""A few of the question's words in a text are often chance, most of them hardly ever."""


def scaled(scores: Sequence[float]) -> list[float]:
    """0 for the lowest, 1 for the highest. Where all are equal nothing is told apart: 1 above zero, or 0."""
    if not scores:
        return []
    low, high = min(scores), max(scores)
    if high == low:
        return [1.0 if high > 0 else 0.0] * len(scores)
    return [(score - low) / (high - low) for score in scores]


def fused(by_words: Sequence[float], by_meaning: Sequence[float]) -> list[float]:
    """0.6 · words^1.5 + 0.4 · meaning; `by_words` is 0..1 already."""
    pairs = zip(by_words, scaled(by_meaning), strict=True)
    return [SHARE_OF_WORDS * word**EMPHASIS + (1 - SHARE_OF_WORDS) * meaning for word, meaning in pairs]
