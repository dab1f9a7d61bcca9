"""The text that brings the customer the link: asked for once a link, held back when it is over."""

from __future__ import annotations

from shared.domain.trip.trip import Trip
from shared.runtime.work import UnitOfWork
from shared.texting.request import Purpose, Recipient, request_text, withdraw_text

WORDS = {
    "delivery": "Your vehicle is on its way to you. Follow it until it arrives:",
    "pickup": "Our driver is on the way to you. Follow along until the arrival:",
    "transport": "The transport is on its way. Follow it until it arrives:",
}


def text_link(work: UnitOfWork, trip: Trip, url: str) -> None:
    """Asked for in the same commit; whether and when it may be sent is decided where every text is."""
    if not trip.phone or not trip.link:
        return
    recipient = Recipient(trip.phone, person_id=trip.person_id or "")
    body = f"{work.tenant.name}: {WORDS[trip.kind]} {url}"
    request_text(work, to=recipient, purpose=Purpose.SERVICE, body=body, key=text_key(trip), link=url)


def hold_back(work: UnitOfWork, trip: Trip) -> None:
    """The night is over and so is the trip: nobody is told that something is on its way."""
    withdraw_text(work, text_key(trip))


def text_key(trip: Trip) -> str:
    return f"trip:{trip.trip_id}:link:{trip.links}"
