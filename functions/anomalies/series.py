"""Series people said something of: seen, and forgotten again."""

from __future__ import annotations

from datetime import date, datetime

from pydantic import BaseModel

from shared.domain.anomaly.paths import SERIES, series_path
from shared.ports import Query
from shared.runtime.work import UnitOfWork

SHOWN = 500


class SeriesView(BaseModel):
    """Up to these amounts (US dollars) the series is expected; until that day nothing of it is told."""

    series: str
    accepted_usd: str | None = None
    accepted_day_usd: str | None = None
    accepted_four_weeks_usd: str | None = None
    muted_until: date | None = None
    updated_at: datetime
    updated_by: str = ""


class AllSeries(BaseModel):
    series: list[SeriesView]


def all_series(work: UnitOfWork) -> AllSeries:
    found = work.query(Query(SERIES, (), ("-updated_at",), SHOWN))
    return AllSeries(series=[SeriesView.model_validate(dict(one.data)) for one in found])


def forget_series(work: UnitOfWork, series: str, *, by: str) -> None:
    """Raises `NotFound`."""
    stored = work.require(series_path(series))
    work.delete(stored.path)
    said = {name: value for name, value in stored.data.items() if name.startswith(("accepted", "muted"))}
    work.audit("anomaly.series_reset", subject=stored.path, actor=by, detail=said)
