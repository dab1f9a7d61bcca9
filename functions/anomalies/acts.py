"""What people do with a finding. Each act done twice changes nothing the second time."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from functions.anomalies.tuning import accept, take_back
from shared.attention.settling import settle
from shared.domain.anomaly.paths import episode_path, finding_path, series_path
from shared.errors import InvalidInput
from shared.port_types import Data
from shared.runtime.work import UnitOfWork


def require_finding(work: UnitOfWork, finding_id: str) -> Data:
    """Raises `NotFound`."""
    return work.require(finding_path(finding_id)).data


def acknowledged(work: UnitOfWork, finding_id: str, *, by: str, note: str) -> Data:
    """Only an open or snoozed one changes."""
    finding = require_finding(work, finding_id)
    if finding["state"] not in ("open", "snoozed"):
        return finding
    return _kept(work, finding, "acknowledged", by=by, note=note, snoozed_until=None)


def snoozed(work: UnitOfWork, finding_id: str, *, days: int, whole_series: bool, by: str, note: str) -> Data:
    """Raises `InvalidInput` for one that was called expected."""
    finding = require_finding(work, finding_id)
    if finding["state"] == "expected":
        raise InvalidInput(f"[{finding_id}] was called expected; take that back first")
    until = work.now + timedelta(days=days)
    if whole_series:
        _mute(work, finding["series"], until.date().isoformat(), by)
    detail = {"days": days, "whole_series": whole_series}
    return _kept(work, finding, "snoozed", by=by, note=note, detail=detail, snoozed_until=until)


def expected(work: UnitOfWork, finding_id: str, *, by: str, note: str = "") -> Data:
    """Retunes the series, document or payee it is known by."""
    finding = require_finding(work, finding_id)
    if finding["state"] == "expected":
        return finding
    retuned = accept(work, finding, by=by)
    # What exceeds even this is a matter of its own.
    _end_episode(work, finding)
    # The ledger holds no payee's name; the document of the path does.
    detail = {**retuned, "after": {k: v for k, v in retuned["after"].items() if k != "about"}}
    return _kept(
        work, finding, "expected", by=by, note=note, detail=detail, snoozed_until=None, retuned=retuned
    )


def unexpected(work: UnitOfWork, finding_id: str, *, by: str, note: str) -> Data:
    """Puts back what was held before. Raises `AlreadyExists` when something else was said since."""
    finding = require_finding(work, finding_id)
    if finding["state"] != "expected":
        return finding
    take_back(work, finding["retuned"])
    return _kept(work, finding, "open", by=by, note=note, act="unexpected", retuned=None)


def _end_episode(work: UnitOfWork, finding: Data) -> None:
    episode = work.get(episode_path(finding["family"], finding["about"]))
    if episode is not None and episode.data["finding_id"] == finding["finding_id"]:
        work.delete(episode.path)


def _mute(work: UnitOfWork, series: str, until: str, by: str) -> None:
    path = series_path(series)
    stored = work.get(path)
    known = stored.data if stored else {"series": series}
    work.put(path, {**known, "muted_until": until, "updated_at": work.now, "updated_by": by})


def _kept(
    work: UnitOfWork,
    finding: Data,
    state: str,
    *,
    by: str,
    note: str,
    act: str = "",
    detail: Data | None = None,
    **changes: Any,
) -> Data:
    path = finding_path(finding["finding_id"])
    done = act or state
    history = [*finding["history"], {"at": work.now, "act": done, "by": by, "note": note}]
    after = {**finding, "state": state, "updated_at": work.now, "history": history[-50:], **changes}
    work.put(path, after)
    work.audit(f"anomaly.{done}", subject=path, actor=by, detail=dict(detail or {}))
    if state in ("acknowledged", "expected"):
        settle(work, kind="anomaly", subject=path, by=by, note=f"{done} at the finding")
    return after
