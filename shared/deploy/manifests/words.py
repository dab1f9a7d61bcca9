"""Every word of a manifest stands for something: a topic, a role, a setting, a function of the code."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from shared.deploy.manifests.code import Code
from shared.deploy.manifests.known import Known
from shared.deploy.manifests.problem import Found, unknown
from shared.manifest import Manifest

SIGNED_IN = "user"


def words(manifest: Manifest, known: Known, code: Code | None) -> Iterator[Found]:
    yield from _topics(manifest, known)
    yield from _roles(manifest, known)
    yield from _settings(manifest, known)
    yield from _secrets(manifest, known, code)
    yield from _packages(manifest, known)
    yield from _said_twice(manifest)
    yield from _handlers(manifest, code)


def _topics(manifest: Manifest, known: Known) -> Iterator[Found]:
    told = [(f"publishes.{number}", topic) for number, topic in enumerate(manifest.publishes)]
    heard = [("subscribes", manifest.subscribes)] if manifest.subscribes else []
    for field, topic in [*told, *heard]:
        if topic not in known.topics:
            yield field, topic, unknown(topic, known.topics, "topic of shared/events")


def _roles(manifest: Manifest, known: Known) -> Iterator[Found]:
    for number, route in enumerate(manifest.routes):
        field = f"routes.{number}.roles"
        for role in route.roles:
            if role not in known.roles:
                yield field, role, unknown(role, known.roles, "role")
        if route.roles and SIGNED_IN not in route.auth:
            yield field, ", ".join(route.roles), f"are roles of users; auth has no [{SIGNED_IN}]"
        if route.roles and "public" in route.auth:
            yield field, ", ".join(route.roles), "keep nobody out: auth has [public], who needs no role"


def _settings(manifest: Manifest, known: Known) -> Iterator[Found]:
    for number, name in enumerate(manifest.settings):
        if name not in known.settings:
            yield f"settings.{number}", name, unknown(name, known.settings, "setting")
        elif name in known.never_deployed:
            yield f"settings.{number}", name, "is a laptop's setting; no deployed function has it"


def _secrets(manifest: Manifest, known: Known, code: Code | None) -> Iterator[Found]:
    of_ports = frozenset[str]().union(*(known.secrets_of.get(port, frozenset()) for port in manifest.ports))
    for number, name in enumerate(manifest.secrets):
        field = f"secrets.{number}"
        if name not in known.secrets:
            yield field, name, unknown(name, known.secrets, "secret of shared/adapters/embedded/secrets.py")
        elif name in of_ports:
            yield field, name, "comes with a port already"
    for name in sorted((code.secrets if code else frozenset()) - of_ports - set(manifest.secrets)):
        yield "secrets", name, "is missing: the code asks for it"
    if code and "secrets" in manifest.ports:
        for name in sorted(set(manifest.secrets) - code.secrets):
            yield "secrets", name, "is never asked for"


def _packages(manifest: Manifest, known: Known) -> Iterator[Found]:
    for number, name in enumerate(manifest.packages):
        if name.lower() not in known.packages:
            what = unknown(name, known.packages, "package that pyproject.toml ships")
            yield f"packages.{number}", name, what


def _said_twice(manifest: Manifest) -> Iterator[Found]:
    for field in ("publishes", "ports", "secrets", "settings", "packages"):
        names = list(getattr(manifest, field))
        for name in sorted({name for name in names if names.count(name) > 1}):
            yield field, name, "stands there twice"


def _handlers(manifest: Manifest, code: Code | None) -> Iterator[Found]:
    if code is None:
        yield "name", manifest.name, "has no main.py beside its manifest that can be read"
        return
    if not code.tests:
        yield "name", manifest.name, f"has no test in tests/functions/{manifest.name}"
    for field, handler in _named(manifest):
        if handler not in code.handlers:
            yield field, handler, unknown(handler, list(code.handlers), "function of main.py")
        elif code.given is not None and handler not in code.given:
            yield field, handler, "is not handed to entry_point in main.py"
    for handler in sorted((code.given or frozenset()) - manifest.handlers):
        yield (
            "handler",
            handler,
            "is handed to entry_point in main.py and named by no route, topic or schedule",
        )


def _named(manifest: Manifest) -> Iterable[tuple[str, str]]:
    own = [("handler", manifest.handler), ("on_giving_up", manifest.on_giving_up)]
    routes = [(f"routes.{number}.handler", route.handler) for number, route in enumerate(manifest.routes)]
    return [(field, handler) for field, handler in [*own, *routes] if handler]
