"""`docs/events.md`: every event with its meaning, fields, example, who tells it and who listens."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from shared.events.base import Event
from shared.manifest import Manifest

HEAD = """# Events

Derived from `shared/events/` and the manifests by `make docs`; do not edit. The envelope is CloudEvents 1.0:
`id, source, type, time, subject` with `tenantid, correlationid, causationid, traceparent, authid`.
A *row event* is one row of a table of the warehouse, delivered there without code.
"""


def events_page(catalogue: Mapping[str, type[Event]], manifests: Iterable[Manifest]) -> str:
    known = list(manifests)
    return "\n".join([HEAD, *(_section(topic, catalogue[topic], known) for topic in sorted(catalogue))])


def _section(topic: str, event: type[Event], manifests: list[Manifest]) -> str:
    told = [f"`{m.name}`" for m in manifests if topic in m.publishes]
    heard = [f"`{m.name}`" for m in manifests if m.subscribes == topic]
    if event.table:
        heard.append(f"the table `{event.table}`")
    example = json.dumps(dict(event.example), indent=2, default=str)
    return (
        f"## {topic}\n\n`{event.__name__}`. {' '.join((event.__doc__ or '').split())}\n\n"
        f"Told by {', '.join(told) or 'nobody yet'}; heard by {', '.join(heard) or 'nobody yet'}.\n\n"
        f"| Field | Type | |\n|---|---|---|\n{_fields(event)}\n\n```json\n{example}\n```\n"
    )


def _fields(event: type[Event]) -> str:
    schema = event.model_json_schema()
    required = schema.get("required", ())
    return "\n".join(
        f"| `{name}` | {_type(field)} | {'' if name in required else 'may be left out'} |"
        for name, field in schema.get("properties", {}).items()
    )


def _type(field: Mapping[str, Any]) -> str:
    if "anyOf" in field:
        return " or ".join(_type(part) for part in field["anyOf"])
    if "$ref" in field:
        return str(field["$ref"]).rpartition("/")[2]
    kind = str(field.get("format") or field.get("type") or "any")
    return f"list of {_type(field['items'])}" if kind == "array" and field.get("items") else kind
