"""The project's Python files as syntax trees, and what they import."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

CODE = ("functions", "shared", "tests")


@dataclass(frozen=True)
class Import:
    """`module` is the absolute name; `name` is what `from module import name` takes, else empty."""

    module: str
    name: str
    line: int
    at_module_level: bool

    @property
    def top(self) -> str:
        return self.module.partition(".")[0]


@dataclass(frozen=True)
class Source:
    """One file; `path` is relative to the root."""

    path: Path
    text: str

    @property
    def module(self) -> str:
        parts = self.path.with_suffix("").parts
        return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)

    @cached_property
    def tree(self) -> ast.Module:
        return ast.parse(self.text)

    @cached_property
    def imports(self) -> tuple[Import, ...]:
        return tuple(_imports(self.tree, at_module_level=True))

    def is_below(self, *folders: str) -> bool:
        return any(self.path.as_posix().startswith(f"{folder}/") for folder in folders)


def sources(root: Path, *folders: str) -> list[Source]:
    """Every Python file below the folders (default: all code)."""
    return [
        Source(path.relative_to(root), path.read_text(encoding="utf-8"))
        for folder in folders or CODE
        for path in sorted((root / folder).rglob("*.py"))
    ]


def _imports(node: ast.AST, *, at_module_level: bool) -> Iterator[Import]:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.Import):
            yield from (Import(alias.name, "", child.lineno, at_module_level) for alias in child.names)
        elif isinstance(child, ast.ImportFrom):
            module = "." * child.level + (child.module or "")
            yield from (Import(module, alias.name, child.lineno, at_module_level) for alias in child.names)
        elif not _is_for_types_only(child):
            inside = isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda)
            yield from _imports(child, at_module_level=at_module_level and not inside)


def _is_for_types_only(node: ast.AST) -> bool:
    """`if TYPE_CHECKING:` is never run."""
    return isinstance(node, ast.If) and isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING"
