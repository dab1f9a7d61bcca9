"""Photos, videos and recordings of vehicles come in, and are shown again with what was found in them."""

from __future__ import annotations

from typing import Annotated, Self

from pydantic import BaseModel, Field

from functions.media_ingest import uploads, viewing
from functions.media_ingest.about import AboutQuery, vehicle_of
from functions.media_ingest.form import file_of
from functions.media_ingest.formats import HEAD_BYTES, MEDIA_TYPES, recognised
from functions.media_ingest.receiving import accept
from functions.media_ingest.reviewing import MediaState, VehicleSaid, for_vehicle, looked_at_by
from functions.media_ingest.soundness import StoredFile, check_whole
from functions.media_ingest.uploads import StartUpload, Upload
from functions.media_ingest.viewing import MediaDetail, MediaPage, MediaQuery
from shared.domain.media import original_key
from shared.platform import Tenant
from shared.runtime.auth import Caller
from shared.runtime.entry import entry_point
from shared.runtime.http import Request
from shared.runtime.inject import QueryModel
from shared.runtime.reply import Answer, Says
from shared.runtime.request import BodyModel, RawBody
from shared.runtime.work import UnitOfWork

FORM = "multipart/form-data"


class MediaFile(BodyModel):
    """The bytes of one file, as they are or as the file of a form."""

    media_type: str
    content: bytes = Field(repr=False)

    @classmethod
    def media_types(cls) -> tuple[str, ...]:
        return (*MEDIA_TYPES, FORM)

    @classmethod
    def read_body(cls, content_type: str, body: bytes) -> Self:
        if content_type == FORM:
            content_type, body = file_of(body)
        return cls(media_type=content_type, content=body)


class Accepted(BaseModel):
    """It is kept, and looked at as soon as there is time; `url` shows how far it is."""

    media_id: str
    kind: str
    content_type: str
    url: str


class Offset(QueryModel):
    """Where in the file the bytes of the body begin."""

    offset: int = Field(ge=0)


def take_file(
    about: AboutQuery, file: MediaFile, caller: Caller, work: UnitOfWork
) -> Annotated[Answer, Says(Accepted, 202)]:
    """Nothing is looked at here: the mechanic goes on working. Safe to send again with an Idempotency-Key."""
    found = recognised(file.content[:HEAD_BYTES], file.media_type)
    size, content = len(file.content), file.content
    check_whole(found, StoredFile(size, lambda start, length: content[start : start + length]))
    vin, media_id = vehicle_of(about, work), work.new_id()
    key = original_key(media_id)
    work.tenant.blobs.put(key, content, content_type=found.content_type)
    accept(work, caller, media_id=media_id, key=key, size=size, found=found, about=about, vin=vin)
    url = f"/api/media/{media_id}"
    answer = Accepted(media_id=media_id, kind=found.kind, content_type=found.content_type, url=url)
    return Answer(202, answer, {"Location": url})


def start_upload(
    asked: StartUpload, caller: Caller, work: UnitOfWork
) -> Annotated[Answer, Says(Upload, 201)]:
    """Refuses what is too long or no media before a byte is sent."""
    upload = uploads.start(work, caller, asked)
    return Answer(201, upload, {"Location": f"/api/media/uploads/{upload.upload_id}"})


def take_piece(
    upload_id: str, at: Offset, body: RawBody, tenant: Tenant
) -> Annotated[Answer, Says(Upload, 200, 409)]:
    """Keeps the bytes; answers where the next ones go. What came before may come again."""
    kept = uploads.add(tenant, upload_id, at.offset, body.read())
    return kept if isinstance(kept, Answer) else Answer(200, kept)


def show_upload(upload_id: str, tenant: Tenant) -> Upload:
    """After an interruption: the next byte is `received`."""
    return uploads.state_of(tenant, upload_id)


def cancel_upload(upload_id: str, work: UnitOfWork) -> Upload:
    """What came of it is forgotten; a finished one is a media already and stays."""
    return uploads.cancel(work, upload_id)


def finish_upload(
    upload_id: str, caller: Caller, work: UnitOfWork
) -> Annotated[Answer, Says(Upload, 202, 409)]:
    """The file is checked and handed on; again it answers the same."""
    ended = uploads.finish(work, caller, upload_id)
    return ended if isinstance(ended, Answer) else Answer(202, ended)


def list_media(asked: MediaQuery, tenant: Tenant) -> MediaPage:
    """By vehicle, repair order or state, newest first."""
    return viewing.page(tenant, asked)


def show_media(media_id: str, tenant: Tenant) -> MediaDetail:
    """With its transcript, its findings and the VIN seen in it."""
    return viewing.detail(tenant, media_id)


def show_frame(media_id: str, frame: str, tenant: Tenant) -> Annotated[Answer, Says("image/jpeg")]:
    """A picture of the video, as evidence of a flag."""
    return viewing.picture(tenant, media_id, frame)


def show_content(
    media_id: str, request: Request, tenant: Tenant
) -> Annotated[Answer, Says("video/mp4", 200, 206)]:
    """The file itself; players ask for ranges."""
    return viewing.content(tenant, media_id, request.headers.get("Range", ""))


def name_vehicle(media_id: str, said: VehicleSaid, caller: Caller, work: UnitOfWork) -> MediaState:
    """Which vehicle it shows; it is looked at again for that one."""
    return for_vehicle(work, caller, media_id, said.vin)


def reviewed(media_id: str, caller: Caller, work: UnitOfWork) -> MediaState:
    """A person looked at it."""
    return looked_at_by(work, caller, media_id)


media_ingest = entry_point(
    __file__,
    take_file,
    start_upload,
    take_piece,
    show_upload,
    finish_upload,
    cancel_upload,
    list_media,
    show_media,
    show_frame,
    show_content,
    name_vehicle,
    reviewed,
)
