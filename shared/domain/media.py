"""A video, photo or recording of a vehicle: where its document and its files lie."""

from __future__ import annotations

from typing import Literal

COLLECTION = "media"
UPLOADS = "media_uploads"

MediaState = Literal["received", "read", "needs_review", "vin_mismatch", "unreadable"]
"""`received` waits to be looked at, `read` was understood, the others wait for a person."""


def media_path(media_id: str) -> str:
    return f"{COLLECTION}/{media_id}"


def upload_path(upload_id: str) -> str:
    return f"{UPLOADS}/{upload_id}"


def original_key(media_id: str) -> str:
    """The blob of the file as it came, of the dealership's own."""
    return f"media/{media_id}/original"


def frame_name(at_seconds: float) -> str:
    """`12.5` → `f00012500`: the milliseconds, so names sort by time."""
    return f"f{round(at_seconds * 1000):08d}"


def frame_key(media_id: str, name: str) -> str:
    return f"media/{media_id}/{name}.jpg"
