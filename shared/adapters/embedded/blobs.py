"""Blobs as files in one folder."""

from __future__ import annotations

import contextlib
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

from shared.adapters.blob_keys import check_key
from shared.errors import NotFound

_FOLDER_MARK = "~"
"""Ends a folder's name and is in no key, so `a` and `a/b` can both be blobs, as in a bucket."""


class FolderBlobs:
    """A reader sees a file whole or not at all. The content type is the file name's affair here."""

    def __init__(self, root: Path) -> None:
        self._root = root

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

    def _all(self) -> Iterator[str]:
        for path in self._root.rglob("*"):
            if path.is_file() and not path.name.startswith("."):
                yield path.relative_to(self._root).as_posix().replace(f"{_FOLDER_MARK}/", "/")

    def _path(self, key: str) -> Path:
        check_key(key)
        *folders, name = key.split("/")
        return self._root.joinpath(*(folder + _FOLDER_MARK for folder in folders), name)
