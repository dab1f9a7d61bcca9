"""A whole file becomes a media: checked by its bytes, stored, told."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from functions.media_ingest.about import About
from functions.media_ingest.formats import HEAD_BYTES, Format, recognised
from functions.media_ingest.soundness import StoredFile, check_whole
from shared.domain.media import media_path
from shared.errors import TooLarge
from shared.events.media import MediaUploaded
from shared.runtime.auth import Caller
from shared.runtime.work import UnitOfWork
from shared.tenant_ports import TenantBlobs

MB = 1_000_000


def check_size(size: int, most_mb: int) -> None:
    """Raises `TooLarge` before a byte of it is sent."""
    if size > most_mb * MB:
        raise TooLarge(f"the file has {size / MB:,.0f} MB; the limit is {most_mb} MB, so film a shorter clip")


def check_stored(blobs: TenantBlobs, key: str, size: int, declared: str) -> Format:
    """What the stored bytes are. Raises `UnsupportedMedia` or `InvalidInput`; the file is then gone."""
    try:
        found = recognised(blobs.read(key, 0, HEAD_BYTES), declared)
        check_whole(found, StoredFile(size, lambda start, length: blobs.read(key, start, length)))
    except Exception:
        blobs.delete(key)
        raise
    return found


def accept(
    work: UnitOfWork,
    caller: Caller,
    *,
    media_id: str,
    key: str,
    size: int,
    found: Format,
    about: About,
    vin: str | None,
) -> dict[str, Any]:
    """The media's document and the event that has it looked at, in the caller's commit."""
    media = {
        "media_id": media_id,
        "kind": found.kind,
        "content_type": found.content_type,
        "size": size,
        "blob_key": key,
        "vin": vin,
        "repair_order": about.repair_order,
        "stage": about.stage,
        "note": about.note,
        "file_name": about.file_name,
        "captured_at": _utc(about.captured_at, work.now),
        "uploaded_at": work.now,
        "uploaded_by": caller.id,
        "state": "received",
        "turn": 1,
    }
    work.create(media_path(media_id), media)
    work.emit(MediaUploaded(media_id=media_id, kind=found.kind))
    work.audit("media.received", subject=media_path(media_id), detail={"kind": found.kind, "bytes": size})
    return media


def _utc(captured: datetime | None, now: datetime) -> datetime:
    """A phone's clock may be ahead: nothing was filmed after it came in."""
    return min(captured.astimezone(now.tzinfo), now) if captured else now
