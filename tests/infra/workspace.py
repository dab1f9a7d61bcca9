"""A copy of the configuration in which Terraform runs, and the plans kept of earlier runs."""

from __future__ import annotations

import hashlib
import json
import os
import platform
import re
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import Any

from tests.infra.provider import attached
from tests.infra.provider_schema import BUILD, HERE, schema_file, write_whole

SECONDS = 240
_KEPT = 60
_STAND_IN = ("workspace", "provider", "provider_answers", "provider_limits", "made_up", "dynamic_value")
_BACKEND = re.compile(r"^[ \t]*backend \"\w+\" \{[^}]*\}", re.M)
_IGNORED = shutil.ignore_patterns(".terraform", "*.tfstate*", "*.tfplan", ".terraform.lock.hcl")
MISSING = "terraform is not on this machine"


class OfflineError(Exception):
    """Terraform refused the configuration, or is not there; the message carries its words."""


@dataclass(frozen=True)
class Workspace:
    """`terraform` holds the roots and their modules; `root` is the folder in it to run in.

    `variables` may hold more than the root declares; `options` are options of `terraform plan`.
    """

    terraform: Path
    root: str
    variables: Mapping[str, object] = field(default_factory=dict)
    options: tuple[str, ...] = ()

    def validated(self) -> str:
        return self._ended("validate")

    def graph(self) -> str:
        """Which resource is made after which, in the language of Graphviz."""
        return self._ended("graph")

    def plan_text(self) -> str:
        return self._ended("plan", *self._options())

    def apply_text(self) -> str:
        return self._ended("apply", "-auto-approve", *self._options())

    def planned(self) -> str:
        with self._copied() as folder:
            self._run(folder, "plan", "-out=offline.tfplan", *self._options())
            return self._run(folder, "show", "-json", "offline.tfplan")

    def applied(self) -> str:
        with self._copied() as folder:
            self._run(folder, "apply", "-auto-approve", *self._options())
            return self._run(folder, "show", "-json")

    def steady(self) -> str:
        """Raises OfflineError, with what it would change, when a second plan is not empty."""
        with self._copied() as folder:
            self._run(folder, "apply", "-auto-approve", *self._options())
            return self._run(folder, "plan", "-detailed-exitcode", *self._options())

    def applied_again(self, variables: Mapping[str, object]) -> str:
        """Terraform's words on applying other variables to what these made: what it changes, in its order."""
        with self._copied() as folder:
            self._run(folder, "apply", "-auto-approve", *self._options())
            other = replace(self, variables=variables)
            return other._run(folder, "apply", "-auto-approve", *self._options())

    def console(self, expression: str) -> Any:
        """The value of an expression in the root, as `terraform console` says it."""
        with self._copied() as folder:
            answer = self._run(folder, "console", words=f"jsonencode({expression})\n")
            return json.loads(json.loads(answer))

    def fingerprint(self) -> str:
        """Of everything a plan depends on: configuration, variables, Terraform and this stand-in."""
        ours = [*(HERE / f"{name}.py" for name in _STAND_IN), schema_file()]
        theirs = sorted(
            path
            for path in self.terraform.rglob("*")
            if path.is_file() and path.suffix != ".md" and ".terraform" not in path.parts
        )
        digest = hashlib.sha256(
            f"{self.root} {json.dumps(self.variables, sort_keys=True)} {self.options} {_version()}".encode()
        )
        for path in [*ours, *theirs]:
            digest.update(f"{path.name} {path.parent.name}\0".encode() + path.read_bytes() + b"\0")
        return digest.hexdigest()[:20]

    def _options(self) -> list[str]:
        return ["-input=false", "-lock=false", *self.options]

    def _ended(self, *arguments: str) -> str:
        with self._copied() as folder:
            return self._run(folder, *arguments)

    def _run(self, folder: Path, *arguments: str, words: str = "") -> str:
        given = {
            f"TF_VAR_{name}": value if isinstance(value, str) else json.dumps(value)
            for name, value in self.variables.items()
        }
        with attached(folder.parents[self.root.count("/")]) as address:
            return _run(folder, arguments, words, address | given)

    @contextmanager
    def _copied(self) -> Iterator[Path]:
        if not (self.terraform / self.root).is_dir():
            raise OfflineError(f"No folder [{self.root}] in [{self.terraform}].")
        with tempfile.TemporaryDirectory(prefix="terraform-") as temporary:
            copy = Path(temporary) / "terraform"
            shutil.copytree(self.terraform, copy, ignore=_IGNORED)
            folder = copy / self.root
            for path in folder.glob("*.tf"):
                path.write_text(without_backend(path.read_text()))
            self._run(folder, "get")
            yield folder


def cached(kind: str, space: Workspace, make: Callable[[], str]) -> dict[str, Any]:
    """What `make` answers, from build/infra/plans when nothing it depends on has changed."""
    path = BUILD / "plans" / f"{kind}-{space.root.replace('/', '-')}-{space.fingerprint()}.json"
    text = path.read_text() if path.exists() else make()
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        write_whole(path, text.encode())
        for old in sorted(path.parent.glob("*.json"), key=os.path.getmtime)[:-_KEPT]:
            old.unlink(missing_ok=True)
    found: dict[str, Any] = json.loads(text)
    return found


def terraform_program() -> str:
    found = shutil.which("terraform")
    if found is None:
        raise OfflineError(f"{MISSING}: install Terraform 1.9 or newer.")
    return found


def _run(folder: Path, arguments: Sequence[str], words: str, variables: dict[str, str]) -> str:
    plain = [] if arguments[0] in ("show", "console", "graph") else ["-no-color"]
    command = [terraform_program(), arguments[0], *plain, *arguments[1:]]
    try:
        ended = subprocess.run(
            command,
            input=words,
            cwd=folder,
            env=environment() | variables,
            capture_output=True,
            text=True,
            timeout=SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise OfflineError(f"terraform {arguments[0]} did not end within [{SECONDS}] s.") from error
    if ended.returncode:
        words = ended.stderr or ended.stdout
        raise OfflineError(f"terraform {arguments[0]} ended with [{ended.returncode}]:\n{words}")
    return ended.stdout


def environment() -> dict[str, str]:
    """No credentials, no settings of the person and no commands: a provisioner reaches nothing either."""
    return {
        "PATH": str(_commands()),
        "HOME": str(BUILD),
        "TF_CLI_CONFIG_FILE": str(_configuration()),
        "TF_IN_AUTOMATION": "1",
        "CHECKPOINT_DISABLE": "1",
    }


@cache
def _commands() -> Path:
    """Stand-ins for what provisioners call: they do nothing and are content."""
    folder = BUILD / "terraform" / "commands"
    folder.mkdir(parents=True, exist_ok=True)
    for name in ("gcloud", "sleep"):
        write_whole(folder / name, b"#!/bin/sh\nexit 0\n", mode=0o755)
    return folder


@cache
def _configuration() -> Path:
    """Terraform's own settings file: nothing may be installed from anywhere."""
    settings = BUILD / "terraform" / "offline.tfrc"
    settings.parent.mkdir(parents=True, exist_ok=True)
    write_whole(settings, b"provider_installation {}\n")
    return settings


def without_backend(text: str) -> str:
    """Without its backend, so with the state in a file; lines keep the numbers Terraform names."""
    return _BACKEND.sub(lambda match: "\n" * match[0].count("\n"), text)


@cache
def _version() -> str:
    command = [terraform_program(), "version", "-json"]
    answer = subprocess.run(
        command, capture_output=True, text=True, timeout=30, check=True, env=environment()
    )
    return f"{json.loads(answer.stdout)['terraform_version']} {platform.python_version()}"
