"""SYSTEM_HEALTH_DASHBOARD: how this system did, from its own ledger."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any

from functions.plate_composer import health_columns as columns
from functions.plate_composer.asked import Asked, Period
from functions.plate_composer.health_chain import chain
from functions.plate_composer.plate import Plate, Row, newest
from functions.plate_composer.side_by_side import side_by_side
from shared.errors import Transient
from shared.observability import log
from shared.platform import Tenant

SHOWN_PROBLEMS = 25
LEAD_DAYS = timedelta(days=30)
"""Hardly a lead of today is a sale today: without a period of their own, leads of so many days are shown."""

QUERIES = {
    "summary": "plates/system_health_v1",
    "hourly": "plates/health_hourly_v1",
    "latency": "plates/health_latency_v1",
    "problems": "plates/health_problems_v1",
    "hops": "plates/health_hops_v1",
    "plates": "plates/health_plates_v1",
    "leads": "plates/lead_times_v1",
    "texts": "plates/text_delivery_v1",
    "waits": "plates/waiting_times_v1",
}
KEYS = {"hops": "capability", "plates": "intent", "texts": "purpose", "problems": "event_id"}
DATED = ("chain", "hops", "plates", "leads", "texts", "waits")
"""Lists whose rows say how new they are."""


def compose(asked: Asked, tenant: Tenant) -> Plate:
    """One row of figures for the window, by default today in the dealership's zone; beside it, the chain by
    step, capabilities, plates by intent, leads, texts, hours and problems."""
    period = asked.period or Period(asked.today, asked.today, "today")
    start, end = asked.moments(period)
    found = side_by_side(
        tenant, {name: (QUERIES[name], _window(name, asked, start, end)) for name in QUERIES}
    )
    summary = found["summary"][0]
    details = _details(found, _steps(tenant, start))
    note = "" if summary["unit_count"] else f"Nothing was done: {period.in_words}, so there is no error rate."
    return Plate(
        title=f"System health, {period.in_words}",
        columns=columns.SUMMARY,
        dataset=[_summary(summary, start, end)],
        source={"queries": list(QUERIES.values())},
        filters={"from": period.start, "to": period.end},
        newest_at=summary["newest_at"],
        note=note,
        details=details,
        detail_columns=columns.DETAILS,
        detail_newest={name: newest(details[name], "newest_at") for name in DATED},
    )


def _window(name: str, asked: Asked, start: datetime, end: datetime) -> dict[str, Any]:
    window: dict[str, Any] = {"as_of": asked.as_of, "from_at": start, "to_at": end}
    if name == "problems":
        return {**window, "row_limit": SHOWN_PROBLEMS}
    if name == "leads" and asked.period is None:
        return {**window, "from_at": end - LEAD_DAYS}
    return window


def _summary(summary: Mapping[str, Any], start: datetime, end: datetime) -> dict[str, Any]:
    figures = {name: value for name, value in summary.items() if name != "problem_ids"}
    evidence = summary["problem_ids"] or []
    return {"row_ids": evidence, "id": f"{start.isoformat()}/{end.isoformat()}", **figures}


def _details(
    found: Mapping[str, Sequence[Row]], steps: list[dict[str, Any]]
) -> dict[str, list[dict[str, Any]]]:
    keyed = {name: [{"id": row[key], **row} for row in found[name]] for name, key in KEYS.items()}
    return {
        "chain": chain(found["latency"], found["hops"]),
        **keyed,
        "leads": [{"id": "leads", **row} for row in found["leads"]],
        "waits": [{"id": f"{row['who']}/{row['about']}", **row} for row in found["waits"]],
        "hourly": [{"id": row["hour_start"].isoformat(), **row} for row in found["hourly"]],
        "latency": [{"id": f"{row['kind']}/{row['name']}", **row} for row in found["latency"]],
        "steps": steps,
    }


def _steps(tenant: Tenant, since: datetime) -> list[dict[str, Any]]:
    """How long each step took, from the traces; a trace store that is away leaves the ledger's figures."""
    try:
        found = tenant.step_latencies(since)
    except Transient as error:
        log("WARNING", "the trace store is away", error=type(error).__name__)
        return []
    return [{"id": step.name, **asdict(step)} for step in found]
