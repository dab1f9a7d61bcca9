"""The `.cos/` folder: one process at a time, and a pristine copy of the sample to go back to."""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from shared.errors import Misconfigured

KEPT_ON_RESET = {"models", "lock", "issuer.key", "pristine", "logs.jsonl"}
"""Signed-in personas stay signed in; models are not the dealership's data."""

SAMPLE_SOURCES = ("shared/local/sample_dealership", "functions/crm_intake", "functions/records_intake")


@contextmanager
def only_user(folder: Path) -> Iterator[None]:
    """Raises `Misconfigured` when another process has the folder open."""
    folder.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(folder / "lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        os.close(descriptor)
        raise Misconfigured(
            f"[{folder}] is in use by another process: stop it, or set COS_DATA_DIR to another folder"
        ) from error
    try:
        yield
    finally:
        os.close(descriptor)


def is_loaded(folder: Path) -> bool:
    """The sample was loaded whole; a load that was killed in the middle does not count."""
    return (folder / "sample.json").exists()


def mark_loaded(folder: Path, *, seed: int, root: Path) -> None:
    """Last step of a load: a copy is kept, then the mark is set."""
    mark = {"seed": seed, "loaded_on": today(), "sources": sources_hash(root)}
    pristine = folder / "pristine"
    shutil.rmtree(pristine, ignore_errors=True)
    building = folder / "pristine.partial"
    shutil.rmtree(building, ignore_errors=True)
    building.mkdir()
    for item in _data(folder):
        (shutil.copytree if item.is_dir() else shutil.copy2)(item, building / item.name)
    (building / "sample.json").write_text(json.dumps(mark))
    building.rename(pristine)
    shutil.copy2(pristine / "sample.json", folder / "sample.json")


def clear(folder: Path) -> None:
    """Removes the dealership's data; nothing may have it open."""
    (folder / "sample.json").unlink(missing_ok=True)  # first, so a kill half way means "not loaded"
    for item in _data(folder):
        shutil.rmtree(item) if item.is_dir() else item.unlink()


def restore(folder: Path, *, seed: int, root: Path) -> bool:
    """Puts the pristine copy back when it is of today, this seed and this code; else False."""
    mark = folder / "pristine" / "sample.json"
    wanted = {"seed": seed, "loaded_on": today(), "sources": sources_hash(root)}
    if not mark.exists() or json.loads(mark.read_text()) != wanted:
        return False
    for item in (folder / "pristine").iterdir():
        if item.name != "sample.json":
            (shutil.copytree if item.is_dir() else shutil.copy2)(item, folder / item.name)
    shutil.copy2(mark, folder / "sample.json")
    return True


def today() -> str:
    return datetime.now(UTC).date().isoformat()


def sources_hash(root: Path) -> str:
    """Changes when the code that makes the sample does."""
    digest = hashlib.sha256()
    for source in SAMPLE_SOURCES:
        for file in sorted((root / source).rglob("*.py")):
            digest.update(file.read_bytes())
    return digest.hexdigest()


def _data(folder: Path) -> list[Path]:
    return [
        item for item in folder.iterdir() if item.name not in KEPT_ON_RESET and "partial" not in item.name
    ]
