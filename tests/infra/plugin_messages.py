"""The messages of Terraform's plugin protocol, version 5: the parts this stand-in speaks.

Written as one small table and turned into protobuf classes here, so no generated file and no compiler of
protocol files is needed. Field numbers are the protocol's; fields left out arrive as unknown and are ignored.
"""

from __future__ import annotations

from typing import Any

from google.protobuf import descriptor_pb2, descriptor_pool, message_factory

PACKAGE = "tfplugin5"
MESSAGES = """
DynamicValue: bytes msgpack=1, bytes json=2
Step: string attribute_name=1, string element_key_string=2, int64 element_key_int=3
AttributePath: Step* steps=1
Diagnostic: int32 severity=1, string summary=2, string detail=3, AttributePath attribute=4
RawState: bytes json=1
Attribute: string name=1, bytes type=2, bool required=4, bool optional=5, bool computed=6, bool deprecated=9
NestedBlock: string type_name=1, Block block=2, int32 nesting=3, int64 min_items=4, int64 max_items=5
Block: int64 version=1, Attribute* attributes=2, NestedBlock* block_types=3
Schema: int64 version=1, Block block=2
Named: string key=1, Schema value=2
Schemas: Schema provider=1, Named* resource_schemas=2, Named* data_source_schemas=3
Empty:
Problems: Diagnostic* diagnostics=1
Prepare: DynamicValue config=1
Prepared: DynamicValue prepared_config=1, Diagnostic* diagnostics=2
Configure: string terraform_version=1, DynamicValue config=2
Check: string type_name=1, DynamicValue config=2
Upgrade: string type_name=1, int64 version=2, RawState raw_state=3
Upgraded: DynamicValue upgraded_state=1, Diagnostic* diagnostics=2
Read: string type_name=1, DynamicValue current_state=2
State: DynamicValue new_state=1, Diagnostic* diagnostics=2
Plan: string type_name=1, DynamicValue prior_state=2, DynamicValue proposed_new_state=3, DynamicValue config=4
Planned: DynamicValue planned_state=1, Diagnostic* diagnostics=4, bool legacy_type_system=5
Apply: string type_name=1, DynamicValue prior_state=2, DynamicValue planned_state=3, DynamicValue config=4
Applied: DynamicValue new_state=1, Diagnostic* diagnostics=3, bool legacy_type_system=4
Data: DynamicValue state=1, Diagnostic* diagnostics=2
Health: int32 status=1
"""
SCALARS = {
    "bytes": descriptor_pb2.FieldDescriptorProto.TYPE_BYTES,
    "string": descriptor_pb2.FieldDescriptorProto.TYPE_STRING,
    "int32": descriptor_pb2.FieldDescriptorProto.TYPE_INT32,
    "int64": descriptor_pb2.FieldDescriptorProto.TYPE_INT64,
    "bool": descriptor_pb2.FieldDescriptorProto.TYPE_BOOL,
}
ERROR, WARNING = 1, 2
NESTING = {"single": 1, "list": 2, "set": 3}
SERVING = 1


def _field(words: str) -> descriptor_pb2.FieldDescriptorProto:
    kind, _, rest = words.strip().partition(" ")
    name, _, number = rest.partition("=")
    repeated, kind = kind.endswith("*"), kind.rstrip("*")
    labels = descriptor_pb2.FieldDescriptorProto
    found = descriptor_pb2.FieldDescriptorProto(
        name=name, number=int(number), label=labels.LABEL_REPEATED if repeated else labels.LABEL_OPTIONAL
    )
    if kind in SCALARS:
        found.type = SCALARS[kind]
    else:
        found.type, found.type_name = descriptor_pb2.FieldDescriptorProto.TYPE_MESSAGE, f".{PACKAGE}.{kind}"
    return found


def _classes() -> dict[str, Any]:
    file = descriptor_pb2.FileDescriptorProto(name="plugin.proto", package=PACKAGE, syntax="proto3")
    for line in MESSAGES.strip().splitlines():
        name, _, fields = line.partition(":")
        file.message_type.add(
            name=name, field=[_field(words) for words in fields.split(",") if words.strip()]
        )
    pool = descriptor_pool.DescriptorPool()
    pool.Add(file)
    found = {
        message.name: pool.FindMessageTypeByName(f"{PACKAGE}.{message.name}") for message in file.message_type
    }
    return {name: message_factory.GetMessageClass(descriptor) for name, descriptor in found.items()}


messages: dict[str, Any] = _classes()
"""Class by name. A map field of the protocol is a list of `Named` (that is how a map travels)."""
