"""What a set of books is made of."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any


@dataclass(frozen=True)
class Posting:
    """One row of the ledger before it has a number. `late_days` pass until the product hears of it."""

    on: date
    lane: str
    category: str
    direction: str
    amount: float
    text: str
    payee: str = ""
    document: str = ""
    corrects: str = ""
    late_days: float = 0.3
    mishap: int = -1
    """Place of the label it belongs to."""


@dataclass
class Label:
    """A mishap: rows of these ids, in this series, from when on it can be known until when it is of use."""

    kind: str
    lane: str
    category: str
    direction: str
    first_on: date
    last_on: date
    entry_ids: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Books:
    """Rows as `ledger.money_entry_v1` has them, with labels and what somebody had approved beforehand."""

    rows: Sequence[dict[str, Any]]
    labels: Sequence[Label]
    approvals: Sequence[dict[str, Any]]
    first_watched: date
    last_watched: date
