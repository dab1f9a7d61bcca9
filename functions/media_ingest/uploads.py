"""Uploads that may be interrupted at any byte: begun, continued from what is kept, finished once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from datetime import timedelta
from typing import Any, Literal

from pydantic import BaseModel, Field

from functions.media_ingest.about import About, vehicle_of
from functions.media_ingest.formats import MEDIA_TYPES
from functions.media_ingest.receiving import accept, check_size, check_stored
from shared.domain.media import original_key, upload_path
from shared.errors import Conflict, Gone, InvalidInput, NotFound, Rejected, UnsupportedMedia
from shared.platform import Tenant
from shared.runtime.auth import Caller
from shared.runtime.reply import Answer, problem
from shared.runtime.work import UnitOfWork

KEPT = timedelta(days=6)
"""A bucket keeps what it has of an upload for a week."""

LEAST_PIECE = 256 * 1024
"""A bucket keeps whole multiples of it of every piece but the last."""

PIECE_BYTES = 32 * LEAST_PIECE
"""What is asked for at a time."""


class StartUpload(About):
    """A file of which the first byte is still to come."""

    size: int = Field(gt=0, description="Bytes of the whole file.")
    content_type: str = Field("", max_length=100, description="As the phone says; the bytes are believed.")


class Direct(BaseModel):
    """Where the bytes may go straight to, past this function: `PUT` with `Content-Range: bytes 0-99/200`."""

    url: str
    method: Literal["PUT"] = "PUT"


class Upload(BaseModel):
    """How an upload stands. `received` is the offset of the next byte."""

    upload_id: str
    state: Literal["open", "finished", "refused"]
    size: int
    received: int
    piece_bytes: int = PIECE_BYTES
    direct: Direct | None = None
    media_id: str | None = None
    reason: str = ""


def start(work: UnitOfWork, caller: Caller, asked: StartUpload) -> Upload:
    """Raises `TooLarge` and `UnsupportedMedia` before a byte is sent."""
    check_size(asked.size, work.tenant.settings.media_max_mb)
    said = asked.content_type.partition(";")[0].strip().lower()
    if said and said not in MEDIA_TYPES:
        raise UnsupportedMedia(f"[{said}] is no photo, video or recording")
    vin, upload_id = vehicle_of(asked, work), work.new_id()
    key = original_key(upload_id)
    session = work.once(
        "session",
        lambda: work.tenant.blobs.begin(
            key, content_type=said or "application/octet-stream", size=asked.size
        ),
    )
    work.create(
        upload_path(upload_id),
        {
            **asked.model_dump(exclude={"captured_at"}),
            **asdict(session),
            "upload_id": upload_id,
            "vin": vin,
            "captured_at": asked.captured_at,
            "state": "open",
            "key": key,
            "started_by": caller.id,
            "started_at": work.now,
            "expires_at": work.now + KEPT,
        },
    )
    direct = Direct(url=session.url) if session.url else None
    return Upload(upload_id=upload_id, state="open", size=asked.size, received=0, direct=direct)


def state_of(tenant: Tenant, upload_id: str) -> Upload:
    """Asks the store itself, so also what was sent past us is known. Raises `NotFound`."""
    stored = _stored(tenant, upload_id)
    if stored["state"] != "open":
        return _ended(stored)
    received = _received(tenant, stored)
    direct = Direct(url=stored["url"]) if stored["url"] else None
    return Upload(upload_id=upload_id, state="open", size=stored["size"], received=received, direct=direct)


def add(tenant: Tenant, upload_id: str, offset: int, content: bytes) -> Upload | Answer:
    """Keeps bytes. A piece after a gap is answered 409 with where to go on."""
    stored = _stored(tenant, upload_id)
    if stored["state"] != "open":
        raise Gone(f"upload [{upload_id}] is {stored['state']}; begin another")
    blobs, token, size = tenant.blobs, stored["token"], stored["size"]
    try:
        received = blobs.append(token, offset=offset, content=content, size=size)
    except Conflict:
        here = Upload(upload_id=upload_id, state="open", size=size, received=_received(tenant, stored))
        return Answer(409, here)
    if content and received == offset:
        raise InvalidInput(f"a piece that is not the last has at least {LEAST_PIECE} bytes")
    return Upload(upload_id=upload_id, state="open", size=size, received=received)


def finish(work: UnitOfWork, caller: Caller, upload_id: str) -> Upload | Answer:
    """Checks the whole file and hands it on. Again it answers the same; a refusal is kept with its reason."""
    document = work.get(upload_path(upload_id))
    if document is None:
        raise NotFound(f"there is no upload [{upload_id}]")
    stored = document.data
    if stored["state"] == "refused":
        raise InvalidInput(stored["reason"])
    if stored["state"] == "finished":
        return Answer(202, _ended(stored))
    received = _received(work.tenant, stored)
    if received < stored["size"]:
        unfinished = Upload(upload_id=upload_id, state="open", size=stored["size"], received=received)
        return Answer(409, unfinished)
    try:
        found = check_stored(work.tenant.blobs, stored["key"], stored["size"], stored["content_type"])
    except Rejected as error:
        work.update(
            upload_path(upload_id), {"state": "refused", "reason": str(error), "token": "", "url": ""}
        )
        return problem(error, instance=f"/api/media/uploads/{upload_id}/finish")
    about = About.model_validate({name: stored[name] for name in About.model_fields})
    accept(
        work,
        caller,
        media_id=upload_id,
        key=stored["key"],
        size=stored["size"],
        found=found,
        about=about,
        vin=stored["vin"],
    )
    ended = {**stored, "state": "finished", "token": "", "url": ""}
    work.put(upload_path(upload_id), ended)
    return Answer(202, _ended(ended))


def cancel(work: UnitOfWork, upload_id: str) -> Upload:
    """Raises `NotFound`. What has ended already stays as it is."""
    stored = dict(work.require(upload_path(upload_id)).data)
    if stored["state"] == "open":
        work.tenant.blobs.abandon(stored["token"])
        stored.update(state="refused", reason="given up by its sender", token="", url="")
        work.put(upload_path(upload_id), stored)
    return _ended(stored)


def _received(tenant: Tenant, stored: Mapping[str, Any]) -> int:
    """A store forgets a session that is done; the file is there then, whole."""
    try:
        return tenant.blobs.received(stored["token"], size=stored["size"])
    except NotFound:
        if tenant.blobs.exists(stored["key"]) and tenant.blobs.size(stored["key"]) == stored["size"]:
            return int(stored["size"])
        raise


def _stored(tenant: Tenant, upload_id: str) -> Mapping[str, Any]:
    document = tenant.documents.get(upload_path(upload_id))
    if document is None:
        raise NotFound(f"there is no upload [{upload_id}]")
    return document.data


def _ended(stored: Mapping[str, Any]) -> Upload:
    whole = stored["state"] == "finished"
    return Upload(
        upload_id=stored["upload_id"],
        state=stored["state"],
        size=stored["size"],
        received=stored["size"] if whole else 0,
        media_id=stored["upload_id"] if whole else None,
        reason=stored.get("reason", ""),
    )
