"""Values on the wire: msgpack, where an unknown value is extension 0 (or 12, with what is known of it)."""

from __future__ import annotations

from typing import Any

import msgpack

from tests.infra.schema_source import Json


class Unknown:
    """A value known only after apply."""

    def __repr__(self) -> str:
        return "unknown"


UNKNOWN = Unknown()


def decode(value: Any) -> Any:
    """`value` is a DynamicValue; answers Python values with UNKNOWN inside."""
    return msgpack.unpackb(value.msgpack, ext_hook=lambda code, data: UNKNOWN, strict_map_key=False)


def encode(value: object) -> bytes:
    packed: bytes = msgpack.packb(value, default=_extension)
    return packed


def _extension(value: object) -> msgpack.ExtType:
    if value is UNKNOWN:
        return msgpack.ExtType(0, b"\0")
    raise TypeError(f"Not a value of Terraform: [{value!r}].")


def planned(block: Json, value: Any) -> Any:
    """What a provider plans: computed attributes nobody set become unknown, nested blocks likewise."""
    if value is None or value is UNKNOWN:
        return value
    found = dict(value)
    for name, attribute in block["attributes"].items():
        if attribute.get("computed") and found.get(name) is None:
            found[name] = UNKNOWN
    for name, nested in block["block_types"].items():
        found[name] = each_block(nested, found.get(name), planned)
    return found


def example(kind: Any, name: str) -> Any:
    """A value of the given type; a string says what it stands for."""
    if isinstance(kind, str):
        return {"string": f"some-{name.replace('_', '-')}", "number": 1, "bool": False}[kind]
    if kind[0] == "object":
        return {field: example(inner, field) for field, inner in kind[1].items()}
    blocks = kind[0] != "map" and not isinstance(kind[1], str) and kind[1][0] == "object"
    return [example(kind[1], name)] if blocks else {} if kind[0] == "map" else []


def each_block(nested: Json, value: Any, change: Any) -> Any:
    if value is None or value is UNKNOWN:
        return value
    if nested["nesting_mode"] == "single":
        return change(nested["block"], value)
    return [change(nested["block"], item) for item in value]
