"""What a plate is made of: rows with their ids, what the columns mean, how old the data is."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any

MOST_ROWS = 200
"""A session document carries its latest frame, and a document has 1 MiB."""

Row = Mapping[str, Any]


@dataclass(frozen=True)
class Column:
    """`unit`: USD, date, time, share (0 to 1), ms, seconds, hours, miles, days or "" for text and numbers."""

    name: str
    label: str
    unit: str = ""


@dataclass(frozen=True)
class Plate:
    """`dataset` are the main rows, at most `MOST_ROWS` of `total`; `details` further lists beside them.

    Every row has `row_ids` or `id`. `newest_at` is when the newest of the data came in, None when there is
    none. `note` says in words what a person should know: nothing found, several fit, what was left out.
    `detail_columns` says of every list in `details` what `columns` says of the main one, `detail_newest` of
    those it names what `newest_at` says. `narrows_by` are the entities it heeds, where they are not those of
    its kind.
    """

    title: str
    columns: Sequence[Column]
    dataset: Sequence[Row]
    source: Mapping[str, Sequence[str]]
    filters: Mapping[str, Any] = field(default_factory=dict)
    newest_at: datetime | None = None
    note: str = ""
    total: int | None = None
    details: Mapping[str, Sequence[Row]] = field(default_factory=dict)
    detail_columns: Mapping[str, Sequence[Column]] = field(default_factory=dict)
    detail_newest: Mapping[str, datetime | None] = field(default_factory=dict)
    narrows_by: Collection[str] | None = None

    def noting(self, more: str) -> Plate:
        return replace(self, note=" ".join(filter(None, [self.note, more])))

    def content(self, as_of: datetime) -> dict[str, Any]:
        """The fields of the frame, in JSON types."""
        total = len(self.dataset) if self.total is None else self.total
        rows = [plain(row) for row in self.dataset[:MOST_ROWS]]
        return {
            "title": self.title,
            "columns": _meanings(self.columns),
            "dataset": rows,
            "total": total,
            "truncated": total > len(rows),
            "note": self.note,
            "details": {name: [plain(row) for row in part] for name, part in self.details.items()},
            "detail_columns": {name: _meanings(self.detail_columns[name]) for name in self.details},
            "filters": plain(self.filters),
            "source": {name: list(part) for name, part in self.source.items()},
            "as_of": as_of.isoformat(),
            **_age(self.newest_at, as_of),
            "detail_ages": {name: _age(newest, as_of) for name, newest in self.detail_newest.items()},
        }


def _age(newest: datetime | None, as_of: datetime) -> dict[str, Any]:
    if newest is None:
        return {"newest_at": None, "data_age_seconds": None}
    age = max(0, round((as_of - newest).total_seconds()))
    return {"newest_at": newest.isoformat(), "data_age_seconds": age}


def _meanings(columns: Iterable[Column]) -> list[dict[str, str]]:
    return [{"name": column.name, "label": column.label, "unit": column.unit} for column in columns]


def plain(value: Any) -> Any:
    """JSON types. Money becomes a number: a double carries cents exactly far beyond a dealership's books."""
    if isinstance(value, Decimal):
        return float(value)
    if isinstance(value, date):  # a datetime is one too
        return value.isoformat()
    if isinstance(value, Mapping):
        return {key: plain(part) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [plain(part) for part in value]
    return value


def newest(rows: Iterable[Row], field_name: str) -> datetime | None:
    """The latest moment the rows have in the field."""
    moments = [row[field_name] for row in rows if isinstance(row.get(field_name), datetime)]
    return max(moments, default=None)


def picked(row: Row, *names: str) -> dict[str, Any]:
    return {name: row.get(name) for name in names}


def money(value: Any) -> Decimal | None:
    """Money as documents hold it, a text with two decimals."""
    return None if value is None else Decimal(str(value))
