"""Media as reviewers see them: lists, one with its findings, pictures, and the file in ranges."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Literal

from pydantic import BaseModel, Field

from shared.domain.field_types import VinText
from shared.domain.media import COLLECTION, frame_key, media_path
from shared.errors import InvalidInput, NotFound
from shared.platform import Tenant
from shared.ports import Query
from shared.runtime.inject import QueryModel
from shared.runtime.reply import Answer

MOST_BYTES = 8 * 1024 * 1024
"""An answer of Cloud Run has 32 MB at most; a player asks for the next range by itself."""

MOST_PHOTO = 24_000_000
_RANGE = re.compile(r"bytes=(\d+)-(\d*)")
_FRAME = re.compile(r"f\d{8}")


class MediaQuery(QueryModel):
    """One of the three says which media."""

    vin: VinText | None = None
    repair_order: str | None = Field(None, max_length=100)
    state: Literal["received", "read", "needs_review", "vin_mismatch", "unreadable"] | None = None
    limit: int = Field(50, ge=1, le=200)
    after: str | None = Field(None, max_length=128)
    """The last media of the page before."""


class Media(BaseModel):
    """What came and how far it is; `findings` stand with one media alone."""

    media_id: str
    kind: str
    content_type: str
    size: int
    state: str
    stage: str
    vin: str | None
    repair_order: str | None
    note: str
    uploaded_at: datetime
    uploaded_by: str
    captured_at: datetime | None = None
    unread: list[str] = []
    vin_check: str = ""
    flag_ids: list[str] = []


class MediaPage(BaseModel):
    media: list[Media]
    next: str | None


class MediaDetail(Media):
    """With everything found in it. `frames` are names for `/api/media/{id}/frames/{name}`."""

    duration_s: float = 0.0
    model_version: str = ""
    vins_seen: list[dict[str, Any]] = []
    odometer: dict[str, Any] | None = None
    transcript: list[dict[str, Any]] = []
    findings: list[dict[str, Any]] = []
    frames: list[str] = []
    compared: dict[str, Any] | None = None


def page(tenant: Tenant, asked: MediaQuery) -> MediaPage:
    """Newest first."""
    named = {"vin": asked.vin, "repair_order": asked.repair_order, "state": asked.state}
    where = [(field, "==", value) for field, value in named.items() if value is not None]
    if len(where) != 1:
        raise InvalidInput("say one of vin, repair_order and state")
    found = tenant.documents.query(
        Query(COLLECTION, tuple(where), ("-uploaded_at",), asked.limit + 1, asked.after)
    )
    shown = found[: asked.limit]
    return MediaPage(
        media=[Media.model_validate(one.data) for one in shown],
        next=shown[-1].id if len(found) > asked.limit else None,
    )


def detail(tenant: Tenant, media_id: str) -> MediaDetail:
    return MediaDetail.model_validate(stored(tenant, media_id))


def stored(tenant: Tenant, media_id: str) -> Mapping[str, Any]:
    document = tenant.documents.get(media_path(media_id))
    if document is None:
        raise NotFound(f"there is no media [{media_id}]")
    return document.data


def picture(tenant: Tenant, media_id: str, frame: str) -> Answer:
    """A frame kept as evidence; of a photo, the photo. Where none was kept, the file's second shows it."""
    media = stored(tenant, media_id)
    blobs = tenant.blobs
    if media["kind"] == "photo" and media["size"] <= MOST_PHOTO:
        headers = {"X-Content-Type-Options": "nosniff"}
        return Answer(200, blobs.get(media["blob_key"]), headers, media["content_type"])
    if not _FRAME.fullmatch(frame) or frame not in media.get("frames", ()):
        raise NotFound(f"media [{media_id}] has no frame [{frame}]; see /api/media/{media_id}/content")
    content = blobs.get(frame_key(media_id, frame))
    return Answer(200, content, {"Cache-Control": "private, max-age=86400"}, "image/jpeg")


def content(tenant: Tenant, media_id: str, asked: str) -> Answer:
    """As RFC 9110 has it for one range; more than `MOST_BYTES` comes in parts."""
    media = stored(tenant, media_id)
    size, found = media["size"], _RANGE.fullmatch(asked)
    if asked and not found:
        raise InvalidInput(f"Range: [{asked[:50]}] is not bytes=first-last")
    first = int(found[1]) if found else 0
    last = min(int(found[2]) if found and found[2] else size - 1, size - 1, first + MOST_BYTES - 1)
    if first > last:
        return Answer(416, headers={"Content-Range": f"bytes */{size}"})
    part = tenant.blobs.read(media["blob_key"], first, last - first + 1)
    headers = {"Accept-Ranges": "bytes", "Cache-Control": "private", "X-Content-Type-Options": "nosniff"}
    if len(part) < size:
        headers["Content-Range"] = f"bytes {first}-{last}/{size}"
    return Answer(206 if len(part) < size else 200, part, headers, media["content_type"])
