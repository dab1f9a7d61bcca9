"""Which records are compared for training, and how each pair agrees."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import combinations
from random import Random

from shared.domain.identity.block_keys import block_keys
from shared.domain.identity.identity import Identity
from shared.domain.identity.levels import agreement

LARGEST_BLOCK = 100
"""Records of one key that are paired; a larger block is a frequent value and says little."""

MOST_PAIRS = 200_000
RANDOM_PAIRS = 50_000

Pattern = tuple[tuple[str, str], ...]
"""The (field, level) of every field both records have."""


def blocked_pairs(records: Sequence[Identity]) -> list[tuple[int, int]]:
    """Index pairs that share a block key: nearly all true pairs and a manageable number of others."""
    blocks: dict[tuple[str, str], list[int]] = {}
    for index, record in enumerate(records):
        for key in block_keys(record):
            blocks.setdefault((key.kind, key.value), []).append(index)
    pairs = dict.fromkeys(_pairs_within(blocks.values()))
    if len(pairs) <= MOST_PAIRS:
        return list(pairs)
    return Random(len(pairs)).sample(list(pairs), MOST_PAIRS)


def _pairs_within(blocks: Iterable[list[int]]) -> Iterator[tuple[int, int]]:
    for block in blocks:
        if len(block) <= LARGEST_BLOCK:
            yield from combinations(sorted(set(block)), 2)


def random_pairs(size: int, seed: int) -> list[tuple[int, int]]:
    """Pairs picked at random: nearly all are of two people, which is what u is the chance for."""
    if size < 2:
        return []
    random = Random(seed)
    return [(one, other) for one, other in _picked(random, size) if one != other]


def _picked(random: Random, size: int) -> Iterator[tuple[int, int]]:
    for _ in range(min(RANDOM_PAIRS, size * (size - 1) // 2)):
        yield random.randrange(size), random.randrange(size)


def patterns(records: Sequence[Identity], pairs: Iterable[tuple[int, int]]) -> Counter[Pattern]:
    """How often each pattern of agreement occurs."""
    return Counter(tuple(agreement(records[one], records[other]).items()) for one, other in pairs)
