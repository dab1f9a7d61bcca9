"""Documents to and from Firestore's protobuf, on the plain messages: the wrappers cost ten times as much."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from google.cloud.firestore_v1.types import Value as _Value
from google.protobuf.struct_pb2 import NULL_VALUE
from google.protobuf.timestamp_pb2 import Timestamp

ValuePb = _Value.pb()

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_PLAIN_NAME = re.compile(r"[A-Za-z_][A-Za-z_0-9]*\Z")


def fill(fields: Any, data: Mapping[str, Any]) -> None:
    """Writes `data` into a protobuf map of values."""
    for key, value in data.items():
        _put(fields[key], value)


def encoded(value: Any) -> Any:
    message = ValuePb()
    _put(message, value)
    return message


def decoded(fields: Any) -> dict[str, Any]:
    return {key: _value(value) for key, value in fields.items()}


def timestamp(moment: datetime) -> Timestamp:
    microseconds = (moment - _EPOCH) // timedelta(microseconds=1)
    seconds, rest = divmod(microseconds, 1_000_000)
    return Timestamp(seconds=seconds, nanos=rest * 1_000)


def moment(stamp: Timestamp) -> datetime:
    return _EPOCH + timedelta(seconds=stamp.seconds, microseconds=stamp.nanos // 1_000)


def version(stamp: Timestamp) -> str:
    """The update time with every nanosecond: a shortened one would never match again."""
    return f"{stamp.seconds}.{stamp.nanos:09d}"


def update_time(version: str) -> Timestamp:
    seconds, nanos = version.split(".")
    return Timestamp(seconds=int(seconds), nanos=int(nanos))


def field_path(name: str) -> str:
    """A dotted path with every odd segment quoted, as Firestore's query language wants it."""
    return ".".join(map(_quoted, name.split(".")))


def _quoted(segment: str) -> str:
    if _PLAIN_NAME.match(segment):
        return segment
    return "`" + segment.replace("\\", "\\\\").replace("`", "\\`") + "`"


def _put(message: Any, value: Any) -> None:
    if value is None:
        message.null_value = NULL_VALUE
    elif isinstance(value, bool):  # before int: bool is one
        message.boolean_value = value
    elif isinstance(value, int):
        message.integer_value = value
    elif isinstance(value, float):
        message.double_value = value
    elif isinstance(value, str):
        message.string_value = value
    elif isinstance(value, datetime):
        message.timestamp_value.CopyFrom(timestamp(value))
    elif isinstance(value, Mapping):
        message.map_value.SetInParent()
        fill(message.map_value.fields, value)
    else:
        message.array_value.SetInParent()
        for item in value:
            _put(message.array_value.values.add(), item)


def _value(message: Any) -> Any:
    kind = message.WhichOneof("value_type")
    if kind == "null_value":
        return None
    if kind == "timestamp_value":
        return moment(message.timestamp_value)
    if kind == "map_value":
        return decoded(message.map_value.fields)
    if kind == "array_value":
        return [_value(item) for item in message.array_value.values]
    return getattr(message, kind)
