"""Importing a function loads nothing heavy: a cold start pays only for what the request needs."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

import pytest

from shared.manifest import ROOT, all_manifests
from shared.settings import variable
from shared.testing.local_cloud import process_environment
from tests.architecture.rules import HEAVY

PROGRAM = """
import json, sys
{after}
before = set(sys.modules)
{statement}
print(json.dumps(sorted(set(sys.modules) - before)))
"""


def loaded_by(statement: str, *, after: str = "pass", root: Path = ROOT) -> set[str]:
    """Modules the statement loads in a fresh interpreter, beyond what `after` loads."""
    program = PROGRAM.format(after=after, statement=statement)
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=root, capture_output=True, text=True, check=True
    )
    return set(json.loads(done.stdout.splitlines()[-1]))


def heavy_of(modules: Iterable[str]) -> set[str]:
    """Heavy libraries among the modules; adapters too, they are built on use."""
    found = {name.partition(".")[0] for name in modules} & HEAVY
    return found | {name for name in modules if name.startswith("shared.adapters.")}


@pytest.mark.parametrize("function", [manifest.name for manifest in all_manifests()])
def test_importing_a_function_loads_nothing_heavy(function: str) -> None:
    assert (
        heavy_of(loaded_by(f"import functions.{function}.main", after="import functions_framework")) == set()
    )


def test_a_heavy_import_deep_inside_is_noticed(tmp_path: Path) -> None:
    (tmp_path / "inner.py").write_text("import numpy\n", encoding="utf-8")
    (tmp_path / "outer.py").write_text("import inner\n", encoding="utf-8")
    assert heavy_of(loaded_by("import outer", root=tmp_path)) == {"numpy"}


def test_what_a_process_has_loaded_is_no_longer_searched_for_garbage(tmp_path: Path) -> None:
    program = (
        "import gc; from shared.wiring import current_platform as made; made(); print(gc.get_freeze_count())"
    )
    environment = process_environment({variable("data_dir"): str(tmp_path)})
    command = [sys.executable, "-c", program]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=True)
    assert int(done.stdout) > 10_000
