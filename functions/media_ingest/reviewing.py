"""What a person says of a media: which vehicle it shows, and that it was looked at."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel

from shared.domain.field_types import VinText
from shared.domain.media import media_path
from shared.errors import AlreadyExists
from shared.events.media import MediaUploaded
from shared.ports import Data
from shared.runtime.auth import Caller
from shared.runtime.work import UnitOfWork


class VehicleSaid(BaseModel):
    """The vehicle a media shows, as a person says."""

    vin: VinText


class MediaState(BaseModel):
    media_id: str
    state: str


def for_vehicle(work: UnitOfWork, caller: Caller, media_id: str, vin: str) -> MediaState:
    """It is looked at again for that vehicle. One whose flags were written already stays where it is."""
    media = _looked_at(work, media_id)
    if media.get("flag_ids"):
        raise AlreadyExists(f"media [{media_id}] wrote flags to [{media['vin']}] already: correct those")
    turn = media["turn"] + 1
    after: dict[str, Any] = {**media, "vin": vin, "vin_said_by": caller.id, "state": "received", "turn": turn}
    if media["repair_order"] and media["vin"] != vin:
        after["repair_order"] = None  # the order is of another vehicle
    work.put(media_path(media_id), after)
    work.emit(MediaUploaded(media_id=media_id, kind=media["kind"], turn=turn))
    work.audit("media.vehicle_said", subject=media_path(media_id))
    return MediaState(media_id=media_id, state="received")


def looked_at_by(work: UnitOfWork, caller: Caller, media_id: str) -> MediaState:
    """Nothing in it waits for a person any more; its doubtful flags are decided one by one."""
    media = _looked_at(work, media_id)
    after = {**media, "state": "read", "reviewed_by": caller.id, "reviewed_at": work.now}
    work.put(media_path(media_id), after)
    work.audit("media.reviewed", subject=media_path(media_id))
    return MediaState(media_id=media_id, state="read")


def _looked_at(work: UnitOfWork, media_id: str) -> Data:
    media = work.require(media_path(media_id)).data
    if media["state"] == "received":
        raise AlreadyExists(f"media [{media_id}] is being looked at; wait a moment")
    return media
