"""A copy of the configuration in which Terraform runs, and the plans kept of earlier runs."""

from __future__ import annotations

import hashlib
import json
import os
import platform
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from tests.infra.provider_schema import BUILD, HERE, ROOT, schema_file

SECONDS = 240
_BACKEND = re.compile(r"^[ \t]*backend \"\w+\" \{[^}]*\}", re.M)
_IGNORED = shutil.ignore_patterns(".terraform", "*.tfstate*", "*.tfplan", ".terraform.lock.hcl")
_WARNING = re.compile(r"\nWarning: Provider development overrides are in effect\n.*?releases\.\n", re.S)
MISSING = "terraform is not on this machine"


class OfflineError(Exception):
    """Terraform refused the configuration, or is not there; the message carries its words."""


@dataclass(frozen=True)
class Workspace:
    """`terraform` holds the roots and their modules; `root` is the folder in it to run in."""

    terraform: Path
    root: str
    variables: Mapping[str, object]
    var_file: Path | None

    def validated(self) -> str:
        with self._copied() as folder:
            return _run(folder, "validate")

    def plan_text(self) -> str:
        with self._copied() as folder:
            return _run(folder, "plan", *self._options())

    def apply_text(self) -> str:
        with self._copied() as folder:
            return _run(folder, "apply", "-auto-approve", *self._options())

    def planned(self) -> str:
        with self._copied() as folder:
            _run(folder, "plan", "-out=offline.tfplan", *self._options())
            return _run(folder, "show", "-json", "offline.tfplan")

    def applied(self) -> str:
        with self._copied() as folder:
            _run(folder, "apply", "-auto-approve", *self._options())
            return _run(folder, "show", "-json")

    def console(self, expression: str) -> Any:
        """The value of an expression in the root, as `terraform console` says it."""
        with self._copied() as folder:
            answer = _run(folder, "console", words=f"jsonencode({expression})\n")
            return json.loads(json.loads(answer))

    def fingerprint(self) -> str:
        """Of everything a plan depends on: configuration, variables, Terraform and this stand-in."""
        ours = [*sorted(HERE.glob("*.py")), schema_file()]
        theirs = sorted(
            path for path in self.terraform.rglob("*") if path.is_file() and ".terraform" not in path.parts
        )
        digest = hashlib.sha256(
            f"{self.root} {json.dumps(self.variables, sort_keys=True)} {_version()}".encode()
        )
        for path in [*ours, *theirs, *([self.var_file] if self.var_file else [])]:
            digest.update(f"{path.name} {path.parent.name}\0".encode() + path.read_bytes() + b"\0")
        return digest.hexdigest()[:20]

    def _options(self) -> list[str]:
        given = [f"-var-file={self.var_file.resolve()}"] if self.var_file else []
        return ["-input=false", "-lock=false", "-var-file=offline.tfvars.json", *given]

    @contextmanager
    def _copied(self) -> Iterator[Path]:
        if not (self.terraform / self.root).is_dir():
            raise OfflineError(f"No folder [{self.root}] in [{self.terraform}].")
        with tempfile.TemporaryDirectory(prefix="terraform-") as temporary:
            copy = Path(temporary) / "terraform"
            shutil.copytree(self.terraform, copy, ignore=_IGNORED)
            folder = copy / self.root
            for path in folder.glob("*.tf"):
                path.write_text(_BACKEND.sub(_as_blank_lines, path.read_text()))
            (folder / "offline.tfvars.json").write_text(json.dumps(dict(self.variables)))
            _run(folder, "get")
            yield folder


def cached(kind: str, space: Workspace, make: Callable[[], str]) -> dict[str, Any]:
    """What `make` answers, from build/infra/plans when nothing it depends on has changed."""
    path = BUILD / "plans" / f"{kind}-{space.root}-{space.fingerprint()}.json"
    if not path.exists():
        text = make()
        path.parent.mkdir(parents=True, exist_ok=True)
        for old in path.parent.glob(f"{kind}-{space.root}-*.json"):
            old.unlink(missing_ok=True)
        path.write_text(text)
    found: dict[str, Any] = json.loads(path.read_bytes())
    return found


def terraform_program() -> str:
    found = shutil.which("terraform")
    if found is None:
        raise OfflineError(f"{MISSING}: install Terraform 1.9 or newer.")
    return found


def _run(folder: Path, *arguments: str, words: str = "") -> str:
    plain = [] if arguments[0] in ("show", "console") else ["-no-color"]
    command = [terraform_program(), arguments[0], *plain, *arguments[1:]]
    try:
        ended = subprocess.run(
            command,
            input=words,
            cwd=folder,
            env=_environment(),
            capture_output=True,
            text=True,
            timeout=SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise OfflineError(f"terraform {arguments[0]} did not end within [{SECONDS}] s.") from error
    output = _WARNING.sub("", ended.stdout) + _WARNING.sub("", ended.stderr)
    if ended.returncode:
        raise OfflineError(f"terraform {arguments[0]} ended with [{ended.returncode}]:\n{output}")
    return ended.stdout if "-json" in arguments else output


def _environment() -> dict[str, str]:
    """No credentials and no settings of the person: only what starts the stand-in."""
    keep = {name: os.environ[name] for name in ("PATH", "HOME", "TMPDIR") if name in os.environ}
    ours = {
        "TF_CLI_CONFIG_FILE": str(_configuration()),
        "TF_DISABLE_PLUGIN_TLS": "1",
        "TF_IN_AUTOMATION": "1",
        "CHECKPOINT_DISABLE": "1",
    }
    return keep | ours


@cache
def _configuration() -> Path:
    """Terraform's own settings file: provider google is the stand-in, nothing else may be installed."""
    schema_file()
    folder = BUILD / "terraform"
    plugin = folder / "plugin" / "terraform-provider-google"
    plugin.parent.mkdir(parents=True, exist_ok=True)
    plugin.write_text(f"#!/bin/sh\nPYTHONPATH='{ROOT}' exec '{sys.executable}' -m tests.infra.provider\n")
    plugin.chmod(0o755)
    settings = folder / "offline.tfrc"
    settings.write_text(
        f'provider_installation {{\n  dev_overrides {{ "hashicorp/google" = "{plugin.parent}" }}\n}}\n'
    )
    return settings


@cache
def _version() -> str:
    command = [terraform_program(), "version", "-json"]
    answer = subprocess.run(
        command, capture_output=True, text=True, timeout=30, check=True, env=_environment()
    )
    return f"{json.loads(answer.stdout)['terraform_version']} {platform.python_version()}"


def _as_blank_lines(match: re.Match[str]) -> str:
    """Removed, but the lines below keep their numbers: Terraform names them."""
    return "\n" * match[0].count("\n")
