"""The router beside two common ways to build one, on the same sentences in the same run.

`.venv/bin/python -m tests.benchmarks.router` (needs scikit-learn). Baselines: TF-IDF + regression, and
the largest similarity to a seed with the same MiniLM vectors, as semantic-router does it. All three get the
same training sentences and may ask about the same share of clear ones; none sees the held-out set before.
`--development` scores the development set instead, whose errors may be read.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from shared.brain.minilm import SentenceEncoder
from shared.brain.route_message.asking import load_thresholds
from shared.brain.route_message.decide import decide_routing
from shared.brain.route_message.intents import INTENTS, Intent
from shared.brain.route_message.scoring import load_weights, score
from shared.brain.route_message.seeds import Sentence, background, clear_seeds, development, held_out

MODEL_FOLDER = Path(".cos/models/minilm-int8")
QUESTIONS = 0.08
"""Share of clear in-scope training sentences each router may answer with a question (ours: 3 % + 5 %)."""
OUT = INTENTS.index(Intent.OUT_OF_SCOPE)
TODAY = date(2026, 11, 20)


@dataclass(frozen=True)
class Answer:
    intent: Intent
    confidence: float
    asks: bool


Router = Callable[[Sequence[str]], list[Answer]]


def ours(encoder: SentenceEncoder) -> Router:
    weights, thresholds = load_weights(), load_thresholds()

    def answer(text: str) -> Answer:
        scores = score(text, encoder.encode(text), weights)
        routing = decide_routing(text, scores=scores, thresholds=thresholds, today=TODAY)
        return Answer(routing.intent, routing.confidence, asks=bool(routing.missing))

    return lambda texts: [answer(text) for text in texts]


def labels(sentences: Sequence[Sentence]) -> Any:
    import numpy as np

    return np.array([INTENTS.index(sentence.intents[0]) for sentence in sentences])


def from_scores(scores: Any, *, ask_below: float, doubt: Any) -> list[Answer]:
    """`doubt` [n] is compared to `ask_below`: low values call for a question."""
    return [
        Answer(INTENTS[row.argmax()], float(row.max()), asks=bool(low < ask_below and row.argmax() != OUT))
        for row, low in zip(scores, doubt, strict=True)
    ]


def tfidf_regression(sentences: Sequence[Sentence]) -> Router:
    """Words and pairs of words, logistic regression over the seven classes."""
    import numpy as np
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression
    from sklearn.model_selection import cross_val_predict
    from sklearn.pipeline import make_pipeline

    texts, wanted = [sentence.text for sentence in sentences], labels(sentences)
    features = TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True)
    model = make_pipeline(features, LogisticRegression(C=10, max_iter=1000, class_weight="balanced"))
    unseen = cross_val_predict(model, texts, wanted, cv=5, method="predict_proba")
    ask_below = float(np.quantile(unseen[wanted != OUT].max(axis=1), QUESTIONS))
    model.fit(texts, wanted)

    def route(asked: Sequence[str]) -> list[Answer]:
        scores = model.predict_proba(list(asked))
        return from_scores(scores, ask_below=ask_below, doubt=scores.max(axis=1))

    return route


def by_class(similarity: Any, seed_intents: Any) -> Any:
    """The largest similarity to a seed of each in-scope intent; [n, 7], out of scope empty."""
    import numpy as np

    best = np.full((len(similarity), len(INTENTS)), -1.0)
    for index in range(len(INTENTS)):
        if index != OUT:
            best[:, index] = similarity[:, seed_intents == index].max(axis=1)
    return best


def margin(best: Any) -> Any:
    import numpy as np

    top = np.sort(best, axis=1)
    return top[:, -1] - top[:, -2]


def max_similarity(encoder: SentenceEncoder) -> Router:
    """Nearest seed wins; below the threshold that suits seeds and background best it is out of scope."""
    import numpy as np

    weights = load_weights()
    known, wanted = weights.seed_vectors, weights.seed_intents.astype(int)
    similarity = known @ known.T
    np.fill_diagonal(similarity, -1)
    best = by_class(similarity, wanted)

    def right(threshold: float) -> float:
        answered = np.where(best.max(axis=1) < threshold, OUT, best.argmax(axis=1))
        return float(np.mean([(answered == wanted)[wanted == index].mean() for index in range(len(INTENTS))]))

    threshold = max(np.arange(0.2, 0.9, 0.01), key=right)
    ask_below = float(np.quantile(margin(best)[wanted != OUT], QUESTIONS))

    def route(asked: Sequence[str]) -> list[Answer]:
        scores = by_class(encoder.encode_all(asked) @ known.T, wanted)
        doubt = margin(scores)
        scores[scores.max(axis=1) < threshold, OUT] = 1 - threshold
        return from_scores(scores, ask_below=ask_below, doubt=doubt)

    return route


def calibration_error(answers: Sequence[Answer], is_right: Sequence[bool]) -> float:
    """Expected calibration error over ten bins of confidence."""
    import numpy as np

    confidence, right = np.array([a.confidence for a in answers]), np.array(is_right, dtype=float)
    bins = np.clip((confidence * 10).astype(int), 0, 9)
    gaps = [
        abs(confidence[bins == b].mean() - right[bins == b].mean()) * (bins == b).mean() for b in set(bins)
    ]
    return float(sum(gaps))


def share(hits: Sequence[bool]) -> float:
    return sum(hits) / len(hits) if hits else 0.0


def measures(router: Router, sentences: Sequence[Sentence]) -> dict[str, float]:
    answers = router([sentence.text for sentence in sentences])
    pairs = list(zip(sentences, answers, strict=True))
    clear = [(s, a) for s, a in pairs if not s.needs_question]
    is_right = [a.intent is s.intents[0] for s, a in clear]
    return {
        "accuracy": share(is_right),
        "in-scope accuracy": share(
            [a.intent is s.intents[0] for s, a in clear if s.intents[0] in INTENTS[:OUT]]
        ),
        "out-of-scope recall": share(
            [a.intent is s.intents[0] for s, a in clear if s.intents[0] is INTENTS[OUT]]
        ),
        "out-of-scope precision": share(
            [s.intents[0] is INTENTS[OUT] for s, a in pairs if a.intent is INTENTS[OUT]]
        ),
        "clarification precision": share([s.needs_question for s, a in pairs if a.asks]),
        "clarification recall": share([a.asks for s, a in pairs if s.needs_question]),
        "calibration error (ECE)": calibration_error([a for _, a in clear], is_right),
    }


def run(sentences: Sequence[Sentence] | None = None) -> list[dict[str, Any]]:
    """What each router makes of the held-out set, or of `sentences`.

    Rows {measure, ours, baseline, baseline_name, notes}; the calibration error is better when lower.
    """
    encoder = SentenceEncoder(MODEL_FOLDER)
    own = ours(encoder)
    baselines = {
        "TF-IDF + logistic regression": tfidf_regression([*clear_seeds(), *background()]),
        "max similarity, same MiniLM vectors": max_similarity(encoder),
    }
    return compared(sentences or held_out(), own, baselines)


def compared(asked: Sequence[Sentence], own: Router, baselines: dict[str, Router]) -> list[dict[str, Any]]:
    clear = sum(not sentence.needs_question for sentence in asked)
    notes = f"{len(asked)} sentences, {clear} clear, {len(asked) - clear} that call for a question"
    ours_on = measures(own, asked)
    return [
        {"measure": f"router {name}", "ours": round(ours_on[name], 3), "baseline": round(value, 3),
         "baseline_name": baseline, "notes": notes}
        for baseline, router in baselines.items()
        for name, value in measures(router, asked).items()
    ]  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description="Measure the message router beside its baselines.")
    parser.add_argument("--development", action="store_true", help="the set whose errors may be read")
    for row in run(development() if parser.parse_args().development else None):
        figures = f"{row['ours']:6.3f}  {row['baseline']:6.3f}"
        print(f"{row['measure']:42} {figures}  {row['baseline_name']} ({row['notes']})")


if __name__ == "__main__":
    main()
