"""Trains the router offline: `python -m shared.brain.route_message.train` (needs scikit-learn).

Writes `weights.npz` and `thresholds.yaml`. The held-out sentences only fill the confusion table; no
number is chosen on them: calibration and thresholds come from folds of the training sentences.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from shared.brain.minilm import SentenceEncoder
from shared.brain.minilm_build import DEFAULT_FOLDER
from shared.brain.route_message.evidence import evidence
from shared.brain.route_message.features import DIMENSIONS, sparse_vector, term_counts
from shared.brain.route_message.intents import INTENTS, Intent
from shared.brain.route_message.scoring import (
    WEIGHTS_FILE,
    calibrated,
    load_weights,
    log_softmax,
    nearest_similarity,
)
from shared.brain.route_message.seeds import Sentence, inputs_digest, training_sentences
from shared.brain.route_message.thresholds import predictor, write_thresholds

FOLDS, SEED = 10, 7
INVERSE_REGULARISATION = 3.0
UNSURE_OF_CLEAR, DOUBT_OF_CLEAR = 0.03, 0.05
"""Shares of clear in-scope training sentences that may be answered with a question, for either reason."""


def inverse_document_frequency(texts: Sequence[str]) -> Any:
    """ln((1 + documents) / (1 + documents with the term)) + 1: [4096]."""
    import numpy as np

    documents = np.zeros(DIMENSIONS)
    for text in texts:
        for index in term_counts(text):
            documents[index] += 1
    return (np.log((1 + len(texts)) / (1 + documents)) + 1).astype(np.float32)


def targets(sentences: Sequence[Sentence]) -> Any:
    """[n, 7], rows sum to 1: an ambiguous sentence is half of each of its intents."""
    import numpy as np

    wanted = np.zeros((len(sentences), len(INTENTS)))
    for row, sentence in enumerate(sentences):
        for intent in sentence.intents:
            wanted[row, INTENTS.index(intent)] = 1 / len(sentence.intents)
    return wanted


def fitted(features: Any, wanted: Any) -> tuple[Any, Any]:
    """Coefficients [7, f] and intercepts [7] of a logistic regression with soft labels."""
    import numpy as np
    from sklearn.linear_model import LogisticRegression

    rows, labels = np.nonzero(wanted)
    # Seven classes of very different size: each counts the same, or background would swallow short messages.
    weight = wanted[rows, labels] / np.sqrt(wanted.sum(axis=0))[labels]
    model = LogisticRegression(C=INVERSE_REGULARISATION, max_iter=2000)
    model.fit(features[rows], labels, sample_weight=weight / weight.mean())
    return model.coef_, model.intercept_


def fitted_doubt(features: Any, ambiguous: Any) -> tuple[Any, Any]:
    """Coefficients [f] and intercept [1]: ambiguous sentences against the clear ones in scope."""
    from sklearn.linear_model import LogisticRegression

    model = LogisticRegression(C=INVERSE_REGULARISATION, max_iter=2000, class_weight="balanced")
    model.fit(features, ambiguous)
    return model.coef_[0], model.intercept_


def unseen_doubt(features: Any, ambiguous: Any) -> Any:
    """Each sentence's doubt by a model that never saw it: [n]."""
    import numpy as np

    fold = np.random.default_rng(SEED).permutation(len(features)) % FOLDS
    doubt = np.zeros(len(features))
    for number in range(FOLDS):
        coefficients, intercept = fitted_doubt(features[fold != number], ambiguous[fold != number])
        doubt[fold == number] = 1 / (1 + np.exp(-(features[fold == number] @ coefficients + intercept[0])))
    return doubt


def similarities(vectors: Any, seed_vectors: Any, seed_intents: Any) -> Any:
    import numpy as np

    return np.stack([nearest_similarity(vector, seed_vectors, seed_intents) for vector in vectors])


def unseen_scores(features: Any, vectors: Any, wanted: Any) -> tuple[Any, Any]:
    """Log probabilities and similarities of each sentence by a model that never saw it: [n, 7] each."""
    import numpy as np

    fold = np.random.default_rng(SEED).permutation(len(features)) % FOLDS
    log_probability, similarity = np.zeros(wanted.shape), np.zeros(wanted.shape)
    single = wanted.max(axis=1) == 1
    for number in range(FOLDS):
        unseen, seen = fold == number, fold != number
        coefficients, intercepts = fitted(features[seen], wanted[seen])
        log_probability[unseen] = log_softmax(features[unseen] @ coefficients.T + intercepts)
        known = seen & single
        similarity[unseen] = similarities(vectors[unseen], vectors[known], wanted[known].argmax(axis=1))
    return log_probability, similarity


def fitted_calibration(log_probability: Any, similarity: Any, named: Any, wanted: Any) -> Any:
    """The four numbers of `scoring.calibrated` with the least cross-entropy, classes weighted alike."""
    import numpy as np
    from scipy.optimize import minimize

    balance = wanted @ (1 / np.sqrt(wanted.sum(axis=0)))

    def loss(calibration: Any) -> float:
        probability = calibrated(log_probability, similarity, named, calibration)
        return float((balance * -(wanted * np.log(probability + 1e-9)).sum(axis=1)).sum() / balance.sum())

    return minimize(loss, np.array([1.0, 5.0, 0.0, 0.5]), method="Nelder-Mead").x


def train(folder: Path) -> None:
    """Everything from the sentence files to the two files the router reads."""
    import numpy as np

    encoder, sentences = SentenceEncoder(folder), training_sentences()
    texts = [sentence.text for sentence in sentences]
    vectors, wanted, idf = encoder.encode_all(texts), targets(sentences), inverse_document_frequency(texts)
    features = np.hstack([vectors, np.stack([sparse_vector(text, idf) for text in texts])])
    log_probability, similarity = unseen_scores(features, vectors, wanted)
    named = np.stack([evidence(text) for text in texts])
    calibration = fitted_calibration(log_probability, similarity, named, wanted)
    coefficients, intercepts = fitted(features, wanted)
    single = wanted.max(axis=1) == 1
    in_scope = np.array([sentence.intents[0] is not Intent.OUT_OF_SCOPE for sentence in sentences])
    doubt_coefficients, doubt_intercept = fitted_doubt(features[in_scope], ~single[in_scope])
    np.savez_compressed(
        WEIGHTS_FILE,
        idf=idf.astype(np.float16),
        coefficients=coefficients.astype(np.float16),
        intercepts=intercepts.astype(np.float32),
        doubt_coefficients=doubt_coefficients.astype(np.float16),
        doubt_intercept=doubt_intercept.astype(np.float32),
        seed_vectors=vectors[single].astype(np.float16),
        seed_intents=wanted[single].argmax(axis=1).astype(np.int8),
        calibration=calibration.astype(np.float32),
        inputs_sha256=np.array(inputs_digest()),
    )
    load_weights.cache_clear()
    clear = single & in_scope
    unseen = calibrated(log_probability, similarity, named, calibration)
    write_thresholds(
        ask_below=quantile(unseen[clear].max(axis=1), UNSURE_OF_CLEAR),
        ask_above_doubt=quantile(
            unseen_doubt(features[in_scope], ~single[in_scope])[clear[in_scope]], 1 - DOUBT_OF_CLEAR
        ),
        predict=predictor(encoder),
        digest=inputs_digest(),
    )


def quantile(values: Any, share: float) -> float:
    import numpy as np

    return round(float(np.quantile(values, share)), 3)


def main() -> None:
    parser = argparse.ArgumentParser(description="Train the message router.")
    parser.add_argument("--folder", type=Path, default=DEFAULT_FOLDER, help="the built sentence model")
    train(parser.parse_args().folder)


if __name__ == "__main__":
    main()
