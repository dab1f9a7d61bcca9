"""Okapi BM25 over a handful of texts: Robertson and Zaragoza 2009, doi:10.1561/1500000019, equation 3.15."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence

K1, B = 1.2, 0.75


def bm25(query: Sequence[str], texts: Sequence[Sequence[str]]) -> list[float]:
    """A score from 0 for each text, given as terms. A term's rarity is counted among these texts alone, so
    nobody's scores tell of anybody else's."""
    return _scores(_rarity(query, texts), texts)


def share_of_possible(query: Sequence[str], texts: Sequence[Sequence[str]]) -> list[float]:
    """Each score, 0 to 1, by that of a text of average length that holds every term of the query once. Terms
    that no text holds count: who asks for what nobody said finds little by words."""
    rarity = _rarity(query, texts)
    possible = sum(rarity.values())
    return [min(1.0, score / possible) if possible else 0.0 for score in _scores(rarity, texts)]


def _rarity(query: Sequence[str], texts: Sequence[Sequence[str]]) -> dict[str, float]:
    wanted = set(query)
    holding = Counter(term for terms in texts for term in wanted.intersection(terms))
    return {
        term: math.log(1 + (len(texts) - holding[term] + 0.5) / (holding[term] + 0.5))
        for term in sorted(wanted)
    }


def _scores(rarity: Mapping[str, float], texts: Sequence[Sequence[str]]) -> list[float]:
    average = sum(map(len, texts)) / len(texts) if texts else 0.0
    return [_score(rarity, terms, len(terms) / (average or 1.0)) for terms in texts]


def _score(rarity: Mapping[str, float], terms: Sequence[str], length: float) -> float:
    """`length` is the text's by the average."""
    found = Counter(term for term in terms if term in rarity)
    damping = K1 * (1 - B + B * length)
    return sum(rarity[term] * count * (K1 + 1) / (count + damping) for term, count in found.items())
