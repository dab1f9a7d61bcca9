"""Whether an export is what its manifest says: every byte hashed, every line read."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from typing import BinaryIO

from shared.admin.belongings import tenant_path
from shared.admin.export_files import FileEntry, Manifest, Progress, content_hash, read_manifest
from shared.admin.lines import read_document
from shared.admin.ports import Files
from shared.errors import InvalidInput, NotFound

_BLOCK = 1024 * 1024


def verify_export(place: Files, *, progress: Progress) -> Manifest:
    """Answers the manifest. Raises `InvalidInput` naming the first file that is not as it should be."""
    manifest = read_manifest(place)
    if content_hash(manifest.files) != manifest.content_sha256:
        raise InvalidInput(f"[{place.place}] manifest field [content_sha256] is not that of its files")
    for entry in manifest.files:
        check = _line_check(manifest, entry)
        with place.open(entry.key) as file:
            _check_file(place, entry, file, check)
        progress(entry.key, entry.count)
    for entry in manifest.of_kind("files"):
        _check_stored(place, entry, progress)
    return manifest


def _line_check(manifest: Manifest, entry: FileEntry) -> Callable[[bytes], bool]:
    whose = tenant_path(manifest.tenant_id)
    if entry.kind == "documents":
        return lambda line: read_document(line).path.startswith(f"{whose}/")
    if entry.kind == "tenant":
        return lambda line: read_document(line).path == whose
    if entry.kind == "root":
        return lambda line: read_document(line).path.startswith(f"{entry.name}/")
    if entry.kind == "rows":
        return lambda line: json.loads(line)["tenant_id"] == manifest.tenant_id
    return lambda line: isinstance(json.loads(line), dict)


def _check_file(place: Files, entry: FileEntry, file: BinaryIO, check: Callable[[bytes], bool]) -> None:
    digest, count, size = hashlib.sha256(), 0, 0
    for line in file:
        count, size = count + 1, size + len(line)
        digest.update(line)
        try:
            holds = check(line)
        except (ValueError, KeyError, TypeError) as error:
            raise _damaged(place, entry.key, f"line [{count}] cannot be read: {error}") from error
        if not holds:
            raise _damaged(place, entry.key, f"line [{count}] is not of this dealership")
    if (count, size, digest.hexdigest()) != (entry.count, entry.bytes, entry.sha256):
        raise _damaged(
            place, entry.key, f"has [{count}] lines and [{size}] bytes that are not those of the manifest"
        )


def _check_stored(place: Files, entry: FileEntry, progress: Progress) -> None:
    with place.open(entry.key) as index:
        for number, line in enumerate(index, 1):
            known = json.loads(line)
            key = f"files/{known['key']}"
            digest = hashlib.sha256()
            try:
                with place.open(key) as file:
                    while block := file.read(_BLOCK):
                        digest.update(block)
            except NotFound as error:
                raise _damaged(place, key, "is missing") from error
            if digest.hexdigest() != known["sha256"]:
                raise _damaged(place, key, "is not what was exported")
            progress("files", number)


def _damaged(place: Files, key: str, problem: str) -> InvalidInput:
    return InvalidInput(f"the export [{place.place}] is damaged: file [{key}] {problem}")
