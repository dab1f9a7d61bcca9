"""Terraform without a network: the real `terraform` with a stand-in for provider google.

    python -m tests.infra.offline validate|plan|apply <root> [-var-file FILE] [-var NAME=VALUE]

`root` is a folder under terraform/, for example `terraform/foundation`. Nothing is written beside the
configuration: it is copied, its backend replaced by a local one, and the plan kept in build/infra/plans
under the hash of everything it was made from. `apply` invents what only the cloud knows (ids, addresses),
so that every reference between resources gets a value; it reaches nothing.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.infra.provider_schema import ROOT
from tests.infra.workspace import OfflineError, Workspace, cached

Values = dict[str, Any]
TERRAFORM = ROOT / "terraform"


@dataclass(frozen=True)
class Resource:
    """`values` is what is known; `unknown` has true where only an apply tells (empty after one)."""

    address: str
    mode: str
    type: str
    name: str
    index: str | int | None
    values: Values
    unknown: Values


@dataclass(frozen=True)
class Plan:
    """What Terraform would make (`plan`) or has made (`applied`), from `terraform show -json`."""

    resources: tuple[Resource, ...]
    outputs: Values
    raw: Values

    def of(self, *types: str) -> list[Resource]:
        """The managed resources of these types."""
        return [found for found in self.resources if found.type in types and found.mode == "managed"]


def plan(root: str, variables: Mapping[str, object] | None = None, *, terraform: Path = TERRAFORM) -> Plan:
    """Plans `terraform/<root>`. Raises OfflineError with Terraform's words, which name the file and line."""
    space = Workspace(terraform, root, dict(variables or {}))
    return _planned(cached("plan", space, space.planned))


def applied(root: str, variables: Mapping[str, object] | None = None, *, terraform: Path = TERRAFORM) -> Plan:
    """Applies `terraform/<root>` to a made-up cloud: every value known, every reference resolved."""
    space = Workspace(terraform, root, dict(variables or {}))
    return _made(cached("apply", space, space.applied))


def validate(root: str, *, terraform: Path = TERRAFORM) -> str:
    """Terraform's words on a valid configuration; raises OfflineError on any other."""
    return Workspace(terraform, root).validated()


def _planned(raw: Values) -> Plan:
    unknown = {
        change["address"]: change["change"].get("after_unknown") for change in raw.get("resource_changes", [])
    }
    values = raw["planned_values"]
    prior = raw.get("prior_state", {}).get("values", {}).get("root_module", {})
    found = [
        *_resources(values["root_module"], unknown),
        *(item for item in _resources(prior, {}) if item.mode == "data"),
    ]
    return Plan(tuple(found), _outputs(values), raw)


def _made(raw: Values) -> Plan:
    values = raw.get("values", {})
    return Plan(tuple(_resources(values.get("root_module", {}), {})), _outputs(values), raw)


def _outputs(values: Values) -> Values:
    return {name: output.get("value") for name, output in values.get("outputs", {}).items()}


def _resources(module: Values, unknown: Values) -> list[Resource]:
    found = [
        Resource(
            address=item["address"],
            mode=item["mode"],
            type=item["type"],
            name=item["name"],
            index=item.get("index"),
            values=item["values"],
            unknown=unknown.get(item["address"]) or {},
        )
        for item in module.get("resources", [])
    ]
    for child in module.get("child_modules", []):
        found += _resources(child, unknown)
    return found


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="tests.infra.offline")
    parser.add_argument("command", choices=["validate", "plan", "apply"])
    parser.add_argument("root", type=Path)
    parser.add_argument("-var-file", type=Path, action="append", default=[])
    parser.add_argument("-var", action="append", default=[])
    asked = parser.parse_args(arguments)
    folder = asked.root.resolve()
    files = [f"-var-file={path.resolve()}" for path in asked.var_file]
    space = Workspace(folder.parent, folder.name, {}, (*files, *(f"-var={given}" for given in asked.var)))
    try:
        print(
            {"validate": space.validated, "plan": space.plan_text, "apply": space.apply_text}[asked.command]()
        )
    except OfflineError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
