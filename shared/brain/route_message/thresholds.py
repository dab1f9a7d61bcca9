"""Where the numbers of `asking` come from, with the evidence beside them.

`thresholds.yaml` is written by the training. The confusion table in it is measured on the held-out
sentences and a test reproduces it, so neither can go stale unseen.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from shared.brain.minilm import MODEL_ID, SentenceEncoder
from shared.brain.route_message.asking import THRESHOLDS_FILE, load_thresholds
from shared.brain.route_message.intents import INTENTS, Intent
from shared.brain.route_message.scoring import load_weights, score
from shared.brain.route_message.seeds import Sentence, held_out

VERSION = 1
Predict = Callable[[Sentence], Mapping[Intent, float]]


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
