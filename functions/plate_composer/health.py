"""SYSTEM_HEALTH_DASHBOARD: how this system did, from its own ledger."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from typing import Any

from functions.plate_composer.asked import Asked, Period
from functions.plate_composer.plate import Column, Plate
from functions.plate_composer.side_by_side import side_by_side
from shared.errors import Transient
from shared.observability import log
from shared.platform import Tenant

COLUMNS = (
    Column("error_rate", "Error rate", "share"),
    Column("unit_count", "Units of work"),
    Column("ok_count", "Succeeded"),
    Column("retried_count", "Succeeded after a retry"),
    Column("failed_count", "Failed"),
    Column("dead_lettered_count", "Given up"),
    Column("rejected_count", "Refused"),
    Column("plate_count", "Plates"),
    Column("plate_p50_ms", "Plate, median", "ms"),
    Column("plate_p95_ms", "Plate, 95th percentile", "ms"),
)
HOURLY_COLUMNS = (
    Column("hour_start", "Hour", "time"),
    Column("error_rate", "Error rate", "share"),
    Column("unit_count", "Units of work"),
    Column("ok_count", "Succeeded"),
    Column("rejected_count", "Refused"),
    Column("error_count", "Failed"),
)
LATENCY_COLUMNS = (
    Column("kind", "Kind"),
    Column("name", "Name"),
    Column("sample_count", "Measurements"),
    Column("p50_ms", "Median", "ms"),
    Column("p95_ms", "95th percentile", "ms"),
    Column("max_ms", "Longest", "ms"),
)
STEP_COLUMNS = (
    Column("name", "Step"),
    Column("count", "Times"),
    Column("errors", "Failed"),
    Column("p50_ms", "Median", "ms"),
    Column("p95_ms", "95th percentile", "ms"),
)
PROBLEM_COLUMNS = (
    Column("occurred_at", "When", "time"),
    Column("capability", "Capability"),
    Column("outcome", "How it ended"),
    Column("reason", "Reason"),
    Column("subject", "On what"),
    Column("is_recovered", "Recovered"),
    Column("trace_id", "Trace"),
)
DETAIL_COLUMNS = {
    "hourly": HOURLY_COLUMNS,
    "latency": LATENCY_COLUMNS,
    "steps": STEP_COLUMNS,
    "problems": PROBLEM_COLUMNS,
}
SUMMARY = "plates/system_health_v1"
HOURLY, LATENCY, PROBLEMS = "plates/health_hourly_v1", "plates/health_latency_v1", "plates/health_problems_v1"
SHOWN_PROBLEMS = 25


def compose(asked: Asked, tenant: Tenant) -> Plate:
    """One row of figures for the window, by default today in the dealership's zone."""
    period = asked.period or Period(asked.today, asked.today, "today")
    start, end = asked.moments(period)
    window = {"as_of": asked.as_of, "from_at": start, "to_at": end}
    found = side_by_side(
        tenant,
        {
            "summary": (SUMMARY, window),
            "hourly": (HOURLY, window),
            "latency": (LATENCY, window),
            "problems": (PROBLEMS, {**window, "row_limit": SHOWN_PROBLEMS}),
        },
    )
    summary = found["summary"][0]
    row = {
        "row_ids": summary.pop("problem_ids") or [],
        "id": f"{start.isoformat()}/{end.isoformat()}",
        **summary,
    }
    return Plate(
        title=f"System health, {period.in_words}",
        columns=COLUMNS,
        dataset=[row],
        source={"queries": [SUMMARY, HOURLY, LATENCY, PROBLEMS]},
        filters={"from": period.start, "to": period.end},
        newest_at=summary["newest_at"],
        note=""
        if summary["unit_count"]
        else f"Nothing was done: {period.in_words}, so there is no error rate.",
        details={
            "hourly": [_with_id(row, row["hour_start"].isoformat()) for row in found["hourly"]],
            "latency": [_with_id(row, f"{row['kind']}/{row['name']}") for row in found["latency"]],
            "steps": _steps(tenant, start),
            "problems": [_with_id(row, row["event_id"]) for row in found["problems"]],
        },
        detail_columns=DETAIL_COLUMNS,
    )


def _steps(tenant: Tenant, since: datetime) -> list[dict[str, Any]]:
    """How long each step took, from the traces; a trace store that is away leaves the ledger's figures."""
    try:
        found = tenant.step_latencies(since)
    except Transient as error:
        log("WARNING", "the trace store is away", error=type(error).__name__)
        return []
    return [{"id": step.name, **asdict(step)} for step in found]


def _with_id(row: dict[str, Any], row_id: str) -> dict[str, Any]:
    return {"id": row_id, **row}
