"""What the stand-in answers to each call of the plugin protocol: bytes of messages in and out.

It plans what the provider's schema allows and refuses what the real provider refuses while validating: a
value that is not one of an argument's possible values. Everything that lives in the cloud is made up.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

from tests.infra import provider_schema
from tests.infra.dynamic_value import UNKNOWN, decode, encode, planned
from tests.infra.made_up import data_source, settled
from tests.infra.plugin_messages import ERROR, messages
from tests.infra.provider_limits import broken_limits
from tests.infra.schema_source import Json

Answer = Callable[[bytes], bytes]

_provider: Json = {}
"""The provider's own configuration: one process serves one `provider` block."""


def get_schema(request: bytes) -> bytes:
    return provider_schema.message_bytes()


def prepare(request: bytes) -> bytes:
    return _bytes("Prepared", prepared_config=_read("Prepare", request).config)


def configure(request: bytes) -> bytes:
    _provider.update(decode(_read("Configure", request).config))
    return b""


def nothing(request: bytes) -> bytes:
    return b""


def check_resource(request: bytes) -> bytes:
    asked = _read("Check", request)
    value = decode(asked.config)
    block = _resource(asked.type_name)
    problems = [*_wrong_values(block, value, []), *broken_limits(asked.type_name, value)]
    return _bytes("Problems", diagnostics=[_diagnostic(path, words) for path, words in problems])


def check_data(request: bytes) -> bytes:
    asked = _read("Check", request)
    problems = _wrong_values(_data(asked.type_name), decode(asked.config), [])
    return _bytes("Problems", diagnostics=[_diagnostic(path, words) for path, words in problems])


def upgrade(request: bytes) -> bytes:
    state = json.loads(_read("Upgrade", request).raw_state.json)
    return _bytes("Upgraded", upgraded_state=_value(state))


def read(request: bytes) -> bytes:
    return _bytes("State", new_state=_read("Read", request).current_state)


def plan(request: bytes) -> bytes:
    asked = _read("Plan", request)
    proposed = decode(asked.proposed_new_state)
    if decode(asked.prior_state) is None:
        proposed = planned(_resource(asked.type_name), proposed | _of_provider(proposed))
    return _bytes("Planned", planned_state=_value(proposed), legacy_type_system=True)


def apply(request: bytes) -> bytes:
    asked = _read("Apply", request)
    value = decode(asked.planned_state)
    made = settled(asked.type_name, _resource(asked.type_name), value) if value is not None else None
    return _bytes("Applied", new_state=_value(made), legacy_type_system=True)


def read_data(request: bytes) -> bytes:
    asked = _read("Check", request)
    config = decode(asked.config)
    answer = data_source(asked.type_name, _data(asked.type_name), config | _of_provider(config))
    return _bytes("Data", state=_value(answer))


CALLS: dict[str, Answer] = {
    "GetSchema": get_schema,
    "PrepareProviderConfig": prepare,
    "Configure": configure,
    "ValidateResourceTypeConfig": check_resource,
    "ValidateDataSourceConfig": check_data,
    "UpgradeResourceState": upgrade,
    "ReadResource": read,
    "PlanResourceChange": plan,
    "ApplyResourceChange": apply,
    "ReadDataSource": read_data,
    "Stop": nothing,
}


def _wrong_values(block: Json, value: Json, path: list[str | int]) -> Iterator[tuple[list[str | int], str]]:
    for name, attribute in block["attributes"].items():
        given, possible = value.get(name), attribute.get("enum")
        for item in given if isinstance(given, list) else [given]:
            if possible and item not in ("", None, UNKNOWN, *possible):
                yield [*path, name], f"expected [{name}] to be one of {possible}, got [{item}]"
    for name, nested in block["block_types"].items():
        items = value.get(name)
        if isinstance(items, dict):
            yield from _wrong_values(nested["block"], items, [*path, name])
        for number, item in enumerate(items if isinstance(items, list) else []):
            if isinstance(item, dict):
                yield from _wrong_values(nested["block"], item, [*path, name, number])


def _diagnostic(path: list[str | int], words: str) -> Any:
    steps = [
        messages["Step"](**{"element_key_int" if isinstance(step, int) else "attribute_name": step})
        for step in path
    ]
    return messages["Diagnostic"](
        severity=ERROR, summary=words, attribute=messages["AttributePath"](steps=steps)
    )


def _of_provider(value: Json) -> Json:
    """The provider plans its own project where a resource names none."""
    wanted = "project" in value and value["project"] is None and _provider.get("project")
    return {"project": _provider["project"]} if wanted else {}


def _resource(name: str) -> Json:
    found: Json = provider_schema.load()["resource_schemas"][name]["block"]
    return found


def _data(name: str) -> Json:
    found: Json = provider_schema.load()["data_source_schemas"][name]["block"]
    return found


def _value(value: object) -> Any:
    return messages["DynamicValue"](msgpack=encode(value))


def _read(name: str, request: bytes) -> Any:
    return messages[name].FromString(request)


def _bytes(name: str, **fields: object) -> bytes:
    encoded: bytes = messages[name](**fields).SerializeToString()
    return encoded
