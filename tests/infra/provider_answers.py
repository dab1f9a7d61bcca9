"""What a stand-in answers to each call of the plugin protocol: bytes of messages in and out.

It plans what the provider's schema allows and refuses what the real provider refuses while validating: a
value that is not one of an argument's possible values. Everything that lives in the cloud is made up.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Set
from typing import Any

from tests.infra import provider_schema
from tests.infra.dynamic_value import UNKNOWN, decode, encode, planned
from tests.infra.made_up import data_source, settled
from tests.infra.plugin_messages import ERROR, messages
from tests.infra.provider_limits import broken_limits
from tests.infra.schema_source import Json

Answer = Callable[[bytes], bytes]


class StandIn:
    """Provider google as one run of Terraform sees it, with the resource types its configuration names."""

    def __init__(self, types: Set[str]) -> None:
        self._types = types
        self._provider: Json = {}

    def calls(self) -> Mapping[str, Answer]:
        return {
            "GetSchema": self._get_schema,
            "PrepareProviderConfig": _prepare,
            "Configure": self._configure,
            "ValidateResourceTypeConfig": _check_resource,
            "ValidateDataSourceConfig": _check_data,
            "UpgradeResourceState": _upgrade,
            "ReadResource": _read_resource,
            "PlanResourceChange": self._plan,
            "ApplyResourceChange": _apply,
            "ReadDataSource": self._read_data,
            "Stop": lambda request: b"",
        }

    def _get_schema(self, request: bytes) -> bytes:
        return provider_schema.schema_message(self._types)

    def _configure(self, request: bytes) -> bytes:
        self._provider = decode(_read("Configure", request).config)
        return b""

    def _plan(self, request: bytes) -> bytes:
        asked = _read("Plan", request)
        proposed = decode(asked.proposed_new_state)
        if decode(asked.prior_state) is None:
            proposed = planned(_resource(asked.type_name), proposed | self._of_provider(proposed))
        return _bytes("Planned", planned_state=_value(proposed), legacy_type_system=True)

    def _read_data(self, request: bytes) -> bytes:
        asked = _read("Check", request)
        config = decode(asked.config)
        answer = data_source(asked.type_name, _data(asked.type_name), config | self._of_provider(config))
        return _bytes("Data", state=_value(answer))

    def _of_provider(self, value: Json) -> Json:
        """The provider plans its own project where a resource names none."""
        wanted = "project" in value and value["project"] is None and self._provider.get("project")
        return {"project": self._provider["project"]} if wanted else {}


def _prepare(request: bytes) -> bytes:
    return _bytes("Prepared", prepared_config=_read("Prepare", request).config)


def _check_resource(request: bytes) -> bytes:
    asked = _read("Check", request)
    value = decode(asked.config)
    block = _resource(asked.type_name)
    problems = [*_wrong_values(block, value, []), *broken_limits(asked.type_name, value)]
    return _bytes("Problems", diagnostics=[_diagnostic(path, words) for path, words in problems])


def _check_data(request: bytes) -> bytes:
    asked = _read("Check", request)
    problems = _wrong_values(_data(asked.type_name), decode(asked.config), [])
    return _bytes("Problems", diagnostics=[_diagnostic(path, words) for path, words in problems])


def _upgrade(request: bytes) -> bytes:
    state = json.loads(_read("Upgrade", request).raw_state.json)
    return _bytes("Upgraded", upgraded_state=_value(state))


def _read_resource(request: bytes) -> bytes:
    return _bytes("State", new_state=_read("Read", request).current_state)


def _apply(request: bytes) -> bytes:
    asked = _read("Apply", request)
    value = decode(asked.planned_state)
    made = settled(asked.type_name, _resource(asked.type_name), value) if value is not None else None
    return _bytes("Applied", new_state=_value(made), legacy_type_system=True)


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
