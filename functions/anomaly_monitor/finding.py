"""What the query found, as findings: one for a day of a series, a document, a payee or a trend."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

from shared.domain.anomaly.paths import derived_id, series_key

BY_DAY = ("two_deviations", "level", "difference", "posting")
ROW_KINDS = ("posted_twice", "correction", "split")
COOL_DOWN_DAYS = {
    "posting": 7,
    "day": 7,
    "direction": 7,
    "drift": 42,
    "split": 30,
    "posted_twice": 30,
    "correction": 30,
}
"""How long one telling of a family covers what follows in the same series, document or payee."""


@dataclass(frozen=True)
class Finding:
    """`family` is what cools down together, `about` the series, document, payee or row it is known by.

    `value`, `low` and `high` in US dollars: what was found and the usual range (nineteen of twenty).
    """

    family: str
    kinds: tuple[str, ...]
    lane: str
    category: str
    direction: str
    occurred_on: date
    value: Decimal
    low: Decimal | None
    high: Decimal | None
    entry_ids: tuple[str, ...]
    about: str
    day_total: Decimal
    mean: Decimal | None = None
    deviation: Decimal | None = None

    @property
    def series(self) -> str:
        return series_key(self.lane, self.category, self.direction)

    @property
    def finding_id(self) -> str:
        anchor = self.entry_ids[0] if self.family in ROW_KINDS else self.occurred_on.isoformat()
        return derived_id("finding", self.family, self.about, anchor)

    @property
    def excess(self) -> Decimal:
        """Above the usual range; all of it where there is none."""
        if self.family in ROW_KINDS or self.high is None:
            return self.value
        return self.value - self.high


def read_findings(rows: Iterable[Mapping[str, Any]]) -> list[Finding]:
    """In the order of the rows; parts of one split purchase are one finding."""
    found: dict[str, Finding] = {}
    for row in rows:
        for finding in _of_row(row):
            known = found.get(_place(finding))
            if known is None or known.value < finding.value:
                found[_place(finding)] = finding
    return list(found.values())


def _place(finding: Finding) -> str:
    """Of a split purchase only the whole counts, of anything else each finding."""
    return f"split {finding.about}" if finding.family == "split" else finding.finding_id


def _of_row(row: Mapping[str, Any]) -> Iterator[Finding]:
    kinds = tuple(kind for kind in row["kinds"].split(",") if kind)
    by_day = tuple(kind for kind in kinds if kind in BY_DAY)
    if by_day:
        yield _by_day(row, by_day)
    if "direction" in kinds:
        yield _plain(row, "direction", row["total_usd"], None, None)
    if "drift" in kinds:
        drift = _plain(row, "drift", row["four_weeks_usd"], None, row["four_weeks_usual_usd"])
        yield replace(drift, entry_ids=())
    for kind in ROW_KINDS:
        if kind in kinds:
            high = None if kind == "posted_twice" else row["total_high_usd"]
            yield _plain(row, kind, row["total_usd"], None, high)


def _by_day(row: Mapping[str, Any], kinds: tuple[str, ...]) -> Finding:
    """Told by the single posting where that is odd by itself, else by the day's sum."""
    family, figure = ("posting", "largest") if "posting" in kinds else ("day", "total")
    high = row[f"{figure}_high_usd"]
    finding = _plain(row, family, row[f"{figure}_usd"], row[f"{figure}_low_usd"], high)
    if kinds == ("two_deviations",):
        high = row["mean_30_usd"] + 2 * row["deviation_30_usd"]
        finding = replace(finding, low=None, high=high)
    return replace(finding, kinds=kinds, mean=row["mean_30_usd"], deviation=row["deviation_30_usd"])


def _plain(
    row: Mapping[str, Any], family: str, value: Decimal, low: Decimal | None, high: Decimal | None
) -> Finding:
    return Finding(
        family=family,
        kinds=(family,),
        lane=row["lane"],
        category=row["category"],
        direction=row["direction"],
        occurred_on=row["occurred_on"],
        value=value,
        low=low,
        high=high,
        entry_ids=tuple(row["row_ids"]),
        day_total=row["total_usd"],
        about=row["about"] or series_key(row["lane"], row["category"], row["direction"]),
    )
