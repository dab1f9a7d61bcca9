from __future__ import annotations

from pathlib import Path

import pytest

from shared.deploy.bundle_data import data_files
from shared.deploy.bundle_imports import closure
from shared.errors import Misconfigured
from shared.manifest import ROOT, Manifest, all_manifests
from tests.said import nothing
from tests.unit.deploy.bundle_tree import project

MANIFEST = "functions/sell/function.yaml"
HERE = "from pathlib import Path\nHERE = Path(__file__).parent\n"


def _shipped(root: Path, main: str, *, ports: tuple[str, ...] = (), **files: str) -> list[str]:
    project(root, {MANIFEST: "", "functions/sell/main.py": main, **files})
    modules = closure(root, ["functions.sell.main"]).modules
    found = data_files(root, modules, function="sell", ports=ports)
    assert MANIFEST in found
    return [path for path in found if path != MANIFEST]


def test_a_file_named_beside_the_module_is_shipped_and_others_are_not(tmp_path: Path) -> None:
    files = {
        "functions/sell/rates.yaml": "",
        "functions/sell/notes.txt": "",
        "functions/sell/old/rates.yaml": "",
    }
    main = HERE + 'RATES = HERE / "rates.yaml"\n'
    assert _shipped(tmp_path, main, **files) == ["functions/sell/rates.yaml"]


def test_a_file_in_a_named_folder_is_shipped(tmp_path: Path) -> None:
    files = {"functions/sell/derived/api.json": "", "functions/sell/other/api.json": ""}
    main = HERE + 'API = HERE / "derived" / "api.json"\n'
    assert _shipped(tmp_path, main, **files) == ["functions/sell/derived/api.json"]


def test_files_found_by_a_pattern_are_shipped(tmp_path: Path) -> None:
    files = {f"functions/sell/seeds/{name}": "" for name in ("a.txt", "b.txt", "c.csv")}
    main = HERE + 'SEEDS = sorted((HERE / "seeds").glob("*.txt"))\n'
    assert _shipped(tmp_path, main, **files) == ["functions/sell/seeds/a.txt", "functions/sell/seeds/b.txt"]


def test_data_of_a_module_nobody_imports_stays_behind(tmp_path: Path) -> None:
    files = {"shared/words.py": HERE + 'WORDS = HERE / "words.txt"\n', "shared/words.txt": ""}
    assert _shipped(tmp_path / "without", "", **files) == []
    assert _shipped(tmp_path / "with", "import shared.words\n", **files) == ["shared/words.txt"]


def test_a_module_that_reads_nobody_knows_what_stops_it(tmp_path: Path) -> None:
    files = {"shared/words.py": HERE + "def read(name):\n    return (HERE / name).read_text()\n"}
    with pytest.raises(Misconfigured, match=r"shared/words\.py says \[__file__\] and names no file"):
        _shipped(tmp_path, "import shared.words\n", **files)


def test_a_named_query_is_shipped_to_who_has_the_warehouse(tmp_path: Path) -> None:
    files = {
        "sql/plates/sales_v1/query.sql": "",
        "sql/plates/sales_v1/metadata.yaml": "",
        "sql/plates/other_v1/query.sql": "",
        "sql/ledger/entry_v1/schema.yaml": "",
        "sql/ledger/entry_v1/metadata.yaml": "",
    }
    main = 'def sell(warehouse):\n    warehouse.query("plates/sales_v1", {})\n'
    query = ["sql/plates/sales_v1/metadata.yaml", "sql/plates/sales_v1/query.sql"]
    assert _shipped(tmp_path / "with", main, ports=("warehouse",), **files) == query
    assert _shipped(tmp_path / "without", main, **files) == []


def test_who_appends_rows_has_the_tables(tmp_path: Path) -> None:
    files = {"sql/ledger/entry_v1/schema.yaml": "", "sql/ledger/entry_v1/metadata.yaml": ""}
    main = 'def sell(tenant):\n    tenant.warehouse.append("ledger.entry_v1", [])\n'
    assert _shipped(tmp_path, main, ports=("warehouse",), **files) == sorted(files)


def test_who_asks_for_all_manifests_has_them(tmp_path: Path) -> None:
    files = {"shared/manifest.py": "def all_manifests(): ...\n", "functions/buy/function.yaml": ""}
    main = "from shared.manifest import all_manifests\nKNOWN = all_manifests()\n"
    assert _shipped(tmp_path / "asks", main, **files) == ["functions/buy/function.yaml"]
    assert _shipped(tmp_path / "does not", "import shared.manifest\n", **files) == []


def left_out(root: Path, function: str, ports: tuple[str, ...]) -> list[str]:
    """Data in a function's own folder that its bundle lacks: a name that code puts together is not seen."""
    modules = closure(root, [f"functions.{function}.main"]).modules
    shipped = data_files(root, modules, function=function, ports=ports)
    return [
        f"{path} is not shipped: no module of the function says [__file__] and its name"
        for path in sorted(one.relative_to(root).as_posix() for one in _data(root / "functions" / function))
        if path not in shipped
    ]


def _data(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file() and path.suffix not in (".py", ".pyc")]


@pytest.mark.parametrize("manifest", all_manifests(), ids=lambda manifest: manifest.name)
def test_no_data_of_a_function_stays_behind(manifest: Manifest) -> None:
    nothing(left_out(ROOT, manifest.name, manifest.ports))


def test_a_file_whose_name_is_put_together_is_named(tmp_path: Path) -> None:
    main = "from pathlib import Path\nWORDS = Path(__file__).with_name('wor' + 'ds.yaml')\n"
    project(tmp_path, {MANIFEST: "", "functions/sell/main.py": main, "functions/sell/words.yaml": ""})
    (said,) = left_out(tmp_path, "sell", ())
    assert said.startswith("functions/sell/words.yaml is not shipped")
