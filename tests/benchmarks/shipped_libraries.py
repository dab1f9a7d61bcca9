"""A process that sees the libraries that ship and no others.

`google-cloud-bigquery` imports pandas where it finds it, and the benchmarks' own tools bring it along.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from importlib.metadata import packages_distributions
from pathlib import Path

from shared.manifest import ROOT

LOCK = ROOT / "requirements.lock"


def only_shipped(environment: Mapping[str, str], folder: Path) -> dict[str, str]:
    """The environment with everything that is not in the lock made impossible to import."""
    hidden = folder / "hidden"
    hidden.mkdir(exist_ok=True)
    statements = [f"sys.modules[{name!r}] = None" for name in sorted(_unshipped())]
    (hidden / "sitecustomize.py").write_text("\n".join(["import sys", *statements, ""]))
    return {**environment, "PYTHONPATH": f"{hidden}:{environment['PYTHONPATH']}"}


def _unshipped() -> set[str]:
    locked = {
        _normal(found[1]) for found in re.finditer(r"^([A-Za-z0-9._-]+)==", LOCK.read_text(), re.MULTILINE)
    }
    return {
        module
        for module, distributions in packages_distributions().items()
        if not {_normal(name) for name in distributions} & locked
    }


def _normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()
