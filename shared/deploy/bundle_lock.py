"""The part of `requirements.lock` that some distributions need: they and what they depend on, with hashes."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

from packaging.markers import Marker
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from shared.errors import Misconfigured

PYTHONS = ("3.11", "3.12", "3.13")
_MACHINE = {
    "implementation_name": "cpython",
    "os_name": "posix",
    "platform_machine": "x86_64",
    "platform_python_implementation": "CPython",
    "platform_system": "Linux",
    "sys_platform": "linux",
}


@dataclass(frozen=True)
class Pin:
    """One entry of the lock as it stands there: `name==version ; marker` and its hashes."""

    version: str
    text: str

    @property
    def is_deployable(self) -> bool:
        """Whether its marker holds on a Python we deploy to."""
        _, _, marker = self.text.splitlines()[0].rstrip("\\ ").partition(";")
        return not marker or _holds(Marker(marker.strip()))


Lock = Mapping[str, Sequence[Pin]]


def read_lock(path: Path) -> Lock:
    """Normalised name → its pins, more than one where Python versions differ."""
    pins: dict[str, list[Pin]] = {}
    for text in re.findall(r"^\S[^\n]*(?:\n[ \t]+[^\n]+)*", path.read_text(encoding="utf-8"), re.MULTILINE):
        if text.startswith(("#", "-")):
            continue
        name, _, rest = text.partition("==")
        if "--hash=" not in rest:
            raise Misconfigured(
                f"{path.name}: [{text.splitlines()[0]}] has no version with hashes; `make lock`"
            )
        pins.setdefault(canonicalize_name(name), []).append(Pin(rest.split()[0], text))
    return pins


def needed(lock: Lock, roots: Iterable[str]) -> list[str]:
    """Names of the roots and of everything they depend on where we deploy, in order.

    Raises `Misconfigured` when a name is not in the lock or installed in another version: dependencies are
    read from what is installed.
    """
    waiting: list[tuple[str, str]] = [(canonicalize_name(name), "") for name in roots]
    seen = set[tuple[str, str]]()
    while waiting:
        asked = waiting.pop()
        if asked not in seen:
            seen.add(asked)
            waiting += _dependencies(lock, *asked)
    return sorted({name for name, _ in seen})


def requirements(lock: Lock, names: Iterable[str]) -> str:
    """The text of a `requirements.txt`: each name as the lock has it, for every Python we deploy to."""
    pins = (pin for name in names for pin in lock[name])
    return "".join(f"{pin.text}\n" for pin in pins if pin.is_deployable)


def _dependencies(lock: Lock, name: str, extra: str) -> Iterator[tuple[str, str]]:
    for text in _installed(lock, name):
        wanted = Requirement(text)
        if wanted.marker is None and extra:
            continue
        if wanted.marker is None or _holds(wanted.marker, extra):
            target = canonicalize_name(wanted.name)
            yield target, ""
            yield from ((target, more) for more in wanted.extras)


def _installed(lock: Lock, name: str) -> Sequence[str]:
    if name not in lock:
        raise Misconfigured(
            f"requirements.lock does not pin [{name}]; add it to pyproject.toml and `make lock`"
        )
    version, requires = _metadata(name)
    if version not in {pin.version for pin in lock[name]}:
        pinned = " or ".join(pin.version for pin in lock[name])
        raise Misconfigured(
            f"[{name}] is installed as [{version}], requirements.lock pins [{pinned}]: install what is locked"
        )
    return requires


@lru_cache(maxsize=512)
def _metadata(name: str) -> tuple[str, tuple[str, ...]]:
    try:
        found = distribution(name)
    except PackageNotFoundError as error:
        raise Misconfigured(f"[{name}] of requirements.lock is not installed") from error
    return found.version, tuple(found.requires or ())


def _holds(marker: Marker, extra: str = "") -> bool:
    return any(
        marker.evaluate(
            {**_MACHINE, "python_version": python, "python_full_version": f"{python}.0", "extra": extra}
        )
        for python in PYTHONS
    )
