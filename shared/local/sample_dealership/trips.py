"""Trips under way: one to a customer of the workshop, one between lots, each with its last positions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from shared.domain.progress import FINISHED_STATUSES
from shared.local.sample_dealership.profiles import Profile
from shared.local.sample_dealership.team import ids_of

Row = dict[str, Any]

LOTS = {"autohaus": (42.0451, -87.6877), "northside": (42.3636, -87.8448)}
"""Latitude and longitude of the dealerships."""
CUSTOMER, AUCTION = (0.062, -0.071), (-0.118, -0.164)
"""Where the trips go, in degrees from the lot."""
UNDER_WAY, EVERY_S = timedelta(minutes=12), 30


@dataclass(frozen=True)
class SampleTrip:
    """`plan` starts it at `started_at`; `rows` are AppSheet's since then."""

    plan: Row
    started_at: datetime
    rows: list[Row]


def trips(
    profile: Profile, stock: Sequence[Row], shop: Sequence[Row], team: list[Row], *, now: datetime
) -> list[SampleTrip]:
    """The customer's gets a text with its link; the transport is nobody's."""
    drivers = ids_of(team, "driver")
    waiting = [row for row in shop if row["status"] not in FINISHED_STATUSES and row.get("customer_phone")]
    moving = [row for row in stock if row["status"] == "in_transit"]
    planned: list[tuple[Row, tuple[float, float]]] = []
    if waiting:
        planned.append(({"kind": "delivery", "repair_order": waiting[0]["ro_number"]}, CUSTOMER))
    if moving:
        planned.append(({"kind": "transport", "vin": moving[0]["vin"]}, AUCTION))
    return [
        _trip(profile, f"sample-{kind['kind']}", {**kind, "driver_staff_id": driver}, way, now)
        for (kind, way), driver in zip(planned, drivers, strict=False)
    ]


def _trip(profile: Profile, trip_id: str, plan: Row, way: tuple[float, float], now: datetime) -> SampleTrip:
    """Two thirds of the way are driven."""
    lot = LOTS[profile.tenant_id]
    started_at, steps = now - UNDER_WAY, UNDER_WAY // timedelta(seconds=EVERY_S)
    destination = f"{lot[0] + way[0]:.5f}, {lot[1] + way[1]:.5f}"
    rows = [
        {
            "Row ID": f"{trip_id}-{step}",
            "Trip": trip_id,
            "LatLong": f"{lot[0] + way[0] * share:.6f}, {lot[1] + way[1] * share:.6f}",
            "Timestamp": (started_at + timedelta(seconds=EVERY_S * step)).isoformat(),
        }
        for step in range(steps + 1)
        for share in [step / steps * 2 / 3]
    ]
    return SampleTrip(
        {"trip_id": trip_id, "destination": destination, "start": True, **plan}, started_at, rows
    )
