"""The OpenAPI 3.1 document: routes from the manifests, schemas from the models that validate requests."""

from __future__ import annotations

import importlib
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Literal

from pydantic import TypeAdapter

from shared.local.derived.operations import Operation, Schemas
from shared.manifest import Manifest
from shared.runtime.inject import Signature

SECURITY_SCHEMES: Mapping[str, Mapping[str, str]] = {
    "api_key": {
        "type": "apiKey",
        "in": "header",
        "name": "X-API-Key",
        "description": "A dealership's own key.",
    },
    "user": {
        "type": "http",
        "scheme": "bearer",
        "description": "A signed-in user's token; sockets take it as `?token=` too.",
    },
    "twilio": {
        "type": "apiKey",
        "in": "header",
        "name": "X-Twilio-Signature",
        "description": "Twilio's signature of exactly this request.",
    },
    "service": {"type": "http", "scheme": "bearer", "description": "The OIDC token of a service account."},
}
WITHOUT_SCHEME = frozenset({"public", "public_link"})
"""Nothing has to be sent along: anybody may, or the path itself is the credential."""
PROBLEM = {
    "type": "object",
    "description": "What went wrong (RFC 9457).",
    "required": ["type", "title", "status", "detail"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string", "description": "The way out, in words."},
        "instance": {"type": "string"},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["field", "message"],
                "properties": {
                    "field": {"type": "string"},
                    "message": {"type": "string"},
                    "line": {"type": "integer", "description": "In files: the line of the row."},
                },
            },
        },
    },
}

Mode = Literal["validation", "serialization"]


def openapi(manifests: Sequence[Manifest], version: str) -> dict[str, Any]:
    """Every route of every capability that is reached by HTTP."""
    operations = [
        Operation(manifest, route, signatures_of(manifest).get(route.handler))
        for manifest in manifests
        for route in manifest.routes
    ]
    schemas, components = _schemas(operations)
    paths: dict[str, dict[str, Any]] = {}
    for one in operations:
        paths.setdefault(one.route.path, {})[one.route.method.lower()] = one.described(schemas)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "AutoHaus C-OS",
            "version": version,
            "description": "The operating system a car dealership runs by talking to it.",
        },
        "servers": [{"url": "/"}],
        "tags": [{"name": m.name, "description": m.meaning} for m in manifests if m.routes],
        "paths": dict(sorted(paths.items())),
        "components": {"schemas": components, "securitySchemes": _used(operations)},
    }


def signatures_of(manifest: Manifest) -> Mapping[str, Signature]:
    """What the capability's entry point reads; a service has none."""
    module = importlib.import_module(f"functions.{manifest.name}.main")
    return getattr(getattr(module, manifest.name, None), "signatures", {})


def _schemas(operations: Iterable[Operation]) -> tuple[Schemas, dict[str, Any]]:
    """One schema per type, however many operations use it."""
    inputs: list[tuple[str, Mode, TypeAdapter[Any]]] = []
    for one in operations:
        inputs += [(repr(kind), "validation", TypeAdapter(kind)) for kind in one.taken()]
        inputs += [(repr(kind), "serialization", TypeAdapter(kind)) for kind in one.given()]
    unique = {(key, mode): (key, mode, adapter) for key, mode, adapter in inputs}
    found, whole = TypeAdapter.json_schemas(unique.values(), ref_template="#/components/schemas/{model}")
    schemas: Schemas = {(key, mode): schema for (key, mode), schema in found.items()}
    components = {**whole.get("$defs", {}), "Problem": PROBLEM}
    return schemas, _without_false_defaults(dict(sorted(components.items())))


def _without_false_defaults(schema: Any) -> Any:
    """A field that is left out for a validator to fill has no default a caller could send."""
    if isinstance(schema, list):
        return [_without_false_defaults(part) for part in schema]
    if not isinstance(schema, dict):
        return schema
    may_be_null = schema.get("type") == "null" or {"type": "null"} in schema.get("anyOf", ())
    return {
        name: _without_false_defaults(part)
        for name, part in schema.items()
        if may_be_null or not (name == "default" and part is None)
    }


def _used(operations: Iterable[Operation]) -> dict[str, Any]:
    used = {kind for one in operations for kind in one.route.auth}
    return {kind: dict(scheme) for kind, scheme in SECURITY_SCHEMES.items() if kind in used}
