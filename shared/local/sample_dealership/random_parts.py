"""Randomness that stays where it is: each part of the sample has its own stream."""

from __future__ import annotations

from random import Random


def stream(seed: int, *names: str) -> Random:
    """A stream of its own for the named part, so that a change in one part leaves the others as they were."""
    return Random("|".join((str(seed), *names)))


def rounded(amount: float) -> str:
    """Dollars and cents as the API takes them."""
    return f"{amount:.2f}"
