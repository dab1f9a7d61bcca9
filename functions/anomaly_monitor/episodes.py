"""One telling an episode: a finding is new, part of what was told, or known."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from decimal import Decimal
from typing import Any

from functions.anomaly_monitor.finding import COOL_DOWN_DAYS, Finding
from functions.anomaly_monitor.words import summary
from shared import links
from shared.domain.anomaly.paths import episode_path, finding_path
from shared.events.anomaly import AnomalyDetected
from shared.events.conversation import AttentionRequested
from shared.port_types import Data
from shared.ports import Document
from shared.runtime.work import UnitOfWork

LINK_HOLDS = timedelta(days=30)
WORSE = 2
"""What exceeds the usual range by so many times more than what was told is told again."""

QUIET_STATES = ("expected", "snoozed")


def take_in(work: UnitOfWork, findings: Sequence[Finding]) -> tuple[int, int]:
    """Writes what is new; answers how many findings and how many of them a person is told of."""
    new = told = 0
    paths = [path for one in findings for path in (finding_path(one.finding_id), _episode(one))]
    stored = dict(zip(paths, work.get_many(paths), strict=True)) if paths else {}
    for finding in findings:
        known, episode = stored[finding_path(finding.finding_id)], work.get(_episode(finding))
        if known is not None and not _has_grown(known.data, finding):
            continue
        is_alert = _is_alert(work, finding, known, episode)
        _write(work, finding, known, is_alert=is_alert, episode=episode)
        new += known is None
        told += is_alert
    return new, told


def _episode(finding: Finding) -> str:
    return episode_path(finding.family, finding.about)


def _has_grown(known: Data, finding: Finding) -> bool:
    """A day to which more was posted; the same row seen an hour later is nothing new."""
    return Decimal(known["value_usd"]) < finding.value


def _is_alert(work: UnitOfWork, finding: Finding, known: Document | None, episode: Document | None) -> bool:
    if known is not None and known.data["state"] in QUIET_STATES:
        return False
    if episode is None or work.now >= episode.data["quiet_until"]:
        return True
    return finding.family != "drift" and finding.excess >= WORSE * Decimal(episode.data["excess_usd"])


def _write(
    work: UnitOfWork, finding: Finding, known: Document | None, *, is_alert: bool, episode: Document | None
) -> None:
    document = {**(known.data if known else _begun(work, finding)), **_content(work, finding)}
    if is_alert:
        document |= {"alerted_at": work.now, "episode_id": finding.finding_id}
        work.put(_episode(finding), _told(work, finding))
    elif known is None and episode is not None:
        document["episode_id"] = episode.data["finding_id"]
    work.put(finding_path(finding.finding_id), document)
    work.emit(_event(finding, is_alert=is_alert))
    if is_alert:
        work.emit(_request(finding))
    detail = {"family": finding.family, "kinds": list(finding.kinds), "is_alert": is_alert}
    work.audit("anomaly.detected", subject=finding_path(finding.finding_id), detail=detail)


def _begun(work: UnitOfWork, finding: Finding) -> dict[str, Any]:
    subject = finding_path(finding.finding_id)
    link = links.issue(
        work, kind="alert", subject=subject, ends_at=work.now + LINK_HOLDS, name=finding.finding_id
    )
    return {
        "finding_id": finding.finding_id,
        "state": "open",
        "detected_at": work.now,
        "alerted_at": None,
        "episode_id": None,
        "snoozed_until": None,
        "link_uuid": link,
        "history": [],
    }


def _content(work: UnitOfWork, finding: Finding) -> dict[str, Any]:
    return {
        "family": finding.family,
        "kinds": list(finding.kinds),
        "lane": finding.lane,
        "category": finding.category,
        "direction": finding.direction,
        "series": finding.series,
        "about": finding.about,
        "occurred_on": finding.occurred_on.isoformat(),
        "value_usd": _text(finding.value),
        "day_total_usd": _text(finding.day_total),
        "expected_low_usd": _text(finding.low),
        "expected_high_usd": _text(finding.high),
        "mean_30_usd": _text(finding.mean),
        "deviation_30_usd": _text(finding.deviation),
        "entry_ids": list(finding.entry_ids),
        "summary": summary(finding),
        "updated_at": work.now,
    }


def _told(work: UnitOfWork, finding: Finding) -> dict[str, Any]:
    return {
        "finding_id": finding.finding_id,
        "family": finding.family,
        "about": finding.about,
        "told_at": work.now,
        "quiet_until": work.now + timedelta(days=COOL_DOWN_DAYS[finding.family]),
        "excess_usd": _text(finding.excess),
    }


def _text(amount: Decimal | None) -> str | None:
    return None if amount is None else f"{amount:.2f}"


def _event(finding: Finding, *, is_alert: bool) -> AnomalyDetected:
    return AnomalyDetected(
        finding_id=finding.finding_id,
        kinds=finding.kinds,
        lane=finding.lane,
        category=finding.category,
        direction=finding.direction,
        occurred_on=finding.occurred_on,
        value_usd=finding.value,
        expected_low_usd=finding.low,
        expected_high_usd=finding.high,
        entry_ids=finding.entry_ids,
        is_alert=is_alert,
    )


def _request(finding: Finding) -> AttentionRequested:
    path = finding_path(finding.finding_id)
    return AttentionRequested(
        subject=path,
        kind="anomaly",
        summary=summary(finding),
        urgency="high",
        roles=("ceo",),
        value_usd=finding.value,
        link=f"/{path}",
        detail=path,
    )
