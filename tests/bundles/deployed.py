"""A bundle served as the platform serves it: in its own folder, with its own requirements alone."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from shared.manifest import ROOT, Manifest
from shared.testing.emulators import free_port
from shared.testing.function_process import FunctionProcess

RECORDER = """
import os
import sys

_log = os.open(os.environ["OPENED_FILES"], os.O_WRONLY | os.O_APPEND | os.O_CREAT)


def _note(event, arguments):
    path = arguments[0] if event == "open" else arguments[1] if event == "import" else None
    if isinstance(path, str):
        os.write(_log, os.path.abspath(path).encode() + b"\\n")


sys.addaudithook(_note)
"""
"""Writes down every file the process and its children open, modules and data alike."""


_TROUBLE = re.compile(r'"severity": "(WARNING|ERROR)"|Traceback|\[(ERROR|CRITICAL)\]')


@dataclass(frozen=True)
class Place:
    """An unpacked bundle, the environment of its requirements, and a folder for what the process leaves."""

    manifest: Manifest
    bundle: Path
    environment: Path
    notes: Path

    @property
    def log(self) -> Path:
        return self.notes / "log"

    def troubles(self) -> list[str]:
        """What it logged as a warning or an error."""
        return [line for line in self.log.read_text().splitlines() if _TROUBLE.search(line)]

    def opened(self) -> set[Path]:
        """Every file it asked for, found or not."""
        recorded = self.notes / "opened"
        return set(map(Path, recorded.read_text().splitlines())) if recorded.is_file() else set()

    def foreign(self) -> list[Path]:
        """Files it opened of the checkout, or of another environment than its own."""
        own = (self.bundle, self.environment, self.notes)
        others = [path for path in self.opened() if not any(path.is_relative_to(place) for place in own)]
        return sorted(path for path in others if path.is_relative_to(ROOT) or "site-packages" in path.parts)

    def missed(self) -> list[Path]:
        """Files below the bundle that it asked for and that are not there."""
        asked = (path for path in self.opened() if path.is_relative_to(self.bundle))
        return sorted(path for path in asked if not path.exists() and "__pycache__" not in path.parts)


def command(place: Place) -> list[str]:
    """How the platform starts it, but on loopback alone."""
    programs, kind = place.environment / "bin", place.manifest.kind
    if kind == "service":
        return [str(programs / "python"), "main.py", "--host", "127.0.0.1"]
    return [str(programs / "python"), "main.py"] if kind == "job" else [str(programs / "functions-framework")]


def environment(place: Place, port: int, variables: Mapping[str, str]) -> dict[str, str]:
    """What the platform sets. No time zones of the machine's: an image has none."""
    recorder = place.notes / "recorder"
    recorder.mkdir(parents=True, exist_ok=True)
    (recorder / "sitecustomize.py").write_text(RECORDER)
    return {
        "PATH": f"{place.environment / 'bin'}:/usr/bin:/bin",
        "HOME": str(place.notes),
        "HOST": "127.0.0.1",
        "PORT": str(port),
        "FUNCTION_TARGET": place.manifest.name,
        "FUNCTION_SIGNATURE_TYPE": "http",
        "PYTHONTZPATH": "",
        "PYTHONPATH": str(recorder),
        "OPENED_FILES": str(place.notes / "opened"),
        **variables,
        "COS_MODEL_DIR": str(place.bundle / "model"),
    }


def start(place: Place, variables: Mapping[str, str]) -> FunctionProcess:
    """Not awaited."""
    port = free_port()
    with place.log.open("wb") as log:
        process = subprocess.Popen(
            command(place), cwd=place.bundle, env=environment(place, port, variables), stdout=log, stderr=log
        )
    return FunctionProcess(place.manifest.name, port, process, place.log)


@contextmanager
def serving(place: Place, variables: Mapping[str, str]) -> Iterator[FunctionProcess]:
    """Ready to be asked."""
    started = start(place, variables)
    try:
        started.await_ready()
        yield started
    finally:
        started.stop()


def run_to_end(place: Place, variables: Mapping[str, str], seconds: float = 60) -> int:
    """A job's exit status; what it wrote is in its log."""
    process = start(place, variables).process
    try:
        return process.wait(timeout=seconds)
    finally:
        process.kill()
