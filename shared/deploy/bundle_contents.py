"""What one function's bundle holds before it is compiled: path → content, nothing it does not need."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from shared.deploy.bundle_data import HANDED_ON, data_files
from shared.deploy.bundle_imports import WIRING, Closure, closure, syntax_tree
from shared.deploy.bundle_lock import Lock, needed, requirements
from shared.deploy.bundle_packages import shipped_packages
from shared.deploy.derived_code import google_ports
from shared.manifest import Manifest
from shared.platform import FREE

RUNTIME = "shared.runtime."
SPANS = "spans"
"""Every function writes its spans, through the whole platform and not through its granted ports."""
STARTED_BY: Mapping[str, str] = {"service": "shared.runtime.service", "job": "shared.runtime.job"}
CONTAINERFILE = Path(__file__).with_name("Containerfile")
MODEL_SETTING, MODEL_FOLDER = "model_dir", "model"


@dataclass(frozen=True)
class Contents:
    """`packages` are all distributions of its requirements, `modules` all files of ours that are code."""

    files: Mapping[str, bytes]
    modules: tuple[str, ...]
    packages: tuple[str, ...]


def bundle_contents(root: Path, manifest: Manifest, *, lock: Lock, model: Path) -> Contents:
    """Raises `Misconfigured` naming the file and the word that do not fit. `model` is the built model's
    folder; it is read only for a function whose manifest names its setting."""
    runtime_starts = [WIRING, *_adapters(root, manifest), *_starter(manifest)]
    whole = closure(root, [f"functions.{manifest.name}.main", *runtime_starts])
    runtime = closure(root, [*runtime_starts, *(name for name in whole.modules if name.startswith(RUNTIME))])
    direct = shipped_packages(
        whole,
        runtime,
        function=manifest.name,
        kind=manifest.kind,
        declared=manifest.packages,
        words=_words(root, whole),
    )
    packages = needed(lock, direct)
    data = data_files(root, whole.modules, function=manifest.name, ports=manifest.ports)
    files = {path: (root / path).read_bytes() for path in [*whole.modules.values(), *data]}
    files["main.py"] = main_program(manifest).encode()
    files["requirements.txt"] = requirements(lock, packages).encode()
    files |= _model_files(model) if MODEL_SETTING in manifest.settings else {}
    # Part of the hash that is the image's tag: another Containerfile is another image.
    files |= {CONTAINERFILE.name: CONTAINERFILE.read_bytes()} if manifest.kind in STARTED_BY else {}
    return Contents(dict(sorted(files.items())), tuple(whole.modules.values()), tuple(packages))


def main_program(manifest: Manifest) -> str:
    """`main.py` at the bundle's root: what functions-framework loads, or a program of its own."""
    name = manifest.name
    if manifest.kind == "service":
        return f'from shared.runtime.service import serve\n\nserve("functions.{name}.main:app")\n'
    entry = f"from functions.{name}.main import {name}\n"
    if manifest.kind == "job":
        return f"{entry}from shared.runtime.job import run_job\n\nraise SystemExit(run_job({name}))\n"
    return entry


def _starter(manifest: Manifest) -> list[str]:
    return [STARTED_BY[manifest.kind]] if manifest.kind in STARTED_BY else []


def _adapters(root: Path, manifest: Manifest) -> list[str]:
    """Modules of the google adapters behind the function's ports, and behind the ports those use."""
    known = google_ports(root)
    asked = {*manifest.ports, *FREE, SPANS}
    asked = asked.union(*(known[port].uses for port in asked))
    return sorted({f"shared.adapters.{known[port].adapter.partition(':')[0]}" for port in asked})


def _words(root: Path, whole: Closure) -> set[str]:
    """Every `name` and `.attribute` of the shipped code, but for the module that only passes ports on."""
    files = (root / file for name, file in whole.modules.items() if name != HANDED_ON)
    return {word for file in files for word in _names(ast.walk(syntax_tree(file)))}


def _names(nodes: Iterable[ast.AST]) -> Iterator[str]:
    for node in nodes:
        if isinstance(node, ast.Attribute):
            yield f".{node.attr}"
        elif isinstance(node, ast.Name):
            yield node.id


def _model_files(folder: Path) -> dict[str, bytes]:
    return {f"{MODEL_FOLDER}/{path.name}": path.read_bytes() for path in sorted(folder.iterdir())}
