"""A copy of terraform/ in which the code says something else: more manifests, or other derived values."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from shared.deploy.derived_terraform import terraform_data
from shared.events.catalogue import load_catalogue
from shared.manifest import ROOT, Manifest, all_manifests
from tests.infra import installation


def with_manifests(folder: Path, *manifests: Manifest) -> Path:
    """terraform/ as it would be with these manifests besides."""
    copy = _copied(folder)
    found = terraform_data([*all_manifests(), *manifests], load_catalogue())
    for stem, content in found.items():
        (copy / "derived" / f"{stem}.json").write_text(json.dumps(content))
    return copy


def with_function(folder: Path, name: str, **values: object) -> Path:
    """terraform/ with other values of one function, as if the deriver had let them pass."""
    return with_functions(folder, {name: values})


def with_functions(folder: Path, changed: Mapping[str, Mapping[str, object]]) -> Path:
    """The same with several functions."""
    copy = _copied(folder)
    path = copy / "derived" / "functions.json"
    functions = json.loads(path.read_text())
    for name, values in changed.items():
        functions[name].update(values)
    path.write_text(json.dumps(functions))
    return copy


def installed(**changed: Mapping[str, Any] | str | float) -> dict[str, Any]:
    """The variables of the made-up installation, some of them others."""
    return {**installation.variables(), **changed}


def release(
    *, without: tuple[str, ...] = (), changed: tuple[str, ...] = (), new: tuple[str, ...] = ()
) -> Any:
    """The made-up release without some bundles, with other contents of some, and with further ones."""
    found = installation.release()
    kept = {name: one for name, one in found["bundles"].items() if name not in without}
    return {**found, "bundles": {**kept, **{name: _bundle(name) for name in (*changed, *new)}}}


def _bundle(name: str) -> dict[str, str]:
    sha256 = hashlib.sha256(f"another {name}".encode()).hexdigest()
    return {"sha256": sha256, "object": f"bundles/{name}-{sha256[:12]}.zip"}


def _copied(folder: Path) -> Path:
    ignored = shutil.ignore_patterns(".terraform", "*.tfstate*")
    return Path(shutil.copytree(ROOT / "terraform", folder / "terraform", ignore=ignored))
