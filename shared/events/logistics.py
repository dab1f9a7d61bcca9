"""Trips: under way, over. Where they go and to whom stands in the documents alone."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, ClassVar

from shared.events.base import Event


class TripEvent(Event):
    """Base of what happens to one trip."""

    trip_id: str

    def about(self) -> str:
        return f"trips/{self.trip_id}"


class TripStarted(TripEvent, topic="trip-started"):
    """A driver set off; from now on positions are taken, and a customer with a number has a link."""

    example: ClassVar[Mapping[str, Any]] = {
        "trip_id": "t-1001",
        "kind": "delivery",
        "started_at": "2026-11-20T15:30:00Z",
    }

    kind: str
    started_at: datetime


class TripEnded(TripEvent, topic="trip-ended"):
    """A trip is over: it `arrived`, was `stopped`, or was `forgotten` and ended by itself."""

    example: ClassVar[Mapping[str, Any]] = {
        "trip_id": "t-1001",
        "ended_by": "arrived",
        "ended_at": "2026-11-20T16:05:00Z",
    }

    ended_by: str
    ended_at: datetime
