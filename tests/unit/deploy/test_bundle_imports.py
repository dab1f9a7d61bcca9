from __future__ import annotations

from pathlib import Path

import pytest

from shared.deploy.bundle_imports import Import, closure
from shared.errors import Misconfigured
from tests.unit.deploy.bundle_tree import project

MAIN = "functions/sell/main.py"
START = ["functions.sell.main"]


def test_what_is_imported_through_others_and_later_is_part_of_it(tmp_path: Path) -> None:
    root = project(
        tmp_path,
        {
            MAIN: "from shared.domain.price import price\n",
            "shared/domain/price.py": "def price():\n    from shared.domain import tax\n",
            "shared/domain/tax.py": "RATE = 1\n",
            "shared/domain/unused.py": "",
        },
    )
    assert set(closure(root, START).modules) == {
        *("functions", "functions.sell", "functions.sell.main"),
        *("shared", "shared.domain", "shared.domain.price", "shared.domain.tax"),
    }


def test_what_an_init_file_imports_is_part_of_it(tmp_path: Path) -> None:
    files = {MAIN: "import shared.domain.price\n", "shared/domain/price.py": "", "shared/tax.py": ""}
    root = project(tmp_path, files)
    (root / "shared" / "domain" / "__init__.py").write_text("import shared.tax\n")
    assert "shared.tax" in closure(root, START).modules


def test_what_only_a_type_checker_reads_is_not_part_of_it(tmp_path: Path) -> None:
    text = (
        "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import numpy\n    from shared import tax\n"
    )
    root = project(tmp_path, {MAIN: text, "shared/tax.py": ""})
    found = closure(root, START)
    assert (found.imports, "shared.tax" in found.modules) == ((), False)


def test_foreign_imports_are_told_with_file_and_line_and_pythons_own_are_not(tmp_path: Path) -> None:
    root = project(
        tmp_path,
        {MAIN: "import json\nfrom google.cloud import bigquery\nimport yaml, os.path\nimport yaml\n"},
    )
    found = [Import("google.cloud.bigquery", MAIN, 2), Import("yaml", MAIN, 3)]
    assert list(closure(root, START).imports) == found


def test_modules_loaded_by_a_computed_name_stop_it(tmp_path: Path) -> None:
    root = project(tmp_path, {MAIN: "\nfrom importlib import import_module\n"})
    with pytest.raises(Misconfigured, match=r"functions/sell/main\.py:2: \[importlib\] loads modules"):
        closure(root, START)


def test_a_start_that_does_not_exist_is_named(tmp_path: Path) -> None:
    with pytest.raises(Misconfigured, match=r"no module \[functions\.sell\.main\]"):
        closure(tmp_path, START)
