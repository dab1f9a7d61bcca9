"""A text's files, from the provider into the dealership's own store."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from shared.errors import Rejected
from shared.inbox.thread import inbound_path, media_key
from shared.media_types import MediaFile
from shared.platform import Tenant
from shared.runtime.work import UnitOfWork

MOST_BYTES = 16_000_000
"""Three times what networks carry in one message."""

_BEGINNINGS: tuple[tuple[bytes, str], ...] = (
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
    (b"%PDF-", "application/pdf"),
    (b"OggS", "audio/ogg"),
    (b"ID3", "audio/mpeg"),
    (b"#!AMR", "audio/amr"),
    (b"BEGIN:VCARD", "text/vcard"),
)
_BOXES = {b"heic": "image/heic", b"heix": "image/heic", b"mif1": "image/heic", b"qt  ": "video/quicktime"}


def content_type_of(content: bytes) -> str:
    """By its first bytes, whatever it is called; what nobody knows is only ever downloaded."""
    for beginning, name in _BEGINNINGS:
        if content.startswith(beginning):
            return name
    if content[4:8] == b"ftyp":
        return _BOXES.get(content[8:12], "video/3gpp" if content[8:10] == b"3g" else "video/mp4")
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return "image/webp"
    return "application/octet-stream"


def fetch_all(work: UnitOfWork, tenant: Tenant, text_sid: str) -> int:
    """How many files are stored. A file the provider refuses for good is marked so; one that cannot be read
    now fails the delivery, which comes again."""
    path = inbound_path(text_sid)
    text = work.require(path).data
    media = [_fetched(work, tenant, text_sid, one) for one in text["media"]]
    if media != text["media"]:
        work.put(path, {**text, "media": media})
    return sum(one["state"] == "stored" for one in media)


def mark_unavailable(work: UnitOfWork, text_sid: str) -> None:
    """An operator's replay still fetches them."""
    text = work.get(inbound_path(text_sid))
    if text is not None:
        media = [
            {**one, "state": "unavailable"} if one["state"] == "waiting" else one
            for one in text.data["media"]
        ]
        work.put(text.path, {**text.data, "media": media})


def _fetched(work: UnitOfWork, tenant: Tenant, text_sid: str, one: Mapping[str, Any]) -> dict[str, Any]:
    if one["state"] not in ("waiting", "unavailable"):
        return dict(one)
    found = work.once(f"media {one['index']}", lambda: _read(tenant, one["url"]))
    if isinstance(found, str):
        return {**one, "state": "refused", "reason": found}
    key = media_key(text_sid, one["index"])
    file = replace(found, content_type=content_type_of(found.content))
    work.once(f"stored {one['index']}", lambda: _store(tenant, key, file))
    kept = {"state": "stored", "blob_key": key, "bytes": len(file.content)}
    return {**one, **kept, "content_type": file.content_type}


def _read(tenant: Tenant, url: str) -> MediaFile | str:
    try:
        return tenant.text_provider.media(url, limit=MOST_BYTES)
    except Rejected as error:
        return type(error).__name__


def _store(tenant: Tenant, key: str, file: MediaFile) -> bool:
    tenant.blobs.put(key, file.content, content_type=file.content_type)
    return True
