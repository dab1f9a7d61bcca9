"""Which standing people are probably one and were never put before a human."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from heapq import nlargest

from functions.identity_training.pairs import blocked_pairs
from shared.domain.identity.score import Comparison, compare
from shared.domain.identity.weights import Weights
from shared.domain.person import Person

MOST_LISTED = 200


@dataclass(frozen=True)
class LikelyPair:
    one: Person
    other: Person
    comparison: Comparison


def likely_duplicates(people: Sequence[Person], weights: Weights) -> list[LikelyPair]:
    """From the review zone up, the most likely first; never a pair a human told apart."""
    standing = [person for person in people if person.status == "active"]
    pairs = (
        LikelyPair(standing[i], standing[j], compare(standing[i].identity, standing[j].identity, weights))
        for i, j in blocked_pairs([person.identity for person in standing])
        if not standing[i].is_known_as_different_from(standing[j])
    )
    likely = (pair for pair in pairs if pair.comparison.weight >= weights.review_at)
    return nlargest(MOST_LISTED, likely, key=lambda pair: pair.comparison.weight)
