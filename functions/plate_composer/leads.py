"""CRM_CARD when leads are asked for: what came in, newest first, whoever it is from."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from functions.plate_composer.asked import Asked
from functions.plate_composer.plate import MOST_ROWS, Column, Plate, newest, picked
from functions.plate_composer.records import read, vehicle_words
from shared.platform import Tenant

COLUMNS = (
    Column("received_at", "Came in", "time"),
    Column("name", "Name"),
    Column("emails", "E-mail"),
    Column("phones", "Phone"),
    Column("source", "Came by"),
    Column("vehicle", "Vehicle"),
    Column("comments", "Comments"),
    Column("is_known", "Known before"),
)
NEWEST = 25
NARROWS_BY = frozenset({"subject", "period"})
LONGEST_COMMENT = 300


def compose(asked: Asked, tenant: Tenant) -> Plate:
    """Of the period, else the newest. A customer known for years who asks again is a lead too."""
    period = asked.period
    moments = asked.moments(period) if period else None
    span = (("received_at", ">=", moments[0]), ("received_at", "<", moments[1])) if moments else ()
    limit = MOST_ROWS + 1 if period else NEWEST
    leads = read(tenant, "leads", *span, order_by=("-received_at",), limit=limit)
    return Plate(
        title=f"Leads, {period.in_words}" if period else f"Newest leads (the last {NEWEST})",
        columns=COLUMNS,
        dataset=[_shown(lead) for lead in leads[:MOST_ROWS]],
        source={"collections": ["leads"]},
        filters={"subject": "leads", **({"from": period.start, "to": period.end} if period else {})},
        newest_at=newest(leads, "received_at"),
        note=_note(asked, tenant, leads),
        total=len(leads),
        narrows_by=NARROWS_BY,
    )


def _note(asked: Asked, tenant: Tenant, leads: list[dict[str, Any]]) -> str:
    if len(leads) > MOST_ROWS:
        return f"More than {MOST_ROWS} came in; these are the newest."
    if leads:
        return ""
    latest = read(tenant, "leads", order_by=("-received_at",), limit=1)
    if not latest:
        return "No lead came in yet."
    day = latest[0]["received_at"].astimezone(asked.zone).date()
    return f"No leads in that time. The latest came in on {day}."


def _shown(lead: Mapping[str, Any]) -> dict[str, Any]:
    vehicle = lead.get("vehicle") or {}
    return {
        "id": lead["lead_id"],
        **picked(lead, "received_at", "name", "emails", "phones", "source", "person_id"),
        "vehicle": vehicle_words(vehicle) or vehicle.get("stock_number") or vehicle.get("vin"),
        "comments": (lead.get("comments") or "")[:LONGEST_COMMENT],
        "is_known": lead.get("outcome") == "merged",
    }
