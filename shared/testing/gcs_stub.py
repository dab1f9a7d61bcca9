"""Cloud Storage's JSON API, as far as we use it: upload whole or in chunks, download, look, list, delete."""

from __future__ import annotations

import base64
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import Message
from typing import Any
from urllib.parse import unquote

import google_crc32c

from shared.testing.http_stub import Reply, Request, json_reply, serve

_OBJECTS = "/storage/v1/b/{bucket}/o"


@dataclass(frozen=True)
class StoredObject:
    content: bytes
    content_type: str


KEPT = 256 * 1024


@dataclass
class Upload:
    """A resumable upload on its way."""

    key: str
    content_type: str
    content: bytearray = field(default_factory=bytearray)
    whole: bool = False


class GcsStub:
    """`objects` maps a key of the one bucket to what was stored; `fail_with` answers a status instead."""

    url: str

    def __init__(self, bucket: str) -> None:
        self._folder = _OBJECTS.format(bucket=bucket)
        self._bucket = bucket
        self._lock = threading.Lock()
        self.objects: dict[str, StoredObject] = {}
        self._uploads: dict[str, Upload] = {}
        self.fail_with: int | None = None
        self.asked: list[str] = []
        """The path of every request."""
        self.page_size = 1_000

    def answer(self, request: Request) -> Reply:
        self.asked.append(request.path)
        if self.fail_with:
            return Reply(self.fail_with, b"")
        with self._lock:
            if request.path == f"/upload{self._folder}":
                is_in_chunks = request.query.get("uploadType") == "resumable"
                return self._chunk(request) if is_in_chunks else self._upload(request)
            if request.path == self._folder:
                return self._list(request)
            return self._object(request)

    def _upload(self, request: Request) -> Reply:
        header = f"Content-Type: {request.headers['content-type']}\r\n\r\n".encode()
        description, content = _parts(message_from_bytes(header + request.body))
        key = str(json.loads(_content(description))["name"])
        self.objects[key] = StoredObject(_content(content), content.get_content_type())
        return json_reply(self._resource(key))

    def _chunk(self, request: Request) -> Reply:
        """The first request names the object, each further one adds to it; the last says how long it is."""
        upload = request.query.get("upload_id", "")
        if not upload and request.method == "DELETE":
            return Reply(400)  # the library ends an upload at the address that begins one
        if not upload:
            upload = str(len(self._uploads) + 1)
            name = str(request.query.get("name") or json.loads(request.body)["name"])
            kind = request.headers.get("x-upload-content-type", "application/octet-stream")
            self._uploads[upload] = Upload(name, kind)
            query = f"uploadType=resumable&upload_id={upload}"
            return Reply(200, b"", {"Location": f"{self.url}/upload{self._folder}?{query}"})
        if upload not in self._uploads:
            return Reply(404)
        if request.method == "DELETE":
            del self._uploads[upload]
            return Reply(499)
        return self._piece(self._uploads[upload], request)

    def _piece(self, upload: Upload, request: Request) -> Reply:
        """As the service keeps them: whole multiples of 256 KiB until the last byte has come."""
        span, _, size = request.headers["content-range"].removeprefix("bytes ").partition("/")
        start = int(span.partition("-")[0]) if span != "*" else len(upload.content)
        if upload.whole:
            return json_reply(self._resource(upload.key))
        if start > len(upload.content):
            return Reply(503)  # the service answers one of its own errors; the client asks how far it is
        upload.content += request.body[len(upload.content) - start :]
        if size == "*" or len(upload.content) < int(size):
            del upload.content[len(upload.content) // KEPT * KEPT :]
            kept = {"Range": f"bytes=0-{len(upload.content) - 1}"} if upload.content else {}
            return Reply(308, b"", kept)
        upload.whole = True
        self.objects[upload.key] = StoredObject(bytes(upload.content), upload.content_type)
        return json_reply(self._resource(upload.key))

    def _object(self, request: Request) -> Reply:
        folder, _, name = request.path.removeprefix("/download").partition(f"{self._folder}/")
        key = unquote(name)
        if folder or key not in self.objects:
            return json_reply({"error": {"code": 404, "message": f"No such object: {request.path}"}}, 404)
        if request.method == "DELETE":
            del self.objects[key]
            return Reply(204)
        if request.query.get("alt") == "media":
            return _download(self.objects[key], request.headers.get("range", ""))
        return json_reply(self._resource(key))

    def _list(self, request: Request) -> Reply:
        prefix, start = request.query.get("prefix", ""), int(request.query.get("pageToken", 0))
        found = sorted(key for key in self.objects if key.startswith(prefix))
        end = start + self.page_size
        token = {"nextPageToken": str(end)} if len(found) > end else {}
        return json_reply({"items": [self._resource(key) for key in found[start:end]], **token})

    def _resource(self, key: str) -> dict[str, Any]:
        stored = self.objects[key]
        return {
            "kind": "storage#object",
            "name": key,
            "bucket": self._bucket,
            "size": str(len(stored.content)),
            "contentType": stored.content_type,
            "generation": "1",
            "crc32c": base64.b64encode(google_crc32c.value(stored.content).to_bytes(4)).decode(),
        }


def _download(stored: StoredObject, wanted: str) -> Reply:
    headers = {"Content-Type": stored.content_type}
    if not wanted:
        return Reply(200, stored.content, headers)
    first, _, last = wanted.removeprefix("bytes=").partition("-")
    part = stored.content[int(first) : int(last) + 1 if last else None]
    if not part:
        return Reply(416)
    end = int(first) + len(part) - 1
    return Reply(206, part, {**headers, "Content-Range": f"bytes {first}-{end}/{len(stored.content)}"})


@contextmanager
def gcs_stub(bucket: str) -> Iterator[GcsStub]:
    stub = GcsStub(bucket)
    with serve(stub.answer) as url:
        stub.url = url
        yield stub


def _parts(upload: Message) -> list[Message]:
    parts = upload.get_payload()
    assert isinstance(parts, list)
    return [part for part in parts if isinstance(part, Message)]


def _content(part: Message) -> bytes:
    content = part.get_payload(decode=True)
    assert isinstance(content, bytes)
    return content
