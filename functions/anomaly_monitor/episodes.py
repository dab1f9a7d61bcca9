"""One telling an episode: a finding is new, part of what was told, or known."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from functions.anomaly_monitor.finding import COOL_DOWN_DAYS, Finding
from functions.anomaly_monitor.words import summary
from shared import links
from shared.domain.anomaly.paths import episode_path, finding_path
from shared.events.anomaly import AnomalyDetected
from shared.events.conversation import AttentionRequested
from shared.port_types import Data
from shared.runtime.work import UnitOfWork

LINK_HOLDS = timedelta(days=30)
EPISODE_KEPT = timedelta(days=90)
"""After its quiet an episode says nothing any more; the store forgets it."""
WORSE = 2
"""What exceeds the usual range by so many times more than what was told is told again."""

AT_ONCE = 60
"""Of one run: its commit stays far below what a store takes at once."""
ALIKE = 3
"""More of one family in one run are one matter, and so is what follows of it within this time."""
MANY_QUIET = timedelta(days=1)

QUIET_STATES = ("expected", "snoozed")


def take_in(work: UnitOfWork, findings: Sequence[Finding]) -> tuple[int, int]:
    """Writes what is new; answers how many findings and how many of them a person is told of.

    The largest first, `AT_ONCE` a run: what is left over is found again by the next one.
    """
    paths = [path for one in findings for path in (finding_path(one.finding_id), _episode(one), _many(one))]
    found = work.get_many(paths) if paths else []
    stored = {path: one.data if one else None for path, one in zip(paths, found, strict=True)}
    fresh = [one for one in findings if _is_news(stored[finding_path(one.finding_id)], one)]
    taken = sorted(fresh, key=lambda one: -one.excess)[:AT_ONCE]
    alerts = []
    for finding in taken:
        known, episode = stored[finding_path(finding.finding_id)], stored[_episode(finding)]
        if _is_alert(finding, known, episode, work.now) and not _covers(
            stored[_many(finding)], finding, work.now
        ):
            alerts.append(finding)
            stored[_episode(finding)] = _told(work, finding)
            work.put(_episode(finding), _told(work, finding))
    told = _rolled_up(alerts)
    for finding in alerts:
        if finding.finding_id in told and told[finding.finding_id] != summary(finding):
            work.put(_many(finding), {**_told(work, finding), "quiet_until": work.now + MANY_QUIET})
    for finding in taken:
        known, episode = stored[finding_path(finding.finding_id)], stored[_episode(finding)] or {}
        document = {**(known or _begun(work, finding, episode)), **_content(work, finding)}
        _write(work, finding, document, words=told.get(finding.finding_id))
    return sum(stored[finding_path(one.finding_id)] is None for one in taken), len(told)


def _rolled_up(alerts: Sequence[Finding]) -> dict[str, str]:
    """The words of those that are told: a file that was posted twice is one matter, not hundreds."""
    told = {}
    for family in dict.fromkeys(one.family for one in alerts):
        alike = [one for one in alerts if one.family == family]
        if len(alike) <= ALIKE:
            told.update({one.finding_id: summary(one) for one in alike})
        else:
            told[alike[0].finding_id] = f"{summary(alike[0])} And {len(alike) - 1} more like it."
    return told


def _episode(finding: Finding) -> str:
    return episode_path(finding.family, finding.about)


def _many(finding: Finding) -> str:
    """What was told of many of a family at once."""
    return episode_path(finding.family, "*")


def _is_news(known: Data | None, finding: Finding) -> bool:
    """Also a day to which more was posted; the same row seen an hour later is nothing new."""
    return known is None or Decimal(known["value_usd"]) < finding.value


def _is_alert(finding: Finding, known: Data | None, episode: Data | None, now: datetime) -> bool:
    if known is not None and known["state"] in QUIET_STATES:
        return False
    return not _covers(episode, finding, now)


def _covers(episode: Data | None, finding: Finding, now: datetime) -> bool:
    """What was told holds for this, too: not long ago, and of about this size."""
    if episode is None or now >= episode["quiet_until"]:
        return False
    return finding.family == "drift" or finding.excess < WORSE * Decimal(episode["excess_usd"])


def _write(work: UnitOfWork, finding: Finding, document: dict[str, Any], *, words: str | None) -> None:
    """`words` are what a person is told now; None when it is part of what was told."""
    subject, is_alert = finding_path(finding.finding_id), words is not None
    if words is not None:
        ends_at = work.now + LINK_HOLDS
        link = links.issue(work, kind="alert", subject=subject, ends_at=ends_at, name=finding.finding_id)
        document |= {"alerted_at": work.now, "link_uuid": link}
        work.emit(_request(finding, words))
    work.put(subject, document)
    work.emit(_event(finding, is_alert=is_alert))
    detail = {"family": finding.family, "kinds": list(finding.kinds), "is_alert": is_alert}
    work.audit("anomaly.detected", subject=subject, detail=detail)


def _begun(work: UnitOfWork, finding: Finding, episode: Data) -> dict[str, Any]:
    return {
        "finding_id": finding.finding_id,
        "state": "open",
        "detected_at": work.now,
        "alerted_at": None,
        "episode_id": episode.get("finding_id", finding.finding_id),
        "snoozed_until": None,
        "link_uuid": "",
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
    quiet_until = work.now + timedelta(days=COOL_DOWN_DAYS[finding.family])
    return {
        "finding_id": finding.finding_id,
        "family": finding.family,
        "about": finding.about,
        "told_at": work.now,
        "quiet_until": quiet_until,
        "expires_at": quiet_until + EPISODE_KEPT,
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


def _request(finding: Finding, words: str) -> AttentionRequested:
    path = finding_path(finding.finding_id)
    return AttentionRequested(
        subject=path,
        kind="anomaly",
        summary=words,
        urgency="high",
        roles=("ceo",),
        value_usd=finding.value,
        link=f"/{path}",
        detail=path,
    )
