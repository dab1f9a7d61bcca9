"""The customer's link: given, texted, withdrawn."""

from __future__ import annotations

from dataclasses import replace

from shared import links
from shared.domain.trip.trip import LINK_KEPT, LONGEST, Trip
from shared.errors import NotFound
from shared.runtime.work import UnitOfWork
from shared.texting.request import Purpose, Recipient, request_text

KIND = "track"
WORDS = {
    "delivery": "Your vehicle is on its way to you. Follow it until it arrives:",
    "pickup": "Our driver is on the way to you. Follow along until the arrival:",
    "transport": "The transport is on its way. Follow it until it arrives:",
}


def give_link(work: UnitOfWork, trip: Trip) -> Trip:
    number = trip.links + 1
    ends_at = (trip.started_at or work.now) + LONGEST + LINK_KEPT
    link = links.issue(work, kind=KIND, subject=trip.path, ends_at=ends_at, name=f"{trip.trip_id}:{number}")
    return replace(trip, link=link, links=number)


def withdraw(work: UnitOfWork, trip: Trip) -> Trip:
    """Also when the link is gone already: what was forgotten of a customer opens nothing."""
    if trip.link:
        try:
            links.revoke(work, links.digest(trip.link))
        except NotFound:
            return replace(trip, link="")
    return replace(trip, link="")


def text_link(work: UnitOfWork, trip: Trip, *, key: str) -> None:
    """Asked for in the same commit, once a key; whether it may be sent is decided elsewhere."""
    if not trip.phone or not trip.link:
        return
    url = link_url(work, trip)
    body = f"{work.tenant.name}: {WORDS[trip.kind]} {url}"
    recipient = Recipient(trip.phone, person_id=trip.person_id or "")
    request_text(work, to=recipient, purpose=Purpose.SERVICE, body=body, key=key, link=url)


def link_url(work: UnitOfWork, trip: Trip) -> str:
    return work.tenant.links.url(KIND, trip.link) if trip.link else ""
