"""Compiles a staged bundle: a program of its own, run in a fresh process, so the same sources give the same
bytes.

Which constants marshal writes as references depends on what else the process holds; in a process that has
done nothing else, with a fixed hash seed and no site, that is always the same.
"""

from __future__ import annotations

import importlib.util
import marshal
import os
import subprocess
import sys
from pathlib import Path

DEPLOYED_AT = "/workspace"
"""Where the platform puts a bundle: the place tracebacks name."""
_UNCHECKED_HASH = 0b01
"""PEP 552: the source's hash is kept and never compared, so a start reads no source."""


def compile_bundle(folder: Path) -> None:
    """Writes `__pycache__` beside every Python file of the folder, for the running interpreter.

    Raises `subprocess.CalledProcessError` when a file does not compile.
    """
    command = [sys.executable, "-s", "-S", "-P", "-X", "utf8", str(Path(__file__).resolve()), "."]
    environment = {"PYTHONHASHSEED": "0", "PYTHONDONTWRITEBYTECODE": "1"}
    subprocess.run(command, cwd=folder, env=environment, check=True)


def _compile(path: Path) -> None:
    source = path.read_bytes()
    code = compile(source, f"{DEPLOYED_AT}/{path.as_posix()}", "exec", dont_inherit=True, optimize=0)
    flags = _UNCHECKED_HASH.to_bytes(4, "little")
    header = importlib.util.MAGIC_NUMBER + flags + importlib.util.source_hash(source)
    target = Path(importlib.util.cache_from_source(path.as_posix(), optimization=""))
    target.parent.mkdir(exist_ok=True)
    target.write_bytes(header + marshal.dumps(code))


def _sources(folder: str) -> list[Path]:
    return sorted(
        Path(os.path.relpath(Path(place, name), folder))
        for place, _, names in os.walk(folder)
        for name in names
        if name.endswith(".py")
    )


if __name__ == "__main__":
    for one in _sources(sys.argv[1]):
        _compile(one)
