"""Blobs in one Cloud Storage bucket."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import requests
from google.api_core import exceptions as api
from google.auth.credentials import AnonymousCredentials
from google.cloud.storage import Blob, Client
from google.cloud.storage.retry import DEFAULT_RETRY

from shared.adapters.blob_keys import check_key, check_piece
from shared.adapters.google.errors import google_errors
from shared.adapters.google.upload_sessions import UploadSessions
from shared.errors import NotFound, Unavailable
from shared.ports import UploadSession


class GcsBlobs:
    """`endpoint` (`http://127.0.0.1:port`) instead of the cloud. `put` replaces, so it may be repeated."""

    def __init__(
        self, *, bucket: str, project: str, endpoint: str | None = None, timeout_s: float = 30.0
    ) -> None:
        self._timeout_s = timeout_s
        self._retry = DEFAULT_RETRY.with_timeout(timeout_s)
        with google_errors("Storage client"):
            self._client = storage_client(project, endpoint)
            # The library leaves a refused download's answer unread, and its connection to the collector.
            self._client._http.hooks["response"].append(_read_refusal)
        self._bucket = self._client.bucket(bucket)
        self._sessions = UploadSessions(self._client._http, timeout_s)

    def put(self, key: str, content: bytes, *, content_type: str) -> None:
        with storage_errors("Write", key):
            self._blob(key).upload_from_string(
                content, content_type=content_type, timeout=self._timeout_s, retry=self._retry
            )

    def get(self, key: str) -> bytes:
        with storage_errors("Read", key):
            content: bytes = self._blob(key).download_as_bytes(timeout=self._timeout_s, retry=self._retry)
        return content

    def exists(self, key: str) -> bool:
        with storage_errors("Look", key):
            return bool(self._blob(key).exists(timeout=self._timeout_s, retry=self._retry))

    def delete(self, key: str) -> None:
        with storage_errors("Delete", key):
            try:
                self._blob(key).delete(timeout=self._timeout_s, retry=self._retry)
            except api.NotFound:
                return

    def keys(self, prefix: str) -> list[str]:
        with storage_errors("List", prefix):
            found = self._client.list_blobs(
                self._bucket, prefix=prefix, timeout=self._timeout_s, retry=self._retry
            )
            return sorted(blob.name for blob in found)

    def size(self, key: str) -> int:
        with storage_errors("Look", key):
            blob = self._blob(key)
            blob.reload(timeout=self._timeout_s, retry=self._retry)
        return int(blob.size or 0)

    def read(self, key: str, start: int, length: int) -> bytes:
        """A range after the end is refused by the service, which is no error here."""
        with storage_errors("Read", key):
            try:
                content: bytes = self._blob(key).download_as_bytes(
                    start=start, end=start + length - 1, timeout=self._timeout_s, retry=self._retry
                )
            except api.RequestRangeNotSatisfiable:
                return b""
        return content

    def begin(self, key: str, *, content_type: str, size: int) -> UploadSession:
        """The session's address is a secret for a week: who has it may send this one file, of this size."""
        with storage_errors("Begin of an upload", key):
            address = self._blob(key).create_resumable_upload_session(
                content_type=content_type, size=size, timeout=self._timeout_s, retry=self._retry
            )
        return UploadSession(token=address, url=address)

    def append(self, token: str, *, offset: int, content: bytes, size: int) -> int:
        check_piece(offset, content, size)
        with storage_errors("Piece of an upload", ""):
            return self._sessions.append(token, offset=offset, content=content, size=size)

    def received(self, token: str, *, size: int) -> int:
        with storage_errors("State of an upload", ""):
            return self._sessions.received(token, size=size)

    def abandon(self, token: str) -> None:
        with storage_errors("End of an upload", ""):
            self._sessions.abandon(token)

    def close(self) -> None:
        self._client.close()

    def _blob(self, key: str) -> Blob:
        check_key(key)
        return self._bucket.blob(key)


@contextmanager
def storage_errors(verb: str, key: str) -> Iterator[None]:
    try:
        with google_errors(f"{verb} of blob [{key}]"):
            try:
                yield
            except api.NotFound as error:
                raise NotFound(f"No blob [{key}]") from error
    except requests.RequestException as error:  # the library lets its transport's own errors through
        raise Unavailable(f"{verb} of blob [{key}] failed: {error}") from error


def _read_refusal(answer: requests.Response, *_: Any, **__: Any) -> None:
    if answer.status_code >= 400:
        answer.content  # noqa: B018 - reading it gives the connection back


def storage_client(project: str, endpoint: str | None) -> Client:
    client = Client(project=project) if endpoint is None else _stub_client(project, endpoint)
    # In a thread of its own it asks for the bucket's place, for traces we do not make, with a right that no
    # function has; and goes on asking for two minutes when nobody answers.
    client._bucket_metadata_cache = None
    return client


def _stub_client(project: str, endpoint: str) -> Client:
    options = {"api_endpoint": endpoint}
    return Client(project=project, credentials=_anonymous(), client_options=options)


def _anonymous() -> AnonymousCredentials:
    return AnonymousCredentials()  # type: ignore[no-untyped-call]  # the library has no types here
