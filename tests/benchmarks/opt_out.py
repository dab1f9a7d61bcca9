"""Refusals of texts beside Twilio's keyword list, on sentences nothing was learned from.

Recall first: a refusal that is passed over is a text to somebody who said no; an ordinary text taken for one
costs a person a look. Ordinary texts are near misses (the same words about cars) and what customers text all
day. `own_words` were written apart from the patterns and the model's sentences, by the same people; `others`
and `independent` by people who never saw them. `independent` is large enough to be the honest figure and
counts its `limits` apart: no to some texts and not to all.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from shared.texting.consent_words import ConsentKind
from shared.texting.opt_out import plain, read_consent_words
from shared.texting.refusals import pattern_in, spelled
from shared.yaml_file import read_yaml

SENTENCES = Path(__file__).with_name("opt_out_sentences")
BASELINE = "Twilio's keyword list"
TWILIO = frozenset({"stop", "unsubscribe", "end", "quit", "stopall", "revoke", "optout", "cancel"})
"""Of a long code, taken alone (Twilio's documentation of opt-out keywords)."""

Reads = Callable[[str], bool]


def ours(text: str) -> bool:
    return read_consent_words(text).kind in (ConsentKind.STOP, ConsentKind.REFUSAL)


def keywords(text: str) -> bool:
    return text.strip().strip(".!").lower() in TWILIO


def patterns_alone(text: str) -> bool:
    return keywords(text) or pattern_in(spelled(plain(text))) is not None


def groups() -> Mapping[str, Mapping[str, Sequence[str]]]:
    """Group → `refuses` and kinds of ordinary texts."""
    return {path.stem: read_yaml(path) for path in sorted(SENTENCES.glob("*.yaml"))}


def share(reads: Reads, texts: Sequence[str]) -> float:
    return round(sum(map(reads, texts)) / len(texts), 3)


def run() -> list[dict[str, Any]]:
    rows = [row for name, texts in groups().items() for row in _rows(name, texts)]
    return [*rows, _speed()]


def _rows(group: str, texts: Mapping[str, Sequence[str]]) -> list[dict[str, Any]]:
    rows = []
    for kind, sentences in texts.items():
        measure = "recall of refusals" if kind == "refuses" else f"{kind} texts taken for a refusal"
        rows.append(
            {
                "measure": f"opt-out, {group}: {measure}",
                "ours": share(ours, sentences),
                "baseline": share(keywords, sentences),
                "ratio": None,
                "baseline_name": BASELINE,
                "notes": f"{len(sentences)} sentences; patterns alone {share(patterns_alone, sentences)}",
            }
        )
    return rows


def _speed() -> dict[str, Any]:
    texts = [text for kinds in groups().values() for sentences in kinds.values() for text in sentences]
    return {
        "measure": "opt-out: reading a text, ms",
        "ours": _milliseconds(ours, texts),
        "baseline": _milliseconds(keywords, texts),
        "ratio": None,
        "baseline_name": BASELINE,
        "notes": f"mean of {len(texts)} texts, in the webhook's own process",
    }


def _milliseconds(reads: Reads, texts: Sequence[str]) -> float:
    reads(texts[0])
    began = time.perf_counter()
    for text in texts:
        reads(text)
    return round((time.perf_counter() - began) / len(texts) * 1000, 4)
