"""Writes what is derived: `python -m shared.local.generate`; with `--check` it only says what is stale."""

from __future__ import annotations

import json
import sys
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from shared.deploy.cost.inputs import read_inputs
from shared.deploy.cost.page import cost_page
from shared.deploy.derived_terraform import terraform_data
from shared.deploy.firestore_indexes import indexes_data
from shared.events.catalogue import load_catalogue
from shared.local.derived.capabilities import capabilities_data, capabilities_page
from shared.local.derived.events import events_page
from shared.local.derived.openapi import openapi
from shared.local.derived.settings import settings_page
from shared.manifest import ROOT, all_manifests


def derived_files(root: Path = ROOT) -> Mapping[Path, str]:
    """Every derived file with its content."""
    manifests = all_manifests()
    version = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]
    api = _json(openapi(manifests, version))
    events = load_catalogue()
    terraform = {**terraform_data(manifests, events, root), "indexes": indexes_data()}
    return {
        root / "docs" / "capabilities.md": capabilities_page(manifests),
        root / "docs" / "events.md": events_page(events, manifests),
        root / "docs" / "settings.md": settings_page(),
        root / "docs" / "cost.md": cost_page(read_inputs(manifests)),
        root / "docs" / "openapi.json": api,
        # A function is deployed alone, so what it tells of the others goes with it.
        root / "functions" / "system" / "derived" / "openapi.json": api,
        root / "functions" / "system" / "derived" / "capabilities.json": _json(capabilities_data(manifests)),
        **{root / "terraform" / "derived" / f"{name}.json": _json(data) for name, data in terraform.items()},
    }


def stale(files: Mapping[Path, str]) -> list[Path]:
    """The files that are missing or hold something else."""
    return [
        path
        for path, content in files.items()
        if not path.is_file() or path.read_text(encoding="utf-8") != content
    ]


def main(arguments: list[str]) -> int:
    """0 when everything is fresh, 1 when `--check` found something stale."""
    files = derived_files()
    old = stale(files)
    for path in old:
        print(
            f"{path.relative_to(ROOT)} {'is stale; run `make docs`' if '--check' in arguments else 'written'}"
        )
    if "--check" in arguments:
        return 1 if old else 0
    for path in old:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(files[path], encoding="utf-8")
    return 0


def _json(value: Any) -> str:
    return json.dumps(value, indent=2, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
