"""Blobs as files in one folder."""

from __future__ import annotations

import contextlib
import os
import tempfile
import uuid
from collections.abc import Iterator
from pathlib import Path
from threading import Lock

from shared.adapters.blob_keys import check_key, check_piece
from shared.errors import Conflict, NotFound
from shared.ports import UploadSession

_FOLDER_MARK = "~"
"""Ends a folder's name and is in no key, so `a` and `a/b` can both be blobs, as in a bucket."""


class FolderBlobs:
    """A reader sees a file whole or not at all. The content type is the file name's affair here."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._appending = Lock()

    def put(self, key: str, content: bytes, *, content_type: str) -> None:
        path = self._path(key)
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=".writing-")
        try:
            with os.fdopen(descriptor, "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            Path(name).replace(path)
        except BaseException:
            with contextlib.suppress(FileNotFoundError):
                Path(name).unlink()
            raise

    def get(self, key: str) -> bytes:
        try:
            return self._path(key).read_bytes()
        except FileNotFoundError as error:
            raise NotFound(f"No blob [{key}]") from error

    def exists(self, key: str) -> bool:
        return self._path(key).is_file()

    def delete(self, key: str) -> None:
        self._path(key).unlink(missing_ok=True)

    def keys(self, prefix: str) -> list[str]:
        return sorted(key for key in self._all() if key.startswith(prefix))

    def size(self, key: str) -> int:
        try:
            return self._path(key).stat().st_size
        except FileNotFoundError as error:
            raise NotFound(f"No blob [{key}]") from error

    def read(self, key: str, start: int, length: int) -> bytes:
        try:
            with self._path(key).open("rb") as file:
                file.seek(start)
                return file.read(length)
        except FileNotFoundError as error:
            raise NotFound(f"No blob [{key}]") from error

    def path(self, key: str) -> Path:
        """Where the file lies, for libraries that open it themselves. Raises `NotFound`."""
        self.size(key)
        return self._path(key)

    def begin(self, key: str, *, content_type: str, size: int) -> UploadSession:
        token = f"{uuid.uuid4().hex}/{key}"
        part = self._part(token)
        part.parent.mkdir(parents=True, exist_ok=True)
        part.touch()
        return UploadSession(token)

    def append(self, token: str, *, offset: int, content: bytes, size: int) -> int:
        check_piece(offset, content, size)
        with self._appending:
            kept = self.received(token, size=size)
            if offset > kept:
                raise Conflict(f"[{kept}] bytes are kept, so none can follow that begin at [{offset}]")
            new = content[kept - offset :]
            if new:
                with self._part(token).open("r+b") as file:
                    file.seek(kept)
                    file.write(new)
                    file.flush()
                    os.fsync(file.fileno())
            if kept + len(new) == size:
                self._complete(token)
            return kept + len(new)

    def received(self, token: str, *, size: int) -> int:
        try:
            return self._part(token).stat().st_size
        except FileNotFoundError:
            key = token.partition("/")[2]
            if self.exists(key) and self.size(key) == size:
                return size
            raise NotFound("there is no such upload, or it has ended") from None

    def abandon(self, token: str) -> None:
        self._part(token).unlink(missing_ok=True)

    def _complete(self, token: str) -> None:
        with contextlib.suppress(FileNotFoundError):  # whole before, and the answer was lost
            self._part(token).replace(self._path(token.partition("/")[2]))

    def _part(self, token: str) -> Path:
        name, _, key = token.partition("/")
        path = self._path(key)
        return path.with_name(f".uploading-{name}")

    def _all(self) -> Iterator[str]:
        for path in self._root.rglob("*"):
            if path.is_file() and not path.name.startswith("."):
                yield path.relative_to(self._root).as_posix().replace(f"{_FOLDER_MARK}/", "/")

    def _path(self, key: str) -> Path:
        check_key(key)
        *folders, name = key.split("/")
        return self._root.joinpath(*(folder + _FOLDER_MARK for folder in folders), name)
