"""What the product's bundles hold: all they import, and nothing of tests, laptops and other functions."""

from __future__ import annotations

import ast
import sys
from functools import lru_cache
from pathlib import Path

import pytest

from shared.deploy.bundle_contents import Contents, bundle_contents, main_program
from shared.deploy.bundle_imports import Import, module_file
from shared.deploy.bundle_lock import read_lock
from shared.deploy.bundle_packages import distribution_of
from shared.errors import Misconfigured
from shared.manifest import ROOT, Manifest, all_manifests

FUNCTIONS = {one.name: one for one in all_manifests()}
NEVER = ("tests/", "shared/local/", "shared/testing/", "shared/deploy/", "shared/adapters/embedded/", "docs/")
HEAVY = {
    "numpy": {"membrane", "identity_training", "visual_scribe"},
    "onnxruntime": {"membrane", "visual_scribe"},
    "google-genai": {"membrane", "memory_indexer", "memory_vault", "visual_scribe"},
    "google-cloud-bigquery": {"anomaly_monitor", "plate_composer", "system"},
    "reportlab": {"quotes"},
    "duckdb": set(),
    "sqlglot": set(),
    "faster-whisper": set(),
    "av": set(),
    "rapidocr": set(),
    "pytest": set(),
}


@pytest.fixture(scope="module", autouse=True)
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("model")
    (folder / "model.onnx").write_bytes(b"weights")
    _contents.cache_clear()
    return folder


@lru_cache(maxsize=32)
def _contents(name: str, model: Path) -> Contents:
    return bundle_contents(ROOT, FUNCTIONS[name], lock=read_lock(ROOT / "requirements.lock"), model=model)


@pytest.fixture(params=sorted(FUNCTIONS))
def name(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def test_every_import_of_a_shipped_file_is_shipped_or_installed(name: str, model: Path) -> None:
    """Told by another reading than the one that collects: statement by statement, file by file."""
    contents = _contents(name, model)
    for file in contents.modules:
        for module in _statements(contents.files[file].decode()):
            top = module.partition(".")[0]
            if top in ("functions", "shared"):
                source = module_file(ROOT, module) or module_file(ROOT, module.rpartition(".")[0])
                assert source and source.relative_to(ROOT).as_posix() in contents.files, (file, module)
            elif top not in sys.stdlib_module_names:
                assert distribution_of(Import(module, file, 0)) in contents.packages, (file, module)


def _statements(text: str) -> list[str]:
    tree = ast.parse(text)
    unread = {
        inner
        for node in ast.walk(tree)
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING"
        for inner in ast.walk(node)
    }
    nodes = [node for node in ast.walk(tree) if node not in unread]
    plain = [alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names]
    named = (node for node in nodes if isinstance(node, ast.ImportFrom))
    return plain + [f"{node.module}.{alias.name}" for node in named for alias in node.names]


def test_nothing_of_tests_laptops_and_other_functions_is_shipped(name: str, model: Path) -> None:
    files = set(_contents(name, model).files)
    assert not [file for file in files if file.startswith(NEVER)]
    others = [file for file in files if file.startswith("functions/") and f"functions/{name}/" not in file]
    assert others == ["functions/__init__.py"]


def test_only_adapters_behind_its_ports_are_shipped(name: str, model: Path) -> None:
    ports, files = FUNCTIONS[name].ports, _contents(name, model).files
    for port in ("warehouse", "models", "bus_operations", "messenger", "blobs", "documents"):
        assert (f"shared/adapters/google/{port}.py" in files) == (port in ports), port


@pytest.mark.parametrize("package", HEAVY)
def test_a_heavy_package_is_installed_where_it_is_used_and_nowhere_else(package: str, model: Path) -> None:
    having = {name for name in FUNCTIONS if package in _contents(name, model).packages}
    assert having == HEAVY[package]


def test_training_sentences_stay_behind(model: Path) -> None:
    files = set(_contents("membrane", model).files)
    assert {"model/model.onnx", "shared/brain/registry.yaml"} <= files
    assert not [file for file in files if "/seeds/" in file or file.endswith(".tsv")]


def test_the_model_goes_only_to_who_reads_it(model: Path) -> None:
    assert "model/model.onnx" not in _contents("chat", model).files


def test_each_kind_starts_by_its_own_program() -> None:
    assert main_program(FUNCTIONS["chat"]) == "from functions.chat.main import chat\n"
    assert 'serve("functions.chat_stream.main:app")' in main_program(FUNCTIONS["chat_stream"])
    assert "raise SystemExit(run_job(identity_training))" in main_program(FUNCTIONS["identity_training"])


def test_a_manifest_that_lacks_a_package_stops_it(model: Path) -> None:
    poor: Manifest = FUNCTIONS["crm_intake"].model_copy(update={"packages": ("phonenumbers", "jellyfish")})
    with pytest.raises(Misconfigured, match=r"functions/crm_intake/function\.yaml must name \[defusedxml\]"):
        bundle_contents(ROOT, poor, lock=read_lock(ROOT / "requirements.lock"), model=model)
