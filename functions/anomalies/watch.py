"""What the watch itself last did."""

from __future__ import annotations

from datetime import datetime

from pydantic import BaseModel

from shared.domain.anomaly.paths import STATE
from shared.runtime.work import UnitOfWork


class Watch(BaseModel):
    """`learning` series are too young to be judged by their past; runs are counted since the sign of life."""

    last_run_at: datetime | None = None
    newest_recorded_at: datetime | None = None
    postings: int = 0
    series: int = 0
    learning: int = 0
    runs: int = 0
    new: int = 0
    told: int = 0


def present_watch(work: UnitOfWork) -> Watch:
    """Empty before the first run."""
    stored = work.get(STATE)
    return Watch.model_validate(dict(stored.data) if stored else {})
