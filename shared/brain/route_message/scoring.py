"""How likely each intent is for a message: trained weights, similar seeds, calibrated together."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from shared.brain.route_message.evidence import evidence
from shared.brain.route_message.features import sparse_vector
from shared.brain.route_message.intents import INTENTS, Intent

WEIGHTS_FILE = Path(__file__).parent / "weights.npz"
NEAREST = 3


@dataclass(frozen=True)
class RouterWeights:
    """Arrays of the trained router; n seeds, 7 intents in the order of `INTENTS`.

    idf [4096] · coefficients [7, 384 + 4096] · intercepts [7] · doubt_coefficients [384 + 4096] ·
    doubt_intercept [1] · seed_vectors [n, 384] ·
    seed_intents [n] (index into `INTENTS`) · calibration [trust in the weights, trust in similarity,
    out-of-scope offset, trust in what is named].
    """

    idf: Any
    coefficients: Any
    intercepts: Any
    doubt_coefficients: Any
    doubt_intercept: Any
    seed_vectors: Any
    seed_intents: Any
    calibration: Any
    inputs_sha256: str


@lru_cache(maxsize=2)
def load_weights(path: Path = WEIGHTS_FILE) -> RouterWeights:
    import numpy as np

    with np.load(path, allow_pickle=False) as arrays:
        values = {name: arrays[name] for name in arrays.files}
    digest = str(values.pop("inputs_sha256"))
    return RouterWeights(
        **{name: array.astype(np.float32) for name, array in values.items()}, inputs_sha256=digest
    )


def log_softmax(scores: Any) -> Any:
    import numpy as np

    shifted = scores - scores.max(axis=-1, keepdims=True)
    return shifted - np.log(np.exp(shifted).sum(axis=-1, keepdims=True))


def nearest_similarity(vector: Any, seed_vectors: Any, seed_intents: Any) -> Any:
    """Mean cosine to the three most similar seeds of each intent: [7]."""
    import numpy as np

    similarity = seed_vectors @ vector
    return np.array(
        [np.sort(similarity[seed_intents == index])[-NEAREST:].mean() for index in range(len(INTENTS))],
        dtype=np.float32,
    )


def calibrated(log_probability: Any, similarity: Any, named: Any, calibration: Any) -> Any:
    """softmax(a · log p + b · similarity + c · [out of scope] + d · named): [..., 7].

    a, b, c, d are fitted on sentences the models had not seen, so the highest value is a probability.
    """
    import numpy as np

    trust, closeness, outside, naming = calibration
    is_outside = np.array([intent is Intent.OUT_OF_SCOPE for intent in INTENTS])
    scores = trust * log_probability + closeness * similarity + outside * is_outside + naming * named
    return np.exp(log_softmax(scores))


@dataclass(frozen=True)
class Scores:
    """`probabilities` sum to 1, likeliest first; `doubt` is the probability that the message, if it is in
    scope at all, can be meant in more than one way."""

    probabilities: Mapping[Intent, float]
    doubt: float


def score(text: str, vector: Any, weights: RouterWeights) -> Scores:
    """`vector` is the message's MiniLM vector [384]."""
    import numpy as np

    features = np.concatenate([vector, sparse_vector(text, weights.idf)])
    log_probability = log_softmax(weights.coefficients @ features + weights.intercepts)
    similarity = nearest_similarity(vector, weights.seed_vectors, weights.seed_intents)
    values = calibrated(log_probability, similarity, evidence(text), weights.calibration)
    ranked = sorted(zip(INTENTS, values, strict=True), key=lambda pair: -pair[1])
    doubt = weights.doubt_coefficients @ features + weights.doubt_intercept[0]
    return Scores(
        probabilities={intent: float(value) for intent, value in ranked},
        doubt=float(1 / (1 + np.exp(-doubt))),
    )
