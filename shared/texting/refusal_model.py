"""A small linear model beside the patterns: which words, pairs and parts of words refusals are made of.

    score = bias + Σ weight(feature) / √features        refusal probability = 1 / (1 + e^-score)

Features are the words, the pairs of neighbours and the runs of four characters of a text made plain. The
weights are learned from labelled sentences by `train_refusals` and lie in refusal_weights.json, so nothing is
computed here but a sum.
"""

from __future__ import annotations

import json
import math
import re
from functools import lru_cache
from pathlib import Path

_WORD = re.compile(r"\w+")
RUN = 4


def features(text: str) -> list[str]:
    """Each once, in order; of a text without words none."""
    words = _WORD.findall(text)
    pairs = [f"{one} {two}" for one, two in zip(["^", *words], [*words, "$"], strict=True)]
    padded = [f"_{word}_" for word in words]
    runs = [word[at : at + RUN] for word in padded for at in range(max(len(word) - RUN + 1, 1))]
    return list(dict.fromkeys([*words, *pairs, *(f"~{run}" for run in runs)])) if words else []


def probability(text: str) -> float:
    """How probably a text made plain refuses; 0 for one without words."""
    found = features(text)
    if not found:
        return 0.0
    weights, bias = _weights()
    score = bias + sum(weights.get(one, 0.0) for one in found) / math.sqrt(len(found))
    return 1 / (1 + math.exp(-score))


@lru_cache(maxsize=1)
def _weights() -> tuple[dict[str, float], float]:
    known = json.loads(Path(__file__).with_name("refusal_weights.json").read_text(encoding="utf-8"))
    return known["weights"], known["bias"]
