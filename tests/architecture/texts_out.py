"""The one way a text message leaves, as rules over manifests and syntax trees."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from pathlib import Path

from shared.manifest import Manifest
from tests.architecture.source import Source, sources

SENDER, PORT = "text_sender", "messenger"
THE_CALL, THE_PLACE = "send_sms", "functions/text_sender/sending.py"
GUARD = "require_decision"
AT_HOME = ("shared/adapters", "shared/testing", "shared/local")
"""The adapters are what is called; the laptop's outbox page only reads."""
DEFINITIONS = ("shared/ports.py", "shared/platform.py", "shared/wiring.py", "shared/manifest.py")


def other_holders(manifests: Iterable[Manifest]) -> list[str]:
    """Capabilities besides the sender that are granted the messenger."""
    return [
        f"functions/{one.name} is granted the port [{PORT}]; it asks by request_text instead"
        for one in manifests
        if PORT in one.ports and one.name != SENDER
    ]


def other_callers(root: Path) -> list[str]:
    """Code that names the messenger or its call anywhere but in the one place."""
    return [
        f"{source.path}:{node.lineno}: only {THE_PLACE} hands a text to the provider"
        for source in sources(root, "functions", "shared")
        if not source.is_below(*AT_HOME) and source.path.as_posix() not in (THE_PLACE, *DEFINITIONS)
        for node in ast.walk(source.tree)
        if isinstance(node, ast.Attribute) and node.attr in (PORT, THE_CALL)
    ]


def unguarded(source: Source) -> list[str]:
    """Ways to the call in the one place that do not begin with the check of the stored decision."""
    functions = {node.name: node for node in source.tree.body if isinstance(node, ast.FunctionDef)}
    reaching = {name for name, node in functions.items() if _attributes(node, THE_CALL)}
    if not reaching:
        return [f"{source.path}: nothing calls [{THE_CALL}]"]
    seen: set[str] = set()
    while new := reaching - seen:
        seen |= new
        open_ones = {name for name in new if not _begins_with_guard(functions[name])}
        reaching |= {name for name, node in functions.items() if open_ones & set(_calls(node))}
    ends = [name for name in seen if not _is_called(functions, name) or not name.startswith("_")]
    return [
        f"{source.path}: [{name}] reaches the provider without {GUARD} first"
        for name in sorted(ends)
        if not _begins_with_guard(functions[name])
    ]


def _begins_with_guard(function: ast.FunctionDef) -> bool:
    """The first statement after the docstring is the check."""
    body = function.body[1:] if ast.get_docstring(function) else function.body
    first = body[0]
    return isinstance(first, ast.Expr) and isinstance(first.value, ast.Call) and GUARD in _calls(first)


def _is_called(functions: dict[str, ast.FunctionDef], name: str) -> bool:
    return any(name in _calls(node) for other, node in functions.items() if other != name)


def _attributes(node: ast.AST, name: str) -> list[ast.Attribute]:
    return [one for one in ast.walk(node) if isinstance(one, ast.Attribute) and one.attr == name]


def _calls(node: ast.AST) -> Iterator[str]:
    for one in ast.walk(node):
        if isinstance(one, ast.Call) and isinstance(one.func, ast.Name):
            yield one.func.id
