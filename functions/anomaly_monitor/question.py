"""What the query is asked: the window of this run, and what people said, handed over as parameters."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from shared.domain.anomaly.paths import ACCEPTED, APPROVALS, RULES, SERIES
from shared.domain.anomaly.rules import AnomalyRules
from shared.ports import Document, Query
from shared.runtime.work import UnitOfWork

QUERY = "monitors/ledger_findings_v1"
HISTORY = timedelta(days=420)
"""A year and eight weeks: what comes once a year is known, with its four days to either side."""
ROW_BY_ROW = timedelta(days=75)
WATCHED = timedelta(days=14)
LATE_POSTINGS = timedelta(days=6)
"""Nineteen of twenty postings have come in by then; what needs whole weeks waits for them."""
NEWS = timedelta(days=2)
AT_MOST = 500


@dataclass(frozen=True)
class Said:
    """What the dealership's people said of its books."""

    rules: AnomalyRules
    tuning: Sequence[Mapping[str, Any]]
    approvals: Sequence[Mapping[str, Any]]
    accepted: Sequence[str]


def read_said(work: UnitOfWork, today: date) -> Said:
    """The newest of each, at most `AT_MOST`; an approval that ended long before is of no use."""
    stored = work.get(RULES)
    still_of_use = (today - ROW_BY_ROW).isoformat()
    return Said(
        rules=AnomalyRules.model_validate(stored.data if stored else {}),
        tuning=_data(work.query(Query(SERIES, (), ("-updated_at",), AT_MOST))),
        approvals=_data(
            work.query(
                Query(
                    APPROVALS,
                    (("state", "==", "valid"), ("valid_to", ">=", still_of_use)),
                    ("-valid_to",),
                    AT_MOST,
                )
            )
        ),
        accepted=[
            f"{one['kind']}|{one['about']}"
            for one in _data(
                work.query(Query(ACCEPTED, (("until", ">=", today.isoformat()),), ("-until",), AT_MOST))
            )
        ],
    )


def parameters(said: Said, *, today: date, now: datetime, state: Mapping[str, Any]) -> dict[str, Any]:
    """`state` is what the watch kept of itself, empty at its first run."""
    news_from = _news_from(now, state.get("first_run_at"), state.get("asked_at"))
    rules = said.rules
    return {
        "as_of": now,
        "today": today,
        "from_date": today - HISTORY,
        "recent_from": today - ROW_BY_ROW,
        "watch_from": today - WATCHED,
        # Somebody abroad, or after midnight, has tomorrow's date.
        "to_date": today + timedelta(days=1),
        "settled_to": today - LATE_POSTINGS,
        "news_from": news_from,
        "min_change_usd": float(rules.min_change_usd),
        "asked_category": rules.asked_category,
        "asked_floor_usd": float(rules.asked_floor_usd),
        "approval_limit_usd": float(rules.approval_limit_usd),
        "strictness": rules.strictness,
        "tuning": [_json(one, _TUNED) for one in said.tuning],
        "approvals": [_json(one, _APPROVED) for one in said.approvals],
        "accepted": list(said.accepted),
    }


def _news_from(now: datetime, first_run_at: datetime | None, asked_at: datetime | None) -> datetime:
    """Two days back, for rows travel; never before the first look at a ledger, which may just have been
    brought in; as far back as the last question, were that longer ago."""
    usual = now - NEWS if first_run_at is None else max(now - NEWS, first_run_at)
    return usual if asked_at is None else min(usual, asked_at)


_TUNED = (
    *("series", "accepted_usd", "accepted_day_usd", "accepted_four_weeks_usd"),
    *("min_change_usd", "muted_until"),
)
_APPROVED = ("covers", "amount_usd", "valid_from", "valid_to")


def _json(data: Mapping[str, Any], names: Sequence[str]) -> str:
    return json.dumps({name: data[name] for name in names if data.get(name) is not None})


def _data(documents: Sequence[Document]) -> list[Mapping[str, Any]]:
    return [document.data for document in documents]
