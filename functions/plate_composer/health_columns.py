"""What the columns of SYSTEM_HEALTH_DASHBOARD mean."""

from __future__ import annotations

from functions.plate_composer.plate import Column

_COUNTS = (
    Column("unit_count", "Units of work"),
    Column("ok_count", "Succeeded"),
    Column("retried_count", "Succeeded after a retry"),
)
_SPEED = (Column("p50_ms", "Median", "ms"), Column("p95_ms", "95th percentile", "ms"))
_RATE = Column("error_rate", "Error rate", "share")
_SINCE = Column("newest_at", "Newest", "time")

SUMMARY = (
    _RATE,
    *_COUNTS,
    Column("failed_count", "Failed"),
    Column("dead_lettered_count", "Given up"),
    Column("rejected_count", "Refused"),
    Column("plate_count", "Plates"),
    Column("plate_p50_ms", "Plate, median", "ms"),
    Column("plate_p95_ms", "Plate, 95th percentile", "ms"),
)
CHAIN = (
    Column("step", "Step"),
    Column("sample_count", "Measurements"),
    *_SPEED,
    Column("max_ms", "Longest", "ms"),
    Column("unit_count", "Units of work"),
    Column("error_count", "Failed"),
    _RATE,
    _SINCE,
)
HOPS = (
    Column("capability", "Capability"),
    *_COUNTS,
    Column("rejected_count", "Refused"),
    Column("error_count", "Failed"),
    _RATE,
    _SINCE,
)
PLATES = (
    Column("intent", "Wanted"),
    Column("plate_count", "Plates"),
    Column("plate_share", "Share", "share"),
    Column("refused_count", "Answered in words"),
    *_SPEED,
    _SINCE,
)
LEADS = (
    Column("lead_count", "Leads"),
    Column("deal_count", "Became a deal"),
    Column("deal_rate", "Share", "share"),
    Column("deal_p50_hours", "To the deal, median", "hours"),
    Column("deal_p95_hours", "To the deal, 95th percentile", "hours"),
    Column("won_count", "Became a sale"),
    Column("won_rate", "Share", "share"),
    Column("won_p50_hours", "To the sale, median", "hours"),
    Column("won_p95_hours", "To the sale, 95th percentile", "hours"),
    _SINCE,
)
TEXTS = (
    Column("purpose", "For"),
    Column("text_count", "Texts"),
    Column("allowed_count", "Allowed"),
    Column("held_count", "Held back"),
    Column("refused_count", "Refused"),
    Column("delivered_count", "Delivered"),
    Column("failed_count", "Not delivered"),
    Column("unknown_count", "Unknown"),
    Column("delivery_rate", "Delivery rate", "share"),
    Column("p50_seconds", "Median", "seconds"),
    Column("p95_seconds", "95th percentile", "seconds"),
    _SINCE,
)
WAITS = (
    Column("who", "Who waited"),
    Column("about", "For what"),
    Column("wait_count", "How often"),
    Column("p50_seconds", "Median", "seconds"),
    Column("p95_seconds", "95th percentile", "seconds"),
    Column("max_seconds", "Longest", "seconds"),
    _SINCE,
)
HOURLY = (
    Column("hour_start", "Hour", "time"),
    _RATE,
    Column("unit_count", "Units of work"),
    Column("ok_count", "Succeeded"),
    Column("rejected_count", "Refused"),
    Column("error_count", "Failed"),
)
LATENCY = (
    Column("kind", "Kind"),
    Column("name", "Name"),
    Column("sample_count", "Measurements"),
    *_SPEED,
    Column("max_ms", "Longest", "ms"),
)
STEPS = (Column("name", "Step"), Column("count", "Times"), Column("errors", "Failed"), *_SPEED)
PROBLEMS = (
    Column("occurred_at", "When", "time"),
    Column("capability", "Capability"),
    Column("outcome", "How it ended"),
    Column("reason", "Reason"),
    Column("subject", "On what"),
    Column("is_recovered", "Recovered"),
    Column("trace_id", "Trace"),
)
DETAILS = {
    "chain": CHAIN,
    "hops": HOPS,
    "plates": PLATES,
    "leads": LEADS,
    "texts": TEXTS,
    "waits": WAITS,
    "hourly": HOURLY,
    "latency": LATENCY,
    "steps": STEPS,
    "problems": PROBLEMS,
}
