"""Files in a Cloud Storage bucket, streamed: the product's own, or those of an export."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from io import BufferedReader
from typing import Any, BinaryIO

from google.api_core import exceptions as api
from google.cloud.storage.exceptions import InvalidResponse
from google.cloud.storage.retry import DEFAULT_RETRY

from shared.adapters.blob_keys import check_key
from shared.adapters.google.blobs import storage_client, storage_errors
from shared.adapters.google.errors import google_errors
from shared.admin.ports import FileInfo
from shared.errors import NotFound

_CHUNK = 1024 * 1024
"""Bytes a file holds in memory while it is streamed; a multiple of 256 KiB, as the service wants."""


class GcsFiles:
    """Those below `prefix`, which keys leave out. `endpoint` (`http://127.0.0.1:port`) is not the cloud."""

    def __init__(
        self,
        *,
        bucket: str,
        project: str,
        prefix: str = "",
        endpoint: str | None = None,
        timeout_s: float = 60.0,
    ) -> None:
        self._prefix = f"{prefix.strip('/')}/" if prefix.strip("/") else ""
        with google_errors("Storage client"):
            self._client = storage_client(project, endpoint)
        self._bucket = self._client.bucket(bucket)
        self._call: dict[str, Any] = {"timeout": timeout_s, "retry": DEFAULT_RETRY.with_timeout(timeout_s)}

    @property
    def place(self) -> str:
        return f"gs://{self._bucket.name}/{self._prefix}".rstrip("/")

    def list(self, prefix: str = "") -> Iterator[FileInfo]:
        with _file_errors("List", prefix):
            found = self._client.list_blobs(self._bucket, prefix=self._prefix + prefix, **self._call)
            for blob in found:
                yield FileInfo(blob.name.removeprefix(self._prefix), int(blob.size))

    @contextmanager
    def open(self, key: str) -> Iterator[BinaryIO]:
        blob = self._blob(key)
        with _file_errors("Read", key):
            if not blob.exists(**self._call):
                raise NotFound(f"There is no file [{key}] in [{self.place}]")
            with blob.open("rb", chunk_size=_CHUNK, **self._call) as file:
                # Its own lines are read byte by byte.
                yield BufferedReader(file, _CHUNK)

    @contextmanager
    def create(self, key: str) -> Iterator[BinaryIO]:
        blob = self._blob(key)
        with _file_errors("Write", key):
            writer = blob.open("wb", chunk_size=_CHUNK, ignore_flush=True, **self._call)
            try:
                with writer as file:
                    yield file
            finally:
                # What a failure left in it would be sent when it is collected, though nobody counts on it.
                writer._buffer.close()

    def delete(self, key: str) -> None:
        check_key(key)
        name = self._prefix + key
        with _file_errors("Delete", key):
            found = self._client.list_blobs(self._bucket, prefix=name, versions=True, **self._call)
            for blob in [one for one in found if one.name == name]:
                self._delete_version(blob)

    def close(self) -> None:
        self._client.close()

    def _delete_version(self, blob: Any) -> None:
        try:
            version = self._bucket.blob(blob.name, generation=blob.generation)
            version.delete(**self._call)
        except api.NotFound:
            return

    def _blob(self, key: str) -> Any:
        check_key(key)
        return self._bucket.blob(self._prefix + key)


@contextmanager
def _file_errors(verb: str, key: str) -> Iterator[None]:
    """Streams say a refusal in an error of their own."""
    with storage_errors(verb, key):
        try:
            yield
        except InvalidResponse as error:
            raise api.from_http_response(error.response) from error  # type: ignore[no-untyped-call]  # untyped
