"""Secrets as Secret Manager hands them to a function: a mounted file, or a variable."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

from shared.errors import Misconfigured

_NAME = re.compile(r"[a-z][a-z0-9_]*")


class MountedSecrets:
    """A file `folder/name/value` or `folder/name` goes before the variable `NAME`: only a file follows a
    rotation while running. Cloud Run mounts no two secrets in one folder, so each has its own there."""

    def __init__(self, *, environment: Mapping[str, str], folder: Path = Path("/secrets")) -> None:
        self._environment = environment
        self._folder = folder

    def get(self, name: str) -> str:
        if not _NAME.fullmatch(name):
            raise Misconfigured(f"Secret [{name}] is no name of lower-case letters, digits and _")
        value = self._mounted(name) or self._environment.get(name.upper(), "")
        if not value:
            raise Misconfigured(
                f"Secret [{name}] is neither the file [{self._folder / name}], nor [value] in such a folder, "
                f"nor the variable [{name.upper()}]"
            )
        return value

    def _mounted(self, name: str) -> str:
        for path in (self._folder / name / "value", self._folder / name):
            try:
                return path.read_text().strip()
            except (FileNotFoundError, NotADirectoryError, IsADirectoryError):
                continue  # mounted in the other form, or not at all
        return ""
