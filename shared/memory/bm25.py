"""Okapi BM25 over a handful of texts: Robertson and Zaragoza 2009, doi:10.1561/1500000019, equation 3.15."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence

K1, B = 1.2, 0.75


def bm25(query: Sequence[str], texts: Sequence[Sequence[str]]) -> list[float]:
    """A score from 0 for each text, given as terms. A term's rarity is counted among these texts alone, so
    nobody's scores tell of anybody else's."""
    if not texts:
        return []
    counts = [Counter(terms) for terms in texts]
    average = sum(map(len, texts)) / len(texts) or 1.0
    holding = Counter(term for terms in counts for term in terms)
    rarity = {
        term: math.log(1 + (len(texts) - holding[term] + 0.5) / (holding[term] + 0.5)) for term in set(query)
    }
    return [
        sum(
            rarity[term] * found[term] * (K1 + 1) / (found[term] + K1 * (1 - B + B * len(terms) / average))
            for term in rarity
            if found[term]
        )
        for found, terms in zip(counts, texts, strict=True)
    ]
