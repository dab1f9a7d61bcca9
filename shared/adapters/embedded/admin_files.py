"""Files below a folder: the embedded blobs, or an export on a disk."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from shared.adapters.blob_keys import check_key
from shared.admin.ports import FileInfo
from shared.errors import NotFound

UNFINISHED = ".writing-"


class FolderFiles:
    """`folder_mark` ends folders' names, as in the embedded blobs, where `a` and `a/b` are both files."""

    def __init__(self, root: Path, *, folder_mark: str = "") -> None:
        self._root = root
        self._mark = folder_mark

    @property
    def place(self) -> str:
        return str(self._root)

    def list(self, prefix: str = "") -> Iterator[FileInfo]:
        found = (self._info(path) for path in self._root.rglob("*") if _is_content(path))
        yield from sorted((one for one in found if one.key.startswith(prefix)), key=lambda one: one.key)

    @contextmanager
    def open(self, key: str) -> Iterator[BinaryIO]:
        try:
            file = self._path(key).open("rb")
        except FileNotFoundError as error:
            raise NotFound(f"There is no file [{key}] in [{self._root}]") from error
        with file:
            yield file

    @contextmanager
    def create(self, key: str) -> Iterator[BinaryIO]:
        path = self._path(key)
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=UNFINISHED)
        try:
            with os.fdopen(descriptor, "wb") as file:
                yield file
                file.flush()
                os.fsync(file.fileno())
            Path(name).replace(path)
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise

    def delete(self, key: str) -> None:
        self._path(key).unlink(missing_ok=True)

    def _info(self, path: Path) -> FileInfo:
        key = path.relative_to(self._root).as_posix()
        return FileInfo(key.replace(f"{self._mark}/", "/"), path.stat().st_size)

    def _path(self, key: str) -> Path:
        check_key(key)
        *folders, name = key.split("/")
        return self._root.joinpath(*(folder + self._mark for folder in folders), name)


def _is_content(path: Path) -> bool:
    return path.is_file() and not path.name.startswith(".")
