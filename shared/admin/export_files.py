"""The files of an export and the manifest that vouches for them."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from itertools import islice
from typing import BinaryIO, Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from shared.admin.ports import Files
from shared.errors import InvalidInput

MANIFEST = "manifest.json"
TENANT_FILE = "tenant.jsonl"
FILES_INDEX = "files.jsonl"
ACCOUNTS_FILE = "accounts.jsonl"
FORMAT = 1

_BLOCK = 1024 * 1024

Progress = Callable[[str, int], None]
"""Told what is being done and how many there are so far."""

Kind = Literal["tenant", "documents", "root", "rows", "files", "accounts"]


class FileEntry(BaseModel):
    """One file: `count` lines, one document, row, account or file each. `name` is its collection or table."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    key: str
    kind: Kind
    name: str
    count: int
    bytes: int
    sha256: str


class Manifest(BaseModel):
    """Written last: an export without it is not finished."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    format: Literal[1] = 1
    tenant_id: str
    name: str
    profile: str
    project: str
    product_version: str
    read_at: datetime
    """Every document is as it was at this moment; rows and files may be a little newer."""
    started_at: datetime
    finished_at: datetime
    with_keys: bool
    waiting_messages: int
    """Messages the embedded bus had not delivered; they are not in here."""
    files: tuple[FileEntry, ...]
    content_sha256: str
    """Of all files: two exports of the same content have the same, whenever they were made."""

    def of_kind(self, kind: Kind) -> list[FileEntry]:
        return [entry for entry in self.files if entry.kind == kind]

    def count(self, kind: Kind) -> int:
        return sum(entry.count for entry in self.of_kind(kind))


def content_hash(entries: Iterable[FileEntry]) -> str:
    text = "".join(f"{entry.sha256} {entry.key}\n" for entry in sorted(entries, key=lambda one: one.key))
    return hashlib.sha256(text.encode()).hexdigest()


def read_manifest(place: Files) -> Manifest:
    """Raises `NotFound` when there is none, `InvalidInput` when it is no manifest."""
    with place.open(MANIFEST) as file:
        content = file.read()
    try:
        return Manifest.model_validate_json(content)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(map(str, first["loc"]))
        raise InvalidInput(f"[{place.place}/{MANIFEST}] field [{where}]: {first['msg']}") from error


class LineFile:
    """A file of lines that is counted and hashed as it is written."""

    def __init__(self, file: BinaryIO, key: str, kind: Kind, name: str) -> None:
        self._file, self._key, self._kind, self._name = file, key, kind, name
        self._hash = hashlib.sha256()
        self._bytes = self.count = 0

    def add(self, line: bytes) -> None:
        self._file.write(line)
        self._hash.update(line)
        self._bytes += len(line)
        self.count += 1

    def entry(self) -> FileEntry:
        return FileEntry(
            key=self._key,
            kind=self._kind,
            name=self._name,
            count=self.count,
            bytes=self._bytes,
            sha256=self._hash.hexdigest(),
        )


@contextmanager
def line_file(place: Files, key: str, kind: Kind, name: str) -> Iterator[LineFile]:
    with place.create(key) as file:
        yield LineFile(file, key, kind, name)


def copy(source: BinaryIO, target: BinaryIO) -> tuple[int, str]:
    """Block by block; answers bytes and SHA-256."""
    digest, size = hashlib.sha256(), 0
    while block := source.read(_BLOCK):
        target.write(block)
        digest.update(block)
        size += len(block)
    return size, digest.hexdigest()


def batches(lines: Iterable[bytes], *, most: int, most_bytes: int) -> Iterator[list[bytes]]:
    """At least one line each."""
    batch: list[bytes] = []
    size = 0
    for line in lines:
        if batch and (len(batch) == most or size + len(line) > most_bytes):
            yield batch
            batch, size = [], 0
        batch.append(line)
        size += len(line)
    if batch:
        yield batch


def told(items: Iterable[bytes], what: str, progress: Progress, *, every: int = 1_000) -> Iterator[bytes]:
    """The same items, telling `progress` after every so many and at the end."""
    count, rest = 0, iter(items)
    while page := list(islice(rest, every)):
        yield from page
        count += len(page)
        progress(what, count)
