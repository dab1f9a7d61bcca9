"""When the router asks instead of guessing: two versioned numbers, with the evidence beside it.

`thresholds.yaml` is written by the training. The confusion table in it is measured on the held-out
sentences and a test reproduces it, so neither can go stale unseen.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from shared.brain.minilm import MODEL_ID, SentenceEncoder
from shared.brain.route_message.intents import INTENTS, Intent
from shared.brain.route_message.scoring import load_weights, score
from shared.brain.route_message.seeds import Sentence, held_out
from shared.yaml_file import read_yaml

THRESHOLDS_FILE = Path(__file__).parent / "thresholds.yaml"
VERSION = 1
Predict = Callable[[Sentence], Mapping[Intent, float]]


@dataclass(frozen=True)
class Thresholds:
    """An in-scope intent less likely than `ask_below`, or in more doubt than `ask_above_doubt`, is put to the
    person as a question."""

    version: int
    ask_below: float
    ask_above_doubt: float
    inputs_sha256: str
    confusion: Mapping[str, Mapping[str, int]]


@lru_cache(maxsize=2)
def load_thresholds(path: Path = THRESHOLDS_FILE) -> Thresholds:
    content = read_yaml(path)
    return Thresholds(
        version=content["version"],
        ask_below=content["ask_below"],
        ask_above_doubt=content["ask_above_doubt"],
        inputs_sha256=content["inputs_sha256"],
        confusion=content["confusion"],
    )


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
    return lambda sentence: score(sentence.text, encoder.encode(sentence.text), weights).probabilities


def write_thresholds(*, ask_below: float, ask_above_doubt: float, predict: Predict, digest: str) -> None:
    import yaml

    content = {
        "version": VERSION,
        "model": MODEL_ID,
        "inputs_sha256": digest,
        "ask_below": ask_below,
        "ask_above_doubt": ask_above_doubt,
        "confusion": confusion_table(held_out(), predict),
    }
    heading = "# Written by `python -m shared.brain.route_message.train`; the table is over held_out.tsv.\n"
    THRESHOLDS_FILE.write_text(
        heading + yaml.safe_dump(content, sort_keys=False, default_flow_style=None, width=110),
        encoding="utf-8",
    )
    load_thresholds.cache_clear()
