"""A staged bundle as files on disk and as one zip whose bytes depend on its content alone."""

from __future__ import annotations

import shutil
import zipfile
from collections.abc import Mapping
from pathlib import Path

_NO_TIME = (1980, 1, 1, 0, 0, 0)
_UNIX = 3
_FILE_MODE, _FOLDER_MODE = 0o644, 0o755


def stage(files: Mapping[str, bytes], folder: Path) -> None:
    """Puts the files into the folder, in place of whatever was there."""
    if folder.exists():
        shutil.rmtree(folder)
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)


def open_up(folder: Path) -> None:
    """Readable by everybody, whatever the umask: an image runs as another user."""
    for path in (folder, *folder.rglob("*")):
        path.chmod(_FOLDER_MODE if path.is_dir() else _FILE_MODE)


def write_zip(folder: Path, target: Path) -> None:
    """Names in order, no times, one mode for all."""
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for path in sorted(path for path in folder.rglob("*") if path.is_file()):
            entry = zipfile.ZipInfo(path.relative_to(folder).as_posix(), _NO_TIME)
            entry.compress_type, entry.create_system = zipfile.ZIP_DEFLATED, _UNIX
            entry.external_attr = (0o100000 | _FILE_MODE) << 16
            archive.writestr(entry, path.read_bytes(), compresslevel=9)
