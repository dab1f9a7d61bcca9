"""Values in GoogleSQL's own messages and back."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from zetasql.wasi._pb2.zetasql.public import value_pb2 as values

_EPOCH_DAY = date(1970, 1, 1)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_SCALE = 10**9


def to_message(kind: str, value: Any) -> Any:
    """`value` is encoded as the streaming API takes it; an unset message is NULL."""
    message = values.ValueProto()
    if kind.startswith("ARRAY<"):
        message.array_value.SetInParent()
        message.array_value.element.extend(to_message(kind[6:-1], one) for one in value)
    elif value is None:
        return message
    elif kind == "TIMESTAMP":
        since = datetime.fromisoformat(str(value)) - _EPOCH
        message.timestamp_value.seconds = since // timedelta(seconds=1)
        message.timestamp_value.nanos = since % timedelta(seconds=1) // timedelta(microseconds=1) * 1000
    elif kind == "DATE":
        message.date_value = (date.fromisoformat(str(value)) - _EPOCH_DAY).days
    elif kind == "NUMERIC":
        # Little-endian two's complement of the value times 10^9.
        scaled = int(Decimal(value).scaleb(9))
        message.numeric_value = scaled.to_bytes(16, "little", signed=True)
    else:
        fields = {"STRING": "string", "INT64": "int64", "FLOAT64": "double", "BOOL": "bool", "JSON": "json"}
        setattr(message, f"{fields[kind]}_value", value)
    return message


def from_message(message: Any) -> Any:
    field = message.WhichOneof("value")
    if field is None:
        return None
    value = getattr(message, field)
    if field == "array_value":
        return [from_message(one) for one in value.element]
    if field == "timestamp_value":
        return _EPOCH + timedelta(seconds=value.seconds, microseconds=value.nanos // 1000)
    if field == "date_value":
        return _EPOCH_DAY + timedelta(days=value)
    if field == "numeric_value":
        return Decimal(f"{int.from_bytes(value, 'little', signed=True)}E-9")
    return value
