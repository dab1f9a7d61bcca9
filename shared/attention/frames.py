"""A matter as a panel in the newest conversation somebody has on a screen."""

from __future__ import annotations

from typing import Any

from shared.attention.item import Item
from shared.attention.rules import Rules
from shared.attention.urgency import urgency
from shared.domain.session import Frame, show
from shared.ports import Query
from shared.runtime.work import UnitOfWork

PLATE_ID, INTENT = "ATTENTION_CARD", "ATTENTION"
COLUMNS = (
    ("summary", "What", ""),
    ("band", "Urgency", ""),
    ("count", "Times", ""),
    ("requested_at", "Since", "time"),
    ("due_at", "Due", "time"),
    ("value_usd", "At stake", "USD"),
)
ACTIONS = ("acknowledge", "snooze", "resolve")


def show_frame(work: UnitOfWork, staff_id: str, item: Item, rules: Rules) -> bool:
    """Of the sessions on a screen the newest; a conversation by text message has the text already. False when
    there is none."""
    newest = Query(
        "sessions", (("user_id", "==", staff_id), ("channel", "==", "chat")), ("-updated_at",), limit=1
    )
    found = work.query(newest)
    for session in found:
        content = {"type": "MOUNT_PLATE", "message_id": item.item_id, "plate_id": PLATE_ID}
        show(work, session.id, Frame.model_validate({**content, **_content(work, item, rules)}))
        # Nobody asked, so there is nothing it could be late for: no latency.
        detail = {"plate_id": PLATE_ID, "rows": 1}
        work.audit("plate.mounted", subject=session.path, intent=INTENT, detail=detail)
    return bool(found)


def _content(work: UnitOfWork, item: Item, rules: Rules) -> dict[str, Any]:
    age = round((work.now - item.requested_at).total_seconds())
    parts = urgency(item, rules, work.now).parts
    return {
        "title": f"{item.band.capitalize()}: {item.summary}",
        "columns": [{"name": name, "label": label, "unit": unit} for name, label, unit in COLUMNS],
        "dataset": [_row(item)],
        "total": 1,
        "truncated": False,
        "note": "; ".join(part.words for part in parts).capitalize() + ".",
        "details": {},
        "detail_columns": {},
        "follow_ups": [],
        "filters": {},
        "source": {"collections": ["attention_items"]},
        "as_of": work.now.isoformat(),
        "newest_at": item.last_requested_at.isoformat(),
        "data_age_seconds": max(0, age),
        "detail_ages": {},
        "actions": [
            {"name": name, "method": "POST", "path": f"/api/attention/{item.item_id}/{name}"}
            for name in ACTIONS
        ],
    }


def _row(item: Item) -> dict[str, Any]:
    return {
        "id": item.item_id,
        "summary": item.summary,
        "kind": item.kind,
        "band": item.band,
        "safety": item.safety,
        "count": item.count,
        "requested_at": item.requested_at.isoformat(),
        "due_at": item.due_at.isoformat() if item.due_at else None,
        "value_usd": None if item.value_usd is None else float(item.value_usd),
        "link": item.link or f"/attention/{item.item_id}",
    }
