"""What a mechanic filmed comes in, and what it shows about a vehicle."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from shared.events.base import Event


class MediaUploaded(Event, topic="media-uploaded"):
    """A video, photo or recording is stored whole and waits to be looked at; or a person said which vehicle
    one shows, and it is looked at again."""

    example: ClassVar[Mapping[str, Any]] = {"media_id": "7d1c", "kind": "video", "turn": 1}

    media_id: str
    kind: str
    turn: int = 1
    """How often it was given to be looked at: the same turn is the same question."""

    def about(self) -> str:
        return f"media/{self.media_id}"


class TwinFlagged(Event, topic="twin-flagged"):
    """What is known to be wrong with a vehicle changed: flags were made, seen again, or decided upon."""

    example: ClassVar[Mapping[str, Any]] = {
        "vin": "1HGCM82633A004352",
        "flag_ids": ["b0c4"],
        "repair_order": "RO-1001",
        "reds": 1,
        "needs_review": 0,
        "media_id": "7d1c",
    }

    vin: str
    flag_ids: tuple[str, ...]
    repair_order: str | None = None
    reds: int = 0
    """Of the flags named: open and red."""
    needs_review: int = 0
    """Of the flags named: waiting for a person."""
    media_id: str = ""

    def about(self) -> str:
        return f"vehicles/{self.vin}"
