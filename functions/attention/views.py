"""A matter as a person is shown it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from pydantic import BaseModel

from shared.attention.day import zone_of
from shared.attention.item import Item, State
from shared.attention.rules import attention_rules
from shared.attention.urgency import urgency
from shared.attention.words import names_in, why_seen
from shared.ports import Document, Query
from shared.runtime.work import UnitOfWork

SHOWN = 100


class Matter(BaseModel):
    """`why` are sentences: for whom it is, what makes it urgent, what was done and what comes next. `points`
    and `band` are of this moment. `link` is a page's path."""

    item_id: str
    kind: str
    subject: str
    summary: str
    link: str
    state: State
    band: str
    points: float
    safety: bool
    value_usd: Decimal | None
    count: int
    level: int
    requested_at: datetime
    last_requested_at: datetime
    due_at: datetime | None
    next_at: datetime | None
    taken_by: str
    taken_at: datetime | None
    note: str
    why: list[str]


class Matters(BaseModel):
    """`total` of those read; `truncated`: there are more than are shown."""

    items: list[Matter]
    total: int
    truncated: bool
    as_of: datetime


class MatterWithHistory(Matter):
    """`decisions` and `requests` newest first."""

    decisions: list[dict[str, Any]]
    requests: list[dict[str, Any]]


def view_of(work: UnitOfWork, item: Item, seen_by: Sequence[str]) -> Matter:
    return Matter(**_fields(work, item, seen_by))


def history_of(work: UnitOfWork, item: Item, seen_by: Sequence[str]) -> MatterWithHistory:
    decisions = work.query(Query(f"{item.path}/decisions", order_by=("-number",), limit=SHOWN))
    requests = work.query(Query(f"{item.path}/requests", order_by=("-requested_at",), limit=SHOWN))
    return MatterWithHistory(
        **_fields(work, item, seen_by), decisions=_shown(decisions), requests=_shown(requests)
    )


def _fields(work: UnitOfWork, item: Item, seen_by: Sequence[str]) -> dict[str, Any]:
    rules = attention_rules()
    found = urgency(item, rules, work.now)
    return {
        **item.model_dump(include=set(Matter.model_fields)),
        "link": item.link or f"/attention/{item.item_id}",
        "points": found.points,
        "band": found.band.name,
        "why": why_seen(
            item, rules, seen_by=seen_by, names=names_in(work, item), now=work.now, zone=zone_of(work)
        ),
    }


def _shown(documents: Sequence[Document]) -> list[dict[str, Any]]:
    return [
        {"id": one.id, **{name: value for name, value in one.data.items() if name != "expires_at"}}
        for one in documents
    ]
