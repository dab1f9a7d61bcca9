"""The words a manifest may use, from the places where they are written."""

from __future__ import annotations

import ast
import re
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import get_args

from shared.deploy.derived_code import google_ports
from shared.domain.staff import Role
from shared.errors import Misconfigured
from shared.events.catalogue import load_catalogue
from shared.settings import NEVER_DEPLOYED, Settings

LAPTOP_SECRETS = Path("shared") / "adapters" / "embedded" / "secrets.py"
_LISTS = ("DEV_VALUES", "GENERATED")


@dataclass(frozen=True)
class Known:
    """`secrets_of`: port → the credentials its adapter reads."""

    topics: frozenset[str]
    roles: frozenset[str]
    settings: frozenset[str]
    never_deployed: frozenset[str]
    secrets: frozenset[str]
    secrets_of: dict[str, frozenset[str]]
    packages: frozenset[str]


def known(root: Path) -> Known:
    ports = google_ports(root)
    return Known(
        topics=frozenset(load_catalogue()),
        roles=frozenset(get_args(Role)),
        settings=frozenset(Settings.model_fields),
        never_deployed=frozenset(NEVER_DEPLOYED),
        secrets=_secrets(root / LAPTOP_SECRETS),
        secrets_of={name: needs.secrets for name, needs in ports.items()},
        packages=_packages(root / "pyproject.toml"),
    )


def _secrets(path: Path) -> frozenset[str]:
    """Those a laptop has values for: a credential without one would stop the product there."""
    found: set[str] = set()
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        target = node.targets[0] if isinstance(node, ast.Assign) else getattr(node, "target", None)
        if isinstance(target, ast.Name) and target.id in _LISTS:
            found |= _strings(getattr(node, "value", None))
    if not found:
        raise Misconfigured(f"{path}: none of {_LISTS} names a secret")
    return frozenset(found)


def _strings(node: ast.expr | None) -> set[str]:
    """The keys of a mapping, or the parts of a tuple."""
    parts = node.keys if isinstance(node, ast.Dict) else getattr(node, "elts", [])
    return {part.value for part in parts if isinstance(part, ast.Constant) and isinstance(part.value, str)}


def _packages(path: Path) -> frozenset[str]:
    """What ships; the tools of development do not."""
    project = tomllib.loads(path.read_text(encoding="utf-8"))["project"]
    return frozenset(re.split(r"[\[<>=!~; ]", line)[0].lower() for line in project["dependencies"])
