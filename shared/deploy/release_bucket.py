"""The bucket of bundles and releases, through `gcloud storage`; what is replaced is so by its generation."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from shared.deploy.release_shell import ReleaseError, Shell, failed

ABSENT = 0
"""As a generation: only when there is no such object."""

_NOT_THERE = ("not found: 404", "matched no objects")
_OTHER_GENERATION = "HTTPError 412"
_READ_ATTEMPTS = 3


class Superseded(ReleaseError):
    """Somebody else wrote the object since it was read."""


@dataclass(frozen=True)
class Stored:
    content: str
    generation: int


@dataclass(frozen=True)
class Bucket:
    shell: Shell
    name: str

    def names(self, folder: str) -> frozenset[str]:
        """Names of the objects in the folder, each with the folder in front."""
        listed = self._must("objects", "list", f"{self._url(folder)}/**", "--format=value(name)")
        return frozenset(listed.split())

    def add(self, files: Sequence[Path], folder: str) -> None:
        """What is there already stays as it is: names carry the hash of their content."""
        self._must("cp", "--no-clobber", *(str(file) for file in files), f"{self._url(folder)}/")

    def read(self, name: str) -> Stored | None:
        """Content and generation of one moment; None when there is no such object."""
        for _ in range(_READ_ATTEMPTS):
            described = self.shell.ask(*_storage("objects", "describe", self._url(name), "--format=json"))
            if _is_missing(described.err, described.code):
                return None
            if described.code != 0:
                raise failed("gcloud", ("storage", "objects", "describe", self._url(name)), described)
            generation = int(json.loads(described.out)["generation"])
            read = self.shell.ask(*_storage("cat", f"{self._url(name)}#{generation}"))
            if read.code == 0:
                return Stored(read.out, generation)
            if not _is_missing(read.err, read.code):
                raise failed("gcloud", ("storage", "cat", self._url(name)), read)
        raise Superseded(f"[{self._url(name)}] is being replaced again and again")

    def fetch(self, name: str, target: Path) -> None:
        target.parent.mkdir(parents=True, exist_ok=True)
        self._must("cp", self._url(name), str(target))

    def replace(self, name: str, content: str, *, generation: int) -> None:
        """Raises `Superseded` when the object has another generation by now."""
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder) / "content"
            file.write_text(content, encoding="utf-8")
            self._conditional(name, generation, "cp", str(file), self._url(name))

    def remove(self, name: str, *, generation: int) -> None:
        """Raises `Superseded` when the object has another generation by now, or is gone."""
        self._conditional(name, generation, "rm", self._url(name))

    def _conditional(self, name: str, generation: int, *command: str) -> None:
        arguments = (*command, f"--if-generation-match={generation}")
        ran = self.shell.ask(*_storage(*arguments))
        if ran.code != 0 and (_OTHER_GENERATION in ran.err or _is_missing(ran.err, ran.code)):
            raise Superseded(f"[{self._url(name)}] is no longer of generation [{generation}]")
        if ran.code != 0:
            raise failed("gcloud", ("storage", *arguments), ran)

    def _must(self, *command: str) -> str:
        return self.shell.must(*_storage(*command))

    def _url(self, name: str) -> str:
        return f"gs://{self.name}/{name}"


def _storage(*command: str) -> tuple[str, ...]:
    return ("gcloud", "storage", *command)


def _is_missing(said: str, code: int) -> bool:
    return code != 0 and any(words in said for words in _NOT_THERE)
