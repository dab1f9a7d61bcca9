"""What the code says of settings, credentials and queries, read from its syntax trees.

Deployed functions get exactly the variables, credentials and datasets that stand here; nobody keeps a list.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from shared.errors import Misconfigured

_MAKERS = ("build_platform", "current_platform")
_SERVICE_AUTH = "_service"
"""The verifier in shared/runtime/auth.py that only functions called by a service run."""


@dataclass(frozen=True)
class PortNeeds:
    """What an adapter is built from. `uses` are other ports; settings and credentials include theirs."""

    adapter: str
    settings: frozenset[str]
    secrets: frozenset[str]
    uses: frozenset[str]


def google_ports(root: Path) -> Mapping[str, PortNeeds]:
    """The ports of `GOOGLE` in shared/wiring.py, with what their factories read."""
    factories = _factories(_parsed(root / "shared" / "wiring.py"), "GOOGLE")
    own = {port: _read_by(factory, set(factories)) for port, factory in factories.items()}
    if unread := [port for port, needs in own.items() if not needs.adapter]:
        raise Misconfigured(f"shared/wiring.py: the factory of [{unread[0]}] must stand there as a lambda")
    return {port: _with_used(port, own) for port in own}


def base_settings(root: Path) -> frozenset[str]:
    """Settings that every deployed function reads, whatever its manifest says."""
    wiring = _parsed(root / "shared" / "wiring.py")
    makers = [node for node in wiring.body if getattr(node, "name", "") in _MAKERS]
    return _settings_in(makers) | _settings_in(_runtime(root, of_service=False))


def service_settings(root: Path) -> frozenset[str]:
    """Settings that a function reads when it checks who calls by an OIDC token."""
    return _settings_in(_runtime(root, of_service=True))


def named_queries(root: Path, function: str, known: Iterable[str]) -> frozenset[str]:
    """The named queries whose names stand in the function's code or in shared code it imports."""
    texts = frozenset().union(*(_texts(path) for path in imported_files(root, function)))
    return texts.intersection(known)


def imported_files(root: Path, function: str) -> frozenset[Path]:
    """The function's files and the shared ones they import, directly or through others."""
    waiting = list((root / "functions" / function).rglob("*.py"))
    seen: set[Path] = set()
    while waiting:
        path = waiting.pop()
        if path not in seen:
            seen.add(path)
            waiting += _imports(root, path) - seen
    return frozenset(seen)


@lru_cache(maxsize=1024)
def _imports(root: Path, path: Path) -> frozenset[Path]:
    found = set()
    for node in ast.walk(_parsed(path)):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("shared"):
            module = root.joinpath(*(node.module or "").split("."))
            for part in (module, *(module / alias.name for alias in node.names)):
                found |= {file for file in (part.with_suffix(".py"), part / "__init__.py") if file.is_file()}
    return frozenset(found)


@lru_cache(maxsize=1024)
def _texts(path: Path) -> frozenset[str]:
    nodes = (node for node in ast.walk(_parsed(path)) if isinstance(node, ast.Constant))
    return frozenset(node.value for node in nodes if isinstance(node.value, str))


def _factories(wiring: ast.Module, name: str) -> Mapping[str, ast.expr]:
    for node in wiring.body:
        if (
            isinstance(node, ast.AnnAssign)
            and isinstance(node.target, ast.Name)
            and node.target.id == name
            and isinstance(node.value, ast.Dict)
        ):
            pairs = zip(node.value.keys, node.value.values, strict=True)
            return {str(key.value): value for key, value in pairs if isinstance(key, ast.Constant)}
    raise Misconfigured(f"shared/wiring.py has no mapping [{name}] of ports")


def _read_by(factory: ast.expr, ports: set[str]) -> PortNeeds:
    """From `p.settings.x`, `p.secrets.get("y")` and `p.port` of the factory's lambda."""
    nodes = list(ast.walk(factory))
    attributes = [node for node in nodes if isinstance(node, ast.Attribute)]
    calls = [node for node in nodes if isinstance(node, ast.Call)]
    return PortNeeds(
        adapter=next((found for call in calls for found in _adapter(call)), ""),
        settings=_settings_in([factory]),
        secrets=frozenset(found for call in calls for found in _secret(call)),
        uses=frozenset(a.attr for a in attributes if ast.unparse(a.value) == "p" and a.attr in ports),
    )


def _adapter(call: ast.Call) -> Iterator[str]:
    if ast.unparse(call.func) == "_class" and isinstance(call.args[0], ast.Constant):
        yield str(call.args[0].value)


def _secret(call: ast.Call) -> Iterator[str]:
    if not ast.unparse(call.func).endswith("secrets.get"):
        return
    if not (call.args and isinstance(call.args[0], ast.Constant)):
        raise Misconfigured(f"[{ast.unparse(call)}] must name its credential in plain text")
    yield str(call.args[0].value)


def _with_used(port: str, own: Mapping[str, PortNeeds]) -> PortNeeds:
    waiting, seen = [port], set[str]()
    while waiting:
        name = waiting.pop()
        if name not in seen:
            seen.add(name)
            waiting += own[name].uses
    return PortNeeds(
        adapter=own[port].adapter,
        settings=frozenset().union(*(own[name].settings for name in seen)),
        secrets=frozenset().union(*(own[name].secrets for name in seen)),
        uses=frozenset(seen - {port}),
    )


def _runtime(root: Path, *, of_service: bool) -> Iterator[ast.AST]:
    """Definitions of shared/runtime, either the check of a calling service alone or all the others."""
    for path in sorted((root / "shared" / "runtime").rglob("*.py")):
        for node in _parsed(path).body:
            if (path.name == "auth.py" and getattr(node, "name", "") == _SERVICE_AUTH) == of_service:
                yield node


def _settings_in(nodes: Iterable[ast.AST]) -> frozenset[str]:
    """Every `x` of a `settings.x` or `….settings.x`."""
    return frozenset(
        node.attr
        for tree in nodes
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and ast.unparse(node.value).rpartition(".")[2] == "settings"
    )


@lru_cache(maxsize=1024)
def _parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))
