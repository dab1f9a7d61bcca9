"""When the router asks instead of guessing: one versioned number, with the evidence beside it.

`thresholds.yaml` is written by the training. The confusion table in it is measured on the held-out
sentences and a test reproduces it, so neither can go stale unseen.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from shared.brain.minilm import MODEL_ID, SentenceEncoder
from shared.brain.route_message.intents import INTENTS, Intent
from shared.brain.route_message.scoring import intent_probabilities, load_weights
from shared.brain.route_message.seeds import Sentence, held_out

THRESHOLDS_FILE = Path(__file__).parent / "thresholds.yaml"
VERSION = 1
QUESTIONS_TO_CLEAR_MESSAGES = 0.08
"""At most this share of clear in-scope training sentences may be answered with a question."""

Predict = Callable[[Sentence], Mapping[Intent, float]]


@dataclass(frozen=True)
class Thresholds:
    """`ask_below`: an in-scope intent less likely than this is put to the person as a question."""

    version: int
    ask_below: float
    inputs_sha256: str
    confusion: Mapping[str, Mapping[str, int]]


@lru_cache(maxsize=2)
def load_thresholds(path: Path = THRESHOLDS_FILE) -> Thresholds:
    import yaml

    content = yaml.safe_load(path.read_text(encoding="utf-8"))
    return Thresholds(
        version=content["version"],
        ask_below=content["ask_below"],
        inputs_sha256=content["inputs_sha256"],
        confusion=content["confusion"],
    )


def choose_ask_below(probabilities: Any, wanted: Any) -> float:
    """The share-th quantile of confidence over clear in-scope sentences by models that never saw them.

    `probabilities` and `wanted` are [n, 7]; an ambiguous row of `wanted` has no entry of 1.
    """
    import numpy as np

    out_of_scope = INTENTS.index(Intent.OUT_OF_SCOPE)
    clear = (wanted.max(axis=1) == 1) & (wanted.argmax(axis=1) != out_of_scope)
    clear &= probabilities.argmax(axis=1) != out_of_scope
    return round(float(np.quantile(probabilities[clear].max(axis=1), QUESTIONS_TO_CLEAR_MESSAGES)), 3)


def confusion_table(sentences: Sequence[Sentence], predict: Predict) -> dict[str, dict[str, int]]:
    """Expected intent → answered intent → count, over sentences with one clear meaning."""
    table = {str(row): {str(column): 0 for column in INTENTS} for row in INTENTS}
    for sentence in sentences:
        if not sentence.needs_question:
            answered = next(iter(predict(sentence)))
            table[str(sentence.intents[0])][str(answered)] += 1
    return table


def predictor(encoder: SentenceEncoder) -> Predict:
    weights = load_weights()
    return lambda sentence: intent_probabilities(sentence.text, encoder.encode(sentence.text), weights)


def write_thresholds(ask_below: float, encoder: SentenceEncoder, digest: str) -> None:
    import yaml

    content = {
        "version": VERSION,
        "model": MODEL_ID,
        "inputs_sha256": digest,
        "ask_below": ask_below,
        "confusion": confusion_table(held_out(), predictor(encoder)),
    }
    heading = "# Written by `python -m shared.brain.route_message.train`; the table is over held_out.tsv.\n"
    THRESHOLDS_FILE.write_text(
        heading + yaml.safe_dump(content, sort_keys=False, default_flow_style=None, width=110),
        encoding="utf-8",
    )
    load_thresholds.cache_clear()
