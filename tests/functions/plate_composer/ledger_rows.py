"""The ledger's rows as they were told, each once, and how figures are taken from them."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

Row = Mapping[str, Any]
Figures = dict[str, dict[str, Any]]
"""Row id → column → value."""


@dataclass(frozen=True)
class Ledger:
    """`rows` as they were told; those told twice count once."""

    rows: Sequence[Row]
    start: datetime
    end: datetime
    as_of: datetime

    def __post_init__(self) -> None:
        once = {row["event_id"]: row for row in self.rows}
        known = [row for row in once.values() if self.start <= moment(row) <= self.as_of]
        object.__setattr__(self, "rows", sorted(known, key=lambda row: (moment(row), row["event_id"])))

    @property
    def in_window(self) -> list[Row]:
        return [row for row in self.rows if moment(row) < self.end]

    def of_type(self, *types: str) -> list[Row]:
        return [row for row in self.in_window if row["type"] in types]

    def units(self) -> dict[tuple[str, str], list[Row]]:
        found: dict[tuple[str, str], list[Row]] = {}
        for row in self.in_window:
            if row.get("outcome"):
                key = (row.get("capability") or "platform", row.get("causation_id") or row["event_id"])
                found.setdefault(key, []).append(row)
        return found


def moment(row: Row) -> datetime:
    return datetime.fromisoformat(row["occurred_at"])


def detail(row: Row) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(row.get("detail") or "{}")
    return found


def nearest_rank(values: Iterable[float], percent: int) -> float | None:
    ordered = sorted(values)
    return ordered[math.ceil(len(ordered) * percent / 100) - 1] if ordered else None


def share(part: int, whole: int) -> float | None:
    return part / whole if whole else None
