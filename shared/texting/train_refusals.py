"""Learns the weights of the refusal model from labelled sentences: `python -m shared.texting.train_refusals`.

Logistic regression with an L2 penalty by gradient descent, from nothing and without chance: the same
sentences give the same weights. Refusals weigh half of all; near misses, and what people write about anything
at all (the router's own sentences), weigh the other half.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from shared.texting.opt_out import plain
from shared.texting.refusal_model import features
from shared.texting.refusals import pattern_in, spelled
from shared.yaml_file import read_yaml

HERE = Path(__file__).parent
SENTENCES, WEIGHTS = HERE / "refusal_sentences.yaml", HERE / "refusal_weights.json"

STEPS, RATE, PENALTY = 600, 6.0, 1e-4
STEP_OF_WEIGHTS = 30.0
"""A feature's share of a sentence is small beside the bias, so weights take longer steps."""
SEEN = 2
"""What stands in fewer sentences says nothing of others."""


def learned(groups: Sequence[tuple[Sequence[str], float, float]]) -> dict[str, Any]:
    """`{bias, weights}` from groups of (texts, 1 for refusals or 0, the group's weight among all)."""
    import numpy as np

    rows = [features(spelled(plain(text))) for texts, _, _ in groups for text in texts]
    wanted = np.array([label for texts, label, _ in groups for _ in texts], dtype=float)
    share = np.array([weight / len(texts) for texts, _, weight in groups for _ in texts])
    counted = Counter(name for row in rows for name in row)
    names = sorted(name for name, times in counted.items() if times >= SEEN)
    place = {name: at for at, name in enumerate(names)}
    cells = [(at, place[name]) for at, row in enumerate(rows) for name in row if name in place]
    row_of, column_of = (np.array(part) for part in zip(*cells, strict=True))
    values = np.array([1 / max(len(row), 1) ** 0.5 for row in rows])[row_of]
    weights, bias = np.zeros(len(names)), 0.0
    for _ in range(STEPS):
        scores = np.bincount(row_of, values * weights[column_of], len(rows)) + bias
        wrong = share * (1 / (1 + np.exp(-scores)) - wanted)
        slope = np.bincount(column_of, values * wrong[row_of], len(names))
        weights -= RATE * STEP_OF_WEIGHTS * (slope + PENALTY * weights)
        bias -= RATE * float(wrong.sum())
    return {
        "bias": round(bias, 4),
        "weights": {n: round(float(w), 3) for n, w in zip(names, weights, strict=True)},
    }


def sentences() -> list[tuple[Sequence[str], float, float]]:
    """What it learns from. A sentence of the router's that a pattern takes for a refusal is left out."""
    from shared.brain.route_message.seeds import background, clear_seeds

    said = read_yaml(SENTENCES)
    anything = [one.text for one in (*background(), *clear_seeds())]
    others = [text for text in anything if pattern_in(spelled(plain(text))) is None]
    return [(said["refuses"], 1.0, 0.5), (said["ordinary"], 0.0, 0.3), (others, 0.0, 0.2)]


def main() -> None:
    model = json.dumps(learned(sentences()), indent=0, sort_keys=True, ensure_ascii=False)
    WEIGHTS.write_text(model + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
