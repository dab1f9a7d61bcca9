"""Where the watch over the books keeps what it knows, below the tenant."""

from __future__ import annotations

import uuid

from shared.events.base import EVENT_NAMESPACE

FINDINGS = "anomalies"
EPISODES = "anomaly_episodes"
SERIES = "anomaly_series"
ACCEPTED = "anomaly_accepted"
APPROVALS = "approved_expenses"
RULES = "anomaly_rules/current"
STATE = "monitor_state/anomaly_monitor"
WATCH_STATE = "monitor_state/monitor_watch"


def finding_path(finding_id: str) -> str:
    return f"{FINDINGS}/{finding_id}"


def series_key(lane: str, category: str, direction: str) -> str:
    """`C.transport.expense`: the series, its document and what the query knows it by."""
    return f"{lane}.{category}.{direction}"


def series_path(key: str) -> str:
    return f"{SERIES}/{key}"


def derived_id(*parts: str) -> str:
    """The same thing gets the same id in every run, so it is found again and never told twice."""
    return str(uuid.uuid5(EVENT_NAMESPACE, "|".join(parts)))


def episode_path(family: str, about: str) -> str:
    return f"{EPISODES}/{derived_id('episode', family, about)}"


def accepted_path(kind: str, about: str) -> str:
    return f"{ACCEPTED}/{derived_id('accepted', kind, about)}"
