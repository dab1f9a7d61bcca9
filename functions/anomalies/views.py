"""A finding as people see it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from pydantic import BaseModel

from shared.domain.record import document_path
from shared.runtime.work import UnitOfWork

WHY = {
    "two_deviations": "The day's sum lies above the 30-day mean by more than two standard deviations.",
    "level": "The day's sum lies far above what such days bring: same weekday, same part of the month.",
    "difference": "The day's sum rose far more from the days before than it ever does.",
    "posting": "One posting is far larger than the largest of other days.",
    "direction": "The category is always booked on the other side.",
    "drift": "Postings have become larger little by little, and stay so.",
    "posted_twice": "The same document, amount and payee stand in the books twice.",
    "correction": "The correction adds to what it corrects, or takes back more than was posted.",
    "split": "Purchases from one payee within days, each just below the approval limit, exceed it together.",
}


class FindingView(BaseModel):
    """Money in US dollars as text with two decimals; the usual range holds nineteen of twenty."""

    finding_id: str
    state: str
    summary: str
    kinds: list[str]
    lane: str
    category: str
    direction: str
    occurred_on: date
    value_usd: str
    expected_low_usd: str | None
    expected_high_usd: str | None
    entry_ids: list[str]
    detected_at: datetime
    alerted_at: datetime | None
    episode_id: str | None
    snoozed_until: datetime | None


class Findings(BaseModel):
    """`next` is the `after` of the next page."""

    findings: list[FindingView]
    next: str | None
    as_of: datetime


class RowView(BaseModel):
    """A posting as the books have it; nothing but the id where the record is not there."""

    entry_id: str
    occurred_on: date | None = None
    amount: str | None = None
    description: str | None = None
    counterparty: str | None = None
    document_number: str | None = None


class ActView(BaseModel):
    at: datetime
    act: str
    by: str
    note: str = ""


class FindingDetail(FindingView):
    why: list[str]
    mean_30_usd: str | None
    deviation_30_usd: str | None
    rows: list[RowView]
    history: list[ActView]


class AlertView(BaseModel):
    """What the link of an alert shows: no names, no texts of postings."""

    summary: str
    state: str
    occurred_on: date
    value_usd: str
    expected_low_usd: str | None
    expected_high_usd: str | None
    entry_ids: list[str]
    why: list[str]
    message: str = ""


def view_of(data: Mapping[str, Any]) -> FindingView:
    return FindingView.model_validate(dict(data))


def detail_of(work: UnitOfWork, data: Mapping[str, Any]) -> FindingDetail:
    return FindingDetail.model_validate(
        {
            **data,
            "why": why(data["kinds"]),
            "rows": _rows(work, data["entry_ids"]),
            "history": data["history"],
        }
    )


def alert_of(data: Mapping[str, Any], message: str = "") -> AlertView:
    return AlertView.model_validate({**data, "why": why(data["kinds"]), "message": message})


def why(kinds: Sequence[str]) -> list[str]:
    return [WHY[kind] for kind in kinds]


def _rows(work: UnitOfWork, entry_ids: Sequence[str]) -> list[RowView]:
    paths = [document_path("money_entries", entry_id) for entry_id in entry_ids]
    found = work.get_many(paths) if paths else []
    return [
        RowView.model_validate({**one.data, "entry_id": entry_id}) if one else RowView(entry_id=entry_id)
        for entry_id, one in zip(entry_ids, found, strict=True)
    ]
