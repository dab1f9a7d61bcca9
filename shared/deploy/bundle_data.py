"""Which data files go with the code: those that the shipped modules name.

A module that says `__file__` reads files beside it: those whose name, and whose folders' names, stand in it
as texts (`"registry.yaml"`, `"seeds"` and `"*.txt"`). Named queries are found by their names, tables when
rows are appended. Nobody keeps a list that could be forgotten.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Collection, Iterator, Mapping
from fnmatch import fnmatch
from pathlib import Path

from shared.deploy.bundle_imports import syntax_tree
from shared.errors import Misconfigured

READ_ELSEWHERE = frozenset({"shared.manifest", "shared.sql_catalogue"})
"""They read below the project's root: manifests and `sql/`, found by the rules further down."""
MANIFEST = "function.yaml"
HANDED_ON = "shared.platform"
"""It passes on the rows that others append."""
_QUERY = re.compile(r"[a-z][a-z0-9_]*/[a-z][a-z0-9_]*_v[1-9][0-9]*")


def data_files(root: Path, modules: Mapping[str, str], *, function: str, ports: Collection[str]) -> list[str]:
    """Paths relative to the root, in order, for one function's modules (name → file)."""
    found = {f"functions/{function}/{MANIFEST}"}
    for module, file in modules.items():
        found.update(_beside(root, module, root / file))
        if module not in READ_ELSEWHERE and _says(root / file, "all_manifests"):
            found.update(_matching(root, f"functions/*/{MANIFEST}"))
        if "warehouse" in ports and module != HANDED_ON:
            found.update(_of_warehouse(root, root / file))
    return sorted(found)


def _beside(root: Path, module: str, file: Path) -> Iterator[str]:
    if module in READ_ELSEWHERE or not _says(file, "__file__"):
        return
    texts = _texts(file)
    named = [path for path in _data_below(file.parent) if _is_named(path.relative_to(file.parent), texts)]
    # An entry point gives its `__file__` away to find its manifest, and names nothing.
    if not named and not (file.parent / MANIFEST).is_file():
        raise Misconfigured(
            f"{file.relative_to(root)} says [__file__] and names no file beside it: what does it read?"
        )
    yield from (path.relative_to(root).as_posix() for path in named)


def _of_warehouse(root: Path, file: Path) -> Iterator[str]:
    for text in _texts(file):
        if _QUERY.fullmatch(text) and (root / "sql" / text).is_dir():
            yield from _matching(root, f"sql/{text}/query.sql", f"sql/{text}/metadata.yaml")
    if _appends_rows(file):
        yield from _matching(root, "sql/*/*/schema.yaml")
        yield from (
            path.replace("schema.yaml", "metadata.yaml") for path in _matching(root, "sql/*/*/schema.yaml")
        )


def _data_below(folder: Path) -> Iterator[Path]:
    for path in sorted(folder.rglob("*")):
        is_code = path.suffix in (".py", ".pyc") or path.name == MANIFEST
        if path.is_file() and not is_code:
            yield path


def _is_named(path: Path, texts: Collection[str]) -> bool:
    if not set(path.parts[:-1]) <= set(texts):
        return False
    return path.name in texts or any("*." in text and fnmatch(path.name, text) for text in texts)


def _texts(file: Path) -> set[str]:
    constants = (node for node in ast.walk(syntax_tree(file)) if isinstance(node, ast.Constant))
    return {node.value for node in constants if isinstance(node.value, str)}


def _says(file: Path, name: str) -> bool:
    return any(isinstance(node, ast.Name) and node.id == name for node in ast.walk(syntax_tree(file)))


def _appends_rows(file: Path) -> bool:
    calls = (node.func for node in ast.walk(syntax_tree(file)) if isinstance(node, ast.Call))
    return any(ast.unparse(called).endswith("warehouse.append") for called in calls)


def _matching(root: Path, *patterns: str) -> Iterator[str]:
    for pattern in patterns:
        yield from (path.relative_to(root).as_posix() for path in root.glob(pattern))
