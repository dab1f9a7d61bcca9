"""A trip: a vehicle or a driver on the way to somebody, from its start to its end and not a minute longer."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Literal

from shared.port_types import Place

SILENT = timedelta(minutes=10)
"""A trip under way that sends nothing for so long is looked at."""
LONGEST = timedelta(hours=16)
"""Nobody drives longer: a trip somebody forgot to stop ends here."""
LATE_ROWS = timedelta(hours=1)
"""So long after its end a trip takes what a phone without reception could not send earlier."""
LINK_KEPT = timedelta(hours=24)
"""A customer who opens the link the same day is told that the trip is over."""

DRIVER_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9 ._/#:@+-]{0,127}")
"""A staff number, or the e-mail address an app knows its user by; not every driver is staff."""

Status = Literal["planned", "active", "ended"]
Ending = Literal["arrived", "stopped", "forgotten"]


class TripKind(StrEnum):
    """What is on its way."""

    DELIVERY = "delivery"
    PICKUP = "pickup"
    TRANSPORT = "transport"


@dataclass(frozen=True)
class Pause:
    """While it lasts nothing is shown, and nothing taken in it is kept."""

    since: datetime
    until: datetime | None = None

    def covers(self, at: datetime) -> bool:
        return self.since <= at and (self.until is None or at < self.until)


@dataclass(frozen=True)
class Trip:
    """`trips/{trip_id}`. It is written when the trip changes, never by a position: those have documents of
    their own below it. `link` is the customer's link, as secret as the page it opens. `check_at` is when the
    trip is looked at next, `purge_at` when its positions go; both None when there is nothing to do.
    """

    trip_id: str
    created_at: datetime
    updated_at: datetime
    kind: str = TripKind.DELIVERY
    status: Status = "planned"
    vin: str | None = None
    driver_staff_id: str | None = None
    person_id: str | None = None
    phone: str | None = None
    repair_order: str | None = None
    deal: str | None = None
    destination: Place | None = None
    started_at: datetime | None = None
    ended_at: datetime | None = None
    ended_by: Ending | None = None
    closed_at: datetime | None = None
    """When the end was found out, which may be later than the end."""
    pauses: tuple[Pause, ...] = ()
    link: str = ""
    links: int = 0
    """Links ever made: each has a number in its name."""
    attention_at: datetime | None = None
    check_at: datetime | None = None
    purge_at: datetime | None = None
    purge: Mapping[str, Any] = field(default_factory=dict)

    @property
    def path(self) -> str:
        return trip_path(self.trip_id)

    @property
    def is_paused(self) -> bool:
        return bool(self.pauses) and self.pauses[-1].until is None

    def is_paused_at(self, at: datetime) -> bool:
        return any(pause.covers(at) for pause in self.pauses)

    def takes_positions(self, now: datetime) -> bool:
        """Under way, or over for so short a time that rows of it may still come."""
        if self.status == "active":
            return True
        return self.status == "ended" and self.closed_at is not None and now < self.closed_at + LATE_ROWS

    def quiet_since(self, newest: datetime | None) -> datetime:
        """Since when nothing has come; a pause is no silence."""
        moments = [newest, self.started_at, self.pauses[-1].until if self.pauses else None]
        return max(moment for moment in moments if moment is not None)

    def to_data(self) -> dict[str, Any]:
        where = self.destination
        return {
            **vars(self),
            "kind": str(self.kind),
            "destination": where and {"latitude": where.latitude, "longitude": where.longitude},
            "pauses": [dict(vars(pause)) for pause in self.pauses],
            "purge": dict(self.purge),
        }

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> Trip:
        where = data["destination"]
        pauses = tuple(Pause(**pause) for pause in data["pauses"])
        known = {one.name: data[one.name] for one in fields(cls) if one.name in data}
        return cls(**{**known, "destination": Place(**where) if where else None, "pauses": pauses})


def trip_path(trip_id: str) -> str:
    return f"trips/{trip_id}"


def driver_path(staff_id: str) -> str:
    """Which trip a driver is on: rows that name only the driver belong to it."""
    from urllib.parse import quote

    return f"drivers_on_trips/{quote(staff_id, safe='')}"
