"""When the router asks instead of guessing: two versioned numbers out of `thresholds.yaml`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from shared.yaml_file import read_yaml

THRESHOLDS_FILE = Path(__file__).parent / "thresholds.yaml"


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
