"""Terraform on one unpacked release: what would change, and changing it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from shared.deploy.release_shell import Shell

LOCK_TIMEOUT = "-lock-timeout=10m"
PLAN_S = 900.0
APPLY_S = 3000.0
"""Twelve functions build side by side in about four minutes; a first load balancer takes ten more."""

_NOTHING = (["no-op"], ["read"])


@dataclass(frozen=True)
class Change:
    address: str
    actions: tuple[str, ...]

    def __str__(self) -> str:
        return f"{' and '.join(self.actions)}: {self.address}"


@dataclass(frozen=True)
class Planned:
    """`outputs` holds those that are known before anything is applied."""

    file: Path
    changes: tuple[Change, ...]
    outputs: dict[str, Any]

    def output(self, name: str) -> str:
        return str(self.outputs.get(name) or "")


@dataclass(frozen=True)
class Terraform:
    shell: Shell
    root: Path

    def init(self, state_bucket: str) -> None:
        backend = (f"-backend-config=bucket={state_bucket}", "-backend-config=prefix=product")
        self._show("init", "-input=false", "-no-color", "-reconfigure", *backend, seconds=PLAN_S)

    def plan(self, options: Sequence[str]) -> Planned:
        """`options` are -var and -var-file."""
        file = self.root / "release.tfplan"
        self._show(
            "plan", "-input=false", "-no-color", LOCK_TIMEOUT, f"-out={file}", *options, seconds=PLAN_S
        )
        shown = json.loads(self.shell.must("terraform", self._chdir, "show", "-json", str(file)))
        return Planned(file, changes_of(shown), outputs_of(shown))

    def apply(self, planned: Planned) -> None:
        self._show("apply", "-input=false", "-no-color", LOCK_TIMEOUT, str(planned.file), seconds=APPLY_S)

    def _show(self, *arguments: str, seconds: float) -> None:
        self.shell.show("terraform", self._chdir, *arguments, seconds=seconds)

    @property
    def _chdir(self) -> str:
        return f"-chdir={self.root}"


def changes_of(shown: dict[str, Any]) -> tuple[Change, ...]:
    """Of `terraform show -json`, in the order of their addresses."""
    found = [
        Change(one["address"], tuple(one["change"]["actions"]))
        for one in shown.get("resource_changes", [])
        if one["change"]["actions"] not in _NOTHING
    ]
    return tuple(sorted(found, key=lambda change: change.address))


def outputs_of(shown: dict[str, Any]) -> dict[str, Any]:
    outputs = shown.get("planned_values", {}).get("outputs", {})
    return {name: one["value"] for name, one in outputs.items() if "value" in one}
