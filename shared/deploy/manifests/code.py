"""What a capability's code has and reads, from its syntax trees: nothing of it is imported."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from shared.deploy.derived_code import imported_files

_TEST = re.compile(r"^\s*(?:async )?def test_", re.MULTILINE)
_ASKING = "secrets.get"

Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True)
class Code:
    """`handlers`: function of main.py → its parameters; `given`: names handed to `entry_point`, None without
    one; `secrets`: credentials asked for by name; `tests`: how many tests there are."""

    handlers: Mapping[str, frozenset[str]]
    given: frozenset[str] | None
    secrets: frozenset[str]
    tests: int


def code_of(root: Path, function: str) -> Code | None:
    """None without a main.py that can be read."""
    main = root / "functions" / function / "main.py"
    try:
        tree = ast.parse(main.read_text(encoding="utf-8"))
    except (FileNotFoundError, SyntaxError):
        return None
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call)]
    points = [call for call in calls if _name(call.func) == "entry_point"]
    given = {_name(argument) for point in points for argument in point.args[1:]}
    return Code(
        handlers={function.name: _parameters(function) for function in _functions(tree)},
        given=frozenset(given) if points else None,
        secrets=frozenset(name for path in imported_files(root, function) for name in _secrets(path)),
        tests=_tests(root / "tests" / "functions" / function),
    )


def _tests(folder: Path) -> int:
    return sum(len(_TEST.findall(path.read_text(encoding="utf-8"))) for path in folder.rglob("test_*.py"))


def _functions(tree: ast.AST) -> Iterator[Function]:
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def _parameters(function: Function) -> frozenset[str]:
    arguments = function.args
    return frozenset(one.arg for one in (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs))


def _secrets(path: Path) -> Iterator[str]:
    """`x.secrets.get("name")`, but for the wiring's, which are the ports'."""
    text = path.read_text(encoding="utf-8")
    if _ASKING not in text or path.name == "wiring.py":
        return
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Call) and ast.unparse(node.func).endswith(_ASKING):
            yield from (str(part.value) for part in node.args[:1] if isinstance(part, ast.Constant))


def _name(node: ast.expr) -> str:
    return getattr(node, "id", "") or getattr(node, "attr", "")
