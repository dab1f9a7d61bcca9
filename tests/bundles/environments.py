"""A virtual environment for each set of requirements a bundle names, made once and kept in build/."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256
from pathlib import Path

from shared.manifest import ROOT

KEPT = ROOT / "build" / "bundle-environments"
DONE, COMPILED = "installed", "compiled"
AT_ONCE = 2


class InstallError(Exception):
    """pip refused a bundle's requirements; its own words say why."""


def environments(bundles: Mapping[str, Path], *, is_everything: bool = False) -> dict[str, Path]:
    """Name → environment for unpacked bundles; equal requirements share one.

    `is_everything`: the environments nobody named are of older requirements and are removed.
    """
    places = {name: KEPT / _key(folder / "requirements.txt") for name, folder in bundles.items()}
    wanted = {place: bundles[name] / "requirements.txt" for name, place in places.items()}
    with ThreadPoolExecutor(AT_ONCE) as threads:
        list(threads.map(install, wanted, wanted.values()))
    if is_everything:
        _remove(set(KEPT.iterdir()) - set(wanted))
    return places


def install(place: Path, requirements: Path) -> None:
    """As the platform's builder: with hashes, so nothing is installed that the file does not name.

    Raises `InstallError`. What was begun and not finished is begun anew.
    """
    if (place / DONE).is_file():
        return
    shutil.rmtree(place, ignore_errors=True)
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(place)], check=True)
    for step in (["install", "--require-hashes", "--no-compile", "-r", str(requirements)], ["check"]):
        command = [sys.executable, "-m", "pip", "--python", str(place / "bin" / "python"), *step]
        done = subprocess.run([*command, "--disable-pip-version-check"], capture_output=True, text=True)
        if done.returncode:
            raise InstallError(f"{requirements}: {done.stdout[-1000:]}{done.stderr[-2000:]}")
    (place / DONE).touch()


def compiled(place: Path) -> Path:
    """The same environment with bytecode that is never compared with its source, as the platform makes it."""
    done = place / COMPILED
    if not done.is_file():
        command = [str(place / "bin" / "python"), "-m", "compileall", "-q", "-j", str(AT_ONCE)]
        # Some packages hold files for other versions of Python, which do not compile.
        subprocess.run([*command, "--invalidation-mode", "unchecked-hash", str(place / "lib")], check=False)
        done.touch()
    return place


def _key(requirements: Path) -> str:
    return sha256(requirements.read_bytes() + sys.version.encode()).hexdigest()[:16]


def _remove(places: Iterable[Path]) -> None:
    for place in places:
        shutil.rmtree(place)
