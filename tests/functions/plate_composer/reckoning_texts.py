"""What became of text messages, reckoned from the ledger's rows."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from tests.functions.plate_composer.ledger_rows import (
    Figures,
    Ledger,
    Row,
    detail,
    moment,
    nearest_rank,
    share,
)


def texts(ledger: Ledger) -> Figures:
    kinds = ("text.decided", "text.put_off", "text.moved", "text.unknown")
    by_text: dict[str, list[Row]] = {}
    for row in ledger.rows:
        if row["type"] in kinds:
            by_text.setdefault(row["subject"], []).append(row)
    decided = [rows for rows in by_text.values() if _is_decided_in(rows, ledger.end)]
    found: Figures = {}
    for purpose in {detail(rows[0])["purpose"] for rows in decided}:
        found[purpose] = _of_texts([rows for rows in decided if detail(rows[0])["purpose"] == purpose])
    return found


def _is_decided_in(rows: Sequence[Row], end: datetime) -> bool:
    return any(row["type"] == "text.decided" and moment(row) < end for row in rows)


def _of_texts(all_texts: Sequence[Sequence[Row]]) -> dict[str, Any]:
    ends = [_end_of(rows) for rows in all_texts]
    took = [seconds for _, seconds in ends if seconds is not None]
    names = [name for name, _ in ends]
    delivered, failed = names.count("delivered"), names.count("failed")
    return {
        "text_count": len(ends),
        "allowed_count": sum(_has(rows, verdict="send") for rows in all_texts),
        "held_count": sum(
            not _has(rows, verdict="send") and not _has(rows, verdict="refuse") for rows in all_texts
        ),
        "refused_count": names.count("refused"),
        "delivered_count": delivered,
        "failed_count": failed,
        "unknown_count": names.count("unknown"),
        "delivery_rate": share(delivered, delivered + failed),
        "p50_seconds": nearest_rank(took, 50),
        "p95_seconds": nearest_rank(took, 95),
        "newest_at": max(moment(row) for rows in all_texts for row in rows),
    }


def _has(rows: Sequence[Row], **fields: str) -> bool:
    return any(fields.items() <= detail(row).items() for row in rows)


def _end_of(rows: Sequence[Row]) -> tuple[str, float | None]:
    delivered = [row for row in rows if detail(row).get("state") == "delivered"]
    if delivered:
        let_go = [row for row in rows if detail(row).get("verdict") == "send"]
        took = moment(delivered[0]) - moment(let_go[-1])
        return "delivered", int(took.total_seconds() * 1000) / 1000
    if _has(rows, state="failed") or _has(rows, state="undelivered"):
        return "failed", None
    if _has(rows, verdict="refuse"):
        return "refused", None
    moved = any("state" in detail(row) for row in rows)
    is_unknown = any(row["type"] == "text.unknown" for row in rows)
    return "unknown" if is_unknown and not moved else "under way", None
