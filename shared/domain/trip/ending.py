"""A trip ends once: by hand, by arriving, or because nobody drives that long."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from shared import links
from shared.domain.trip.trip import LATE_ROWS, LINK_KEPT, Ending, Trip, driver_path
from shared.domain.trip.words import hold_back
from shared.errors import NotFound
from shared.events.logistics import TripEnded
from shared.runtime.work import UnitOfWork


def end_trip(work: UnitOfWork, trip: Trip, *, ended_by: Ending, ended_at: datetime) -> Trip:
    """The trip as it is now stored. Its link tells of the end for a day, its positions go after the retention
    time; the driver is free for the next one."""
    closed_at = trip.closed_at or work.now
    retention = timedelta(days=work.tenant.settings.trip_retention_days)
    ended = replace(
        trip,
        status="ended",
        ended_at=ended_at,
        ended_by=ended_by,
        closed_at=closed_at,
        pauses=tuple(replace(pause, until=pause.until or ended_at) for pause in trip.pauses),
        check_at=None,
        purge_at=max(ended_at + retention, closed_at + LATE_ROWS),
        updated_at=work.now,
    )
    work.put(trip.path, ended.to_data())
    if trip.status == "ended":
        return ended  # only its end was found to be earlier
    _let_driver_go(work, trip)
    hold_back(work, trip)
    if trip.link:
        _shorten_link(work, trip)
    work.emit(TripEnded(trip_id=trip.trip_id, ended_by=ended_by, ended_at=ended_at))
    work.audit("trip.ended", subject=trip.path, detail={"ended_by": ended_by})
    return ended


def _let_driver_go(work: UnitOfWork, trip: Trip) -> None:
    if not trip.driver_staff_id:
        return
    pointer = work.get(driver_path(trip.driver_staff_id))
    if pointer and pointer.data["trip_id"] == trip.trip_id:
        work.delete(pointer.path)


def _shorten_link(work: UnitOfWork, trip: Trip) -> None:
    try:
        links.extend(work, links.digest(trip.link), work.now + LINK_KEPT)
    except NotFound:
        return  # removed with what was forgotten of the customer: it opens nothing already
