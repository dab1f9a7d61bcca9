"""The sentences the router learns from, is developed with and is measured on, read from their files.

* `seeds/`: training. Weights, calibration and thresholds come from these and from nothing else.
* `development.tsv`: never trained on, but its errors were read while seeds and the design were changed.
* `held_out.tsv`: written without sight of seeds or errors. Its figures are the ones to quote; nothing is
  chosen by them. Who changes seeds after reading its errors writes another set and moves this one to the
  development set.
"""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from shared.brain.minilm import MODEL_ID
from shared.brain.route_message.intents import IN_SCOPE, Intent

HERE = Path(__file__).parent
SEEDS = HERE / "seeds"
DEVELOPMENT_FILE = HERE / "development.tsv"
HELD_OUT_FILE = HERE / "held_out.tsv"


@dataclass(frozen=True)
class Sentence:
    """A text with the intents it may mean: two for an ambiguous one, which calls for a question."""

    text: str
    intents: tuple[Intent, ...]
    is_incomplete: bool = False

    @property
    def needs_question(self) -> bool:
        return self.is_incomplete or len(self.intents) > 1


def lines_of(path: Path) -> list[str]:
    return [line.strip() for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]


def labelled(line: str) -> Sentence:
    """`FINANCE<tab>text`, `FINANCE|SERVICE<tab>text` (ambiguous) or `FINANCE?<tab>text` (incomplete)."""
    label, text = line.split("\t", 1)
    names = label.rstrip("?").split("|")
    return Sentence(text, tuple(Intent(name) for name in names), is_incomplete=label.endswith("?"))


def background() -> list[Sentence]:
    files = sorted(SEEDS.glob("background_*.txt"))
    return [Sentence(line, (Intent.OUT_OF_SCOPE,)) for path in files for line in lines_of(path)]


def clear_seeds() -> list[Sentence]:
    return [Sentence(line, (intent,)) for intent in IN_SCOPE for line in lines_of(SEEDS / f"{intent}.txt")]


def ambiguous_seeds() -> list[Sentence]:
    return [labelled(line) for line in lines_of(SEEDS / "ambiguous.txt")]


def training_sentences() -> list[Sentence]:
    return [*clear_seeds(), *background(), *ambiguous_seeds()]


def development() -> list[Sentence]:
    return [labelled(line) for line in lines_of(DEVELOPMENT_FILE)]


def held_out() -> list[Sentence]:
    return [labelled(line) for line in lines_of(HELD_OUT_FILE)]


def inputs_digest() -> str:
    """Changes with every input of the training: sentences, features, vector space, the training itself."""
    paths = [
        *sorted(SEEDS.glob("*.txt")),
        *(HERE / name for name in ("evidence.py", "features.py", "train.py")),
    ]
    paths += sorted((HERE / "entities").iterdir())
    digest = sha256(MODEL_ID.encode())
    for path in filter(Path.is_file, paths):
        digest.update(path.name.encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()
