"""Which events a capability's code can tell and what it touches, read from its syntax trees.

From every definition of the function's own files, along the names it uses, into the shared definitions those
names stand for; wherever an event class is called on the way, its topic is told.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from functools import cached_property
from pathlib import Path

from tests.architecture.source import Source, sources

LEDGER = "audit-recorded"
RECORDERS = {"audit", "record_failure", "record_row"}
"""What writes a ledger row without naming its event."""


class Code:
    """All definitions of the project by module and name."""

    def __init__(self, root: Path) -> None:
        self.modules = {source.module: Module(source) for source in sources(root, "functions", "shared")}

    def topics_of(self, function: str) -> set[str]:
        """Topics of the events the function's code makes, without what the runtime adds."""
        return {
            topic
            for module, definition in self._reached(function)
            for called in module.calls_in(definition)
            for topic in self._topic(module, called)
        }

    def attributes_of(self, function: str) -> set[str]:
        """Every `x` of an `a.x` in the function's code, and what it calls by name."""
        found: set[str] = set()
        for module, definition in self._reached(function):
            found |= {*module.attributes_in(definition), *module.calls_in(definition)}
        return found

    def settings_of(self, function: str) -> set[str]:
        """Every `x` of a `settings.x` in the function's code."""
        return {
            node.attr
            for module, definition in self._reached(function)
            for node in module.nodes_in(definition)
            if isinstance(node, ast.Attribute) and _last_name(node.value) == "settings"
        }

    def names_in(self, function: str) -> set[str]:
        """Every plain name in the function's own files."""
        return {node.id for node in self._own_nodes(function) if isinstance(node, ast.Name)}

    def attribute_chains_in(self, function: str) -> set[str]:
        """Every `a.x.y` in the function's own files."""
        return {ast.unparse(node) for node in self._own_nodes(function) if isinstance(node, ast.Attribute)}

    def _own_nodes(self, function: str) -> Iterator[ast.AST]:
        for name, module in self.modules.items():
            if name.startswith(f"functions.{function}."):
                yield from module.nodes_in("")

    def _reached(self, function: str) -> Iterator[tuple[Module, str]]:
        """The function's own files, and the shared definitions its names lead to."""
        prefix = f"functions.{function}."
        waiting = [(name, "") for name in self.modules if name.startswith(prefix)]
        seen: set[tuple[str, str]] = set()
        while waiting:
            place = waiting.pop()
            if place in seen or place[0] not in self.modules:
                continue
            seen.add(place)
            module = self.modules[place[0]]
            yield module, place[1]
            waiting += [target for target in module.used_in(place[1]) if not _is_runtime(target[0])]

    def _topic(self, module: Module, called: str) -> set[str]:
        if called in RECORDERS:
            return {LEDGER}
        target, name = module.names.get(called, (module.source.module, called))
        if not target.startswith("shared.events."):
            return set()
        topic = self.modules[target].topics.get(name)
        return {topic} if topic else set()


class Module:
    """One file's top-level definitions and what its names stand for."""

    def __init__(self, source: Source) -> None:
        self.source = source

    @cached_property
    def names(self) -> Mapping[str, tuple[str, str]]:
        """Local name → (module, name there)."""
        return {
            alias.asname or alias.name: (node.module or "", alias.name)
            for node in ast.walk(self.source.tree)
            if isinstance(node, ast.ImportFrom)
            for alias in node.names
        }

    @cached_property
    def topics(self) -> Mapping[str, str]:
        """Event class → topic, from `class X(Event, topic="…")`."""
        return {
            node.name: str(keyword.value.value)
            for node in self.source.tree.body
            if isinstance(node, ast.ClassDef)
            for keyword in node.keywords
            if keyword.arg == "topic" and isinstance(keyword.value, ast.Constant)
        }

    def used_in(self, definition: str) -> list[tuple[str, str]]:
        """Places the names of the definition stand for; "" is the whole file."""
        own = {getattr(node, "name", "") for node in self.source.tree.body}
        places = []
        for node in self.nodes_in(definition):
            if isinstance(node, ast.Name):
                if node.id in self.names:
                    places.append(self.names[node.id])
                elif node.id in own:
                    places.append((self.source.module, node.id))
        return places

    def calls_in(self, definition: str) -> Iterator[str]:
        """`X(…)` and `X.model_validate(…)` as `X`, `work.audit(…)` as `audit`, `partial(f, …)` as `f`."""
        for node in self.nodes_in(definition):
            if isinstance(node, ast.Call):
                yield from (argument.id for argument in node.args if isinstance(argument, ast.Name))
                if isinstance(node.func, ast.Name):
                    yield node.func.id
                elif isinstance(node.func, ast.Attribute):
                    yield node.func.attr
                    if isinstance(node.func.value, ast.Name):
                        yield node.func.value.id

    def attributes_in(self, definition: str) -> Iterator[str]:
        return (node.attr for node in self.nodes_in(definition) if isinstance(node, ast.Attribute))

    def nodes_in(self, definition: str) -> Iterator[ast.AST]:
        if not definition:
            return ast.walk(self.source.tree)
        return (
            inner
            for node in self.source.tree.body
            if getattr(node, "name", "") == definition
            for inner in ast.walk(node)
        )


def _last_name(node: ast.expr) -> str:
    return getattr(node, "attr", "") or getattr(node, "id", "")


def _is_runtime(module: str) -> bool:
    """The runtime's own rows are the same for every capability."""
    return module.startswith(
        ("shared.runtime", "shared.wiring", "shared.adapters", "shared.local", "shared.testing")
    )
