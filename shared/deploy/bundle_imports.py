"""Which files a program imports, directly or through others, at its start or later, read from the code."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from shared.errors import Misconfigured

OURS = ("functions", "shared")
BY_COMPUTED_NAME = frozenset({"importlib", "pkgutil", "runpy"})
"""Whoever imports one of these may load modules that no import statement names."""
WIRING = "shared.wiring"
"""It loads adapters by name; which ones a function needs its manifest says."""


@dataclass(frozen=True)
class Import:
    """One import statement; `file` is relative to the root, `module` may name what a module holds."""

    module: str
    file: str
    line: int

    @property
    def top(self) -> str:
        return self.module.partition(".")[0]


@dataclass(frozen=True)
class Closure:
    """`modules` are ours, name → file relative to the root; `imports` are neither ours nor Python's."""

    modules: dict[str, str]
    imports: tuple[Import, ...]


def closure(root: Path, starts: Iterable[str]) -> Closure:
    """Everything of ours that the start modules import, with the packages around it.

    Raises `Misconfigured` for a start that does not exist, and for a module that loads others by a computed
    name: nobody could tell what to ship with it.
    """
    waiting, modules, foreign = list(starts), dict[str, str](), dict[tuple[str, str], Import]()
    if missing := [name for name in waiting if module_file(root, name) is None]:
        raise Misconfigured(f"there is no module [{missing[0]}] in functions/ or shared/")
    while waiting:
        name = waiting.pop()
        file = module_file(root, name)
        if name in modules or file is None:
            continue
        modules[name] = file.relative_to(root).as_posix()
        waiting += _packages_around(name)
        for found in _imports_of(root, file):
            _check(name, found)
            if found.top in OURS:
                waiting += [found.module, found.module.rpartition(".")[0]]
            elif found.top not in sys.stdlib_module_names:
                foreign.setdefault((found.module, found.file), found)
    in_order = sorted(foreign.values(), key=lambda found: (found.file, found.line, found.module))
    return Closure(dict(sorted(modules.items())), tuple(in_order))


def module_file(root: Path, module: str) -> Path | None:
    """The file of one of our modules; None when the name stands for something inside of one."""
    if module.partition(".")[0] not in OURS:
        return None
    path = root.joinpath(*module.split("."))
    return next((file for file in (path / "__init__.py", path.with_suffix(".py")) if file.is_file()), None)


@lru_cache(maxsize=1024)
def syntax_tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def _packages_around(module: str) -> Iterator[str]:
    while module := module.rpartition(".")[0]:
        yield module


def _check(module: str, found: Import) -> None:
    if found.top in BY_COMPUTED_NAME and module != WIRING:
        raise Misconfigured(
            f"{found.file}:{found.line}: [{found.top}] loads modules by a computed name, so nobody can tell "
            "what to ship; import them by statement"
        )


@lru_cache(maxsize=1024)
def _imports_of(root: Path, file: Path) -> tuple[Import, ...]:
    shown = file.relative_to(root).as_posix()
    return tuple(Import(name, shown, line) for name, line in _named(syntax_tree(file)))


def _named(node: ast.AST) -> Iterator[tuple[str, int]]:
    """Names and lines; what stands below `if TYPE_CHECKING` is never run."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.If) and ast.unparse(child.test).endswith("TYPE_CHECKING"):
            for other in child.orelse:
                yield from _named(other)
            continue
        if isinstance(child, ast.Import):
            yield from ((alias.name, child.lineno) for alias in child.names)
        elif isinstance(child, ast.ImportFrom):
            yield from ((f"{child.module}.{alias.name}", child.lineno) for alias in child.names)
        yield from _named(child)
