"""When vehicles were sold: what the won deals say, for a vehicle's own record does not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from functions.plate_composer.asked import Period
from functions.plate_composer.plate import Row
from functions.plate_composer.records import read
from shared.platform import Tenant


def sold_on(tenant: Tenant, period: Period) -> dict[str, date]:
    """VIN → the day its deal was won, for the deals won in the period."""
    days = ("closed_on", ">=", str(period.start)), ("closed_on", "<=", str(period.end))
    return {
        deal["vin"]: date.fromisoformat(str(deal["closed_on"]))
        for deal in read(tenant, "deals", *days)
        if deal["stage"] == "won" and deal.get("vin")
    }


def with_day_of_sale(rows: Sequence[Row], days: Mapping[str, date]) -> list[dict[str, Any]]:
    """The rows of the vehicles that were sold then, the latest sale first."""
    sold = [{**row, "sold_on": days[row["vin"]]} for row in rows if row["vin"] in days]
    return sorted(sold, key=lambda row: row["sold_on"], reverse=True)


def days_to_sale(row: Row) -> int | None:
    came = row["acquired_on"]
    return (row["sold_on"] - came).days if came else None
