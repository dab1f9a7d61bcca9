"""Learns the weights of the refusal model from labelled sentences: `python -m shared.texting.train_refusals`.

Logistic regression with an L2 penalty by gradient descent, from nothing and without chance: the same
sentences give the same weights.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from shared.texting.opt_out import plain
from shared.texting.refusal_model import features
from shared.texting.refusals import spelled
from shared.yaml_file import read_yaml

HERE = Path(__file__).parent
SENTENCES, WEIGHTS = HERE / "refusal_sentences.yaml", HERE / "refusal_weights.json"

STEPS, RATE, PENALTY = 400, 4.0, 2e-4
SMALLEST = 0.02
"""Weights below it are left out: together they change no decision, and the file is read at every start."""


def learned(refuses: Sequence[str], ordinary: Sequence[str]) -> dict[str, Any]:
    """`{bias, weights}`; both kinds count alike, however many sentences each has."""
    import numpy as np

    rows = [features(spelled(plain(text))) for text in [*refuses, *ordinary]]
    names = sorted({name for row in rows for name in row})
    place = {name: at for at, name in enumerate(names)}
    matrix = np.zeros((len(rows), len(names)))
    for at, row in enumerate(rows):
        matrix[at, [place[name] for name in row]] = 1 / max(len(row), 1) ** 0.5
    wanted = np.array([1.0] * len(refuses) + [0.0] * len(ordinary))
    share = np.where(wanted == 1, 0.5 / len(refuses), 0.5 / len(ordinary))
    weights, bias = np.zeros(len(names)), 0.0
    for _ in range(STEPS):
        wrong = share * (1 / (1 + np.exp(-(matrix @ weights + bias))) - wanted)
        weights -= RATE * len(rows) ** 0.5 * (matrix.T @ wrong + PENALTY * weights)
        bias -= RATE * float(wrong.sum())
    kept = {name: round(float(w), 3) for name, w in zip(names, weights, strict=True) if abs(w) >= SMALLEST}
    return {"bias": round(bias, 4), "weights": kept}


def main() -> None:
    said = read_yaml(SENTENCES)
    model = learned(said["refuses"], said["ordinary"])
    WEIGHTS.write_text(
        json.dumps(model, indent=0, sort_keys=True, ensure_ascii=False) + "\n", encoding="utf-8"
    )


if __name__ == "__main__":
    main()
