"""The customer's link: given and withdrawn."""

from __future__ import annotations

from dataclasses import replace

from shared import links
from shared.domain.trip.trip import LINK_KEPT, LONGEST, Trip
from shared.domain.trip.words import hold_back
from shared.errors import NotFound
from shared.runtime.work import UnitOfWork

KIND = "track"


def give_link(work: UnitOfWork, trip: Trip) -> Trip:
    number = trip.links + 1
    ends_at = (trip.started_at or work.now) + LONGEST + LINK_KEPT
    link = links.issue(work, kind=KIND, subject=trip.path, ends_at=ends_at, name=f"{trip.trip_id}:{number}")
    return replace(trip, link=link, links=number)


def withdraw(work: UnitOfWork, trip: Trip) -> Trip:
    """Also when the link is gone already: what was forgotten of a customer opens nothing."""
    if trip.link:
        hold_back(work, trip)
        try:
            links.revoke(work, links.digest(trip.link))
        except NotFound:
            return replace(trip, link="")
    return replace(trip, link="")


def link_url(work: UnitOfWork, trip: Trip) -> str:
    return work.tenant.links.url(KIND, trip.link) if trip.link else ""
