"""Every place in the code that makes or sends a query, from the syntax trees.

A function that fills its own parameters into a query asks as many queries as it has callers, so the calls of
it are places too, and so on up to where the parts are written out.
"""

from __future__ import annotations

import ast
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from shared.testing.recording_documents import NOT_BELOW, Place, Seen
from tests.architecture.emitted import Module
from tests.architecture.source import Source, sources

OTHER_STORES = frozenset({"warehouse", "catalogue", "_catalogue"})
HANDED_ON = ("documents.query", "work.query")
NOT_DOCUMENTS = frozenset({"shared/sql_catalogue.py"})
STORES = frozenset({"Tenant", "UnitOfWork", "Documents", "Platform"})
"""Parameters of these types say where to ask, not what."""
QUERY = ("shared.ports", "Query")

Function = ast.FunctionDef | ast.AsyncFunctionDef
Named = tuple[str, str]
"""Module and name of a function; of a method its name alone, for whose it is the tree does not say."""


@dataclass(frozen=True, order=True)
class Site:
    """`last_line` is that of the statement when the call's own place is not on the stack: a generator's body
    runs wherever somebody takes from it."""

    place: Place
    what: str
    last_line: int = 0

    def is_in(self, stack: Iterable[Place]) -> bool:
        here = [place for place in stack if place.file == self.place.file]
        if self.last_line:
            return any(self.place.line <= place.line <= self.last_line for place in here)
        return self.place in here


def query_sites(root: Path) -> list[Site]:
    """In what is deployed and what `make run` adds to it; not in the adapters, which are asked."""
    modules = [Module(source) for source in _sources(root)]
    passing = _passing(modules)
    return sorted(site for module in modules for site in _sites(module, passing))


def unseen(sites: Iterable[Site], seen: Seen) -> list[str]:
    """One line for each place no recorded query was made or sent at."""
    stacks = [stack for found in seen.asked.values() for stack in found] + list(seen.made)
    return [
        f"{site.place}: no test made this query [{site.what}]; its index cannot be known"
        for site in sites
        if not any(site.is_in(stack) for stack in stacks)
    ]


def passing_functions(root: Path) -> set[Named]:
    """Those that fill what they are given into a query."""
    return set(_passing([Module(source) for source in _sources(root)]))


def _sources(root: Path) -> list[Source]:
    return [
        source
        for source in sources(root, "functions", "shared")
        if not source.path.as_posix().startswith(NOT_BELOW) and source.path.as_posix() not in NOT_DOCUMENTS
    ]


def _passing(modules: Collection[Module]) -> dict[Named, bool]:
    """Whether each is a generator."""
    found: dict[Named, bool] = {}
    while True:
        more = {
            name: _is_generator(function)
            for module in modules
            for name, function in _functions(module)
            if any(_fills_in(function, call) for call in _asking(module, function, found))
        }
        if more.keys() == found.keys():
            return found
        found = more


def _sites(module: Module, passing: dict[Named, bool]) -> Iterator[Site]:
    for statement in (node for node in ast.walk(module.source.tree) if isinstance(node, ast.stmt)):
        header = _without_body(statement)
        nodes = [node for part in header for node in ast.walk(part)]
        yield from _handed_on(module, nodes)
        for call in (node for node in nodes if isinstance(node, ast.Call)):
            what, is_generator = _what(module, call, passing)
            if what:
                line, column = (statement.lineno, 0) if is_generator else (call.lineno, call.col_offset)
                place = Place(module.source.path.as_posix(), line, column)
                last = max((getattr(part, "end_lineno", 0) or 0 for part in header), default=0)
                yield Site(place, what, last if is_generator else 0)


def _handed_on(module: Module, nodes: list[ast.AST]) -> Iterator[Site]:
    """`run(documents.query, query)`: whoever calls it then is not seen at a place that could be read here."""
    called = {id(node.func) for node in nodes if isinstance(node, ast.Call)}
    for node in nodes:
        if (
            isinstance(node, ast.Attribute)
            and ast.unparse(node).endswith(HANDED_ON)
            and id(node) not in called
        ):
            place = Place(module.source.path.as_posix(), node.lineno, node.col_offset)
            yield Site(place, f"{ast.unparse(node)}, which is handed on: call it where it is named")


def _what(module: Module, call: ast.Call, passing: dict[Named, bool]) -> tuple[str, bool]:
    if isinstance(call.func, ast.Attribute) and call.func.attr == "query":
        return ("", False) if _last_name(call.func.value) in OTHER_STORES else (ast.unparse(call), False)
    named = _named(module, call)
    if named == QUERY:
        return ast.unparse(call), False
    return (ast.unparse(call), passing[named]) if named in passing else ("", False)


def _asking(module: Module, function: Function, passing: Collection[Named]) -> Iterator[ast.Call]:
    for node in ast.walk(function):
        if (
            isinstance(node, ast.Call)
            and (named := _named(module, node))
            and (named == QUERY or named in passing)
        ):
            yield node


def _fills_in(function: Function, call: ast.Call) -> bool:
    arguments = [*call.args, *(keyword.value for keyword in call.keywords)]
    names = {node.id for part in arguments for node in ast.walk(part) if isinstance(node, ast.Name)}
    return bool(names & _given(function))


def _given(function: Function) -> set[str]:
    every = function.args
    arguments = [
        *every.posonlyargs,
        *every.args,
        *every.kwonlyargs,
        *filter(None, [every.vararg, every.kwarg]),
    ]
    return {one.arg for one in arguments if one.arg != "self" and _last_name(one.annotation) not in STORES}


def _named(module: Module, call: ast.Call) -> Named | None:
    if isinstance(call.func, ast.Attribute):
        return "", call.func.attr
    if not isinstance(call.func, ast.Name):
        return None
    return module.names.get(call.func.id, (module.source.module, call.func.id))


def _functions(module: Module) -> Iterator[tuple[Named, Function]]:
    for holder in ast.walk(module.source.tree):
        for node in getattr(holder, "body", []) if not isinstance(holder, ast.Lambda | ast.IfExp) else []:
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                yield ("" if isinstance(holder, ast.ClassDef) else module.source.module, node.name), node


def _is_generator(function: Function) -> bool:
    return any(isinstance(node, ast.Yield | ast.YieldFrom) for node in ast.walk(function))


def _without_body(statement: ast.stmt) -> list[ast.AST]:
    """A statement's own expressions, without the statements inside it."""
    return [child for child in ast.iter_child_nodes(statement) if not _holds_statements(child)]


def _holds_statements(node: ast.AST) -> bool:
    return isinstance(node, ast.stmt | ast.ExceptHandler | ast.match_case)


def _last_name(node: ast.expr | None) -> str:
    return getattr(node, "attr", "") or getattr(node, "id", "")
