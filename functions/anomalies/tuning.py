"""What "expected" means: the series, document or payee is measured by it from now on."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

from shared.domain.anomaly.paths import accepted_path, series_path
from shared.errors import AlreadyExists
from shared.port_types import Data
from shared.runtime.work import UnitOfWork

ACCEPTED_FOR = {
    "split": timedelta(days=90),
    "posted_twice": timedelta(days=3650),
    "correction": timedelta(days=3650),
}
"""A payee whose parts were expected once is looked at again; a document is a document."""


def accept(work: UnitOfWork, finding: Data, *, by: str) -> dict[str, Any]:
    """Writes it; answers `{path, before, after}` for the ledger and for taking it back."""
    if finding["family"] in ACCEPTED_FOR:
        path, after = _accepted_rows(work, finding)
    else:
        path, after = _raised_series(work, finding)
    stored = work.get(path)
    before = dict(stored.data) if stored else None
    work.put(path, {**(before or {}), **after, "updated_at": work.now, "updated_by": by})
    fields = {name: (before or {}).get(name) for name in after if name != "about"}
    return {"path": path, "before": fields, "after": after}


def take_back(work: UnitOfWork, retuned: Data) -> None:
    """Raises `AlreadyExists` when the fields hold something else by now."""
    path, before, after = retuned["path"], retuned["before"], retuned["after"]
    stored = work.get(path)
    now = stored.data if stored else {}
    if any(now.get(name) != value for name, value in after.items()):
        raise AlreadyExists(f"[{path}] was changed since; set it back there instead")
    left = {name: value for name, value in {**now, **before}.items() if value is not None}
    if set(left) <= {"series", "about", "updated_at", "updated_by"}:
        work.delete(path)
    else:
        work.put(path, {**left, "updated_at": work.now})


def _accepted_rows(work: UnitOfWork, finding: Data) -> tuple[str, dict[str, Any]]:
    until = work.now.date() + ACCEPTED_FOR[finding["family"]]
    fields = {"kind": finding["family"], "about": finding["about"], "until": until.isoformat()}
    return accepted_path(finding["family"], finding["about"]), fields


def _raised_series(work: UnitOfWork, finding: Data) -> tuple[str, dict[str, Any]]:
    path = series_path(finding["series"])
    stored = work.get(path)
    known = stored.data if stored else {}
    raised = {name: _highest(known.get(name), usd) for name, usd in _raises(finding).items()}
    return path, {"series": finding["series"], **raised}


def _raises(finding: Data) -> dict[str, str]:
    if finding["family"] == "drift":
        return {"accepted_four_weeks_usd": finding["value_usd"]}
    if finding["family"] == "day":
        return {"accepted_day_usd": finding["value_usd"]}
    # A posting makes its day large, too.
    return {"accepted_usd": finding["value_usd"], "accepted_day_usd": finding["day_total_usd"]}


def _highest(known: str | None, new: str) -> str:
    return new if known is None else str(max(Decimal(known), Decimal(new)))
