"""The layout's rules hold, and each rule notices a seeded mistake."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from shared.manifest import ROOT
from tests.architecture import rules

Rule = Callable[[Path], list[str]]

LONG_FUNCTION = "def f() -> int:\n" + "    x = 1\n" * 40 + "    return x\n"

MISTAKES: list[tuple[Rule, str, str]] = [
    (rules.functions_importing_each_other, "functions/one/main.py", "from functions.two.x import y"),
    (rules.functions_importing_each_other, "functions/one/main.py", "def f():\n    import functions.two.x"),
    (rules.functions_importing_each_other, "functions/one/main.py", "from functions import two"),
    (rules.shared_importing_functions, "shared/domain/a.py", "from functions.one import main"),
    (
        rules.adapters_named_outside_of_the_wiring,
        "functions/one/main.py",
        "import shared.adapters.google.bus",
    ),
    (rules.adapters_named_outside_of_the_wiring, "shared/runtime/a.py", "from shared import adapters"),
    (rules.environment_read_outside_of_the_settings, "functions/one/a.py", "import os\nx = os.environ['A']"),
    (rules.environment_read_outside_of_the_settings, "shared/a.py", "import os\nx = os.getenv('A')"),
    (rules.environment_read_outside_of_the_settings, "shared/a.py", "from os import environ"),
    (rules.heavy_imports_at_module_level, "functions/one/main.py", "from google.cloud import firestore"),
    (rules.heavy_imports_at_module_level, "shared/a.py", "try:\n    import numpy\nexcept ImportError: raise"),
    (rules.heavy_imports_at_module_level, "shared/a.py", "class A:\n    import duckdb"),
    (rules.relative_imports, "functions/one/main.py", "from .a import b"),
    (rules.too_long, "functions/one/main.py", "x = 1\n" * 301),
    (rules.too_long, "tests/a.py", LONG_FUNCTION),
    (rules.incomplete_capabilities, "functions/one/a.py", ""),
    (rules.unfinished_code, "functions/one/a.py", "# TO" + "DO later"),
    (rules.unfinished_code, "shared/a.py", "try:\n    f()\nexcept Exception:\n    pass\n"),
    (rules.unfinished_code, "shared/a.py", "x = 1  # type: " + "ignore"),
    (rules.unfinished_code, "shared/a.py", "x = 1  # type: " + "ignore[misc]"),
]

GOOD: list[tuple[str, str]] = [
    ("functions/one/main.py", "from functions.one.a import b\nfrom shared.ports import Bus\n"),
    ("functions/one/a.py", "def b():\n    import numpy\n    return numpy\n"),
    ("functions/one/c.py", "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import duckdb\n"),
    ("functions/one/function.yaml", "name: one\n"),
    ("tests/functions/one/test_one.py", "def test_one(): ...\n"),
    ("shared/wiring.py", "import shared.adapters.google.bus\n"),
    ("shared/adapters/google/bus.py", "from google.cloud import pubsub\n"),
    ("shared/settings.py", "import os\nenvironment = os.environ\n"),
    (
        "shared/local/product.py",
        "from functions.one import main\nfrom shared.adapters.embedded.bus import SqliteBus\n",
    ),
]

RULES = list(dict.fromkeys(rule for rule, _, _ in MISTAKES))


@pytest.fixture
def good_tree(tmp_path: Path) -> Path:
    for folder in ("functions", "shared", "tests"):
        (tmp_path / folder).mkdir()
    for path, text in GOOD:
        _write(tmp_path / path, text)
    return tmp_path


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_the_project_keeps_the_rule(rule: Rule) -> None:
    assert rule(ROOT) == []


@pytest.mark.parametrize(("rule", "path", "text"), MISTAKES, ids=lambda value: getattr(value, "__name__", ""))
def test_a_seeded_mistake_breaks_the_rule(good_tree: Path, rule: Rule, path: str, text: str) -> None:
    if rule is rules.incomplete_capabilities:
        path = path.replace("/one/", "/unready/")
    assert rule(good_tree) == []
    _write(good_tree / path, text)
    assert rule(good_tree) != []


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
