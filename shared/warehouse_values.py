"""Values on their way into and out of the warehouse, the same for every adapter.

Rows go in as JSON scalars in the form BigQuery's streaming API and its Pub/Sub subscriptions take:
NUMERIC, DATE and TIMESTAMP as text, a JSON column as JSON text. Each may also arrive in that form, since a
row that travelled on a topic does.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, date, datetime
from decimal import ROUND_HALF_UP, Context, Decimal, InvalidOperation
from functools import partial
from typing import Any

from shared.errors import FieldError, InvalidInput, Misconfigured
from shared.sql_catalogue import Column, NamedQuery, Table
from shared.sql_catalogue import Parameter as Declared

_INT64 = range(-(2**63), 2**63)
# GoogleSQL NUMERIC: 29 digits before the point, 9 after it.
_NUMERIC_LIMIT = Decimal(10) ** 29
# Python's default context rounds to 28 digits; a NUMERIC may have 38.
_WIDE = Context(prec=60, rounding=ROUND_HALF_UP)
_NUMERIC_STEP = Decimal("1e-9")


def encode_rows(table: Table, rows: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The rows as JSON scalars by column. Raises `InvalidInput` naming row and column of the first misfit."""
    encoders = [(column.name, _ENCODERS[column.type], column.mode == "REQUIRED") for column in table.columns]
    known = table.by_name.keys()
    return [_encoded(table, number, row, encoders, known) for number, row in enumerate(rows)]


def _encoded(
    table: Table,
    number: int,
    row: Mapping[str, Any],
    encoders: Sequence[tuple[str, Callable[[Any], Any], bool]],
    known: Any,
) -> dict[str, Any]:
    if not row.keys() <= known:
        name = sorted(row.keys() - known)[0]
        raise _misfit(table.full_name, number, name, "is not a column of the table")
    encoded: dict[str, Any] = {}
    for name, encode, is_required in encoders:
        value = row.get(name)
        if value is not None:
            try:
                encoded[name] = encode(value)
            except (ValueError, TypeError, InvalidOperation) as error:
                raise _misfit(table.full_name, number, name, f"[{str(value)[:80]}] {error}") from error
        elif is_required:
            raise _misfit(table.full_name, number, name, "is required")
        else:
            encoded[name] = None
    return encoded


def _misfit(table: str, number: int, column: str, message: str) -> InvalidInput:
    text = f"Row [{number}] does not fit table [{table}]: column [{column}] {message}."
    return InvalidInput(text, errors=(FieldError(column, message),))


def bind(query: NamedQuery, given: Mapping[str, Any]) -> dict[str, Any]:
    """Every declared parameter in its own type; a nullable one left out is None, a list empty.

    Raises `InvalidInput` for a missing, unknown or unfit parameter.
    """
    declared = {parameter.name: parameter for parameter in query.parameters}
    if unknown := sorted(given.keys() - declared.keys()):
        raise _unfit(query, unknown[0], f"is unknown; the query takes {sorted(declared)}")
    return {name: _bound(query, parameter, given) for name, parameter in declared.items()}


def _bound(query: NamedQuery, parameter: Declared, given: Mapping[str, Any]) -> Any:
    value = given.get(parameter.name)
    if value is None:
        if parameter.nullable:
            # BigQuery knows no NULL array as a parameter; it would arrive empty.
            return [] if parameter.type == "ARRAY<STRING>" else None
        raise _unfit(query, parameter.name, "is missing")
    try:
        return _PARAMETERS[parameter.type](value)
    except (ValueError, TypeError, InvalidOperation) as error:
        raise _unfit(query, parameter.name, f"[{str(value)[:80]}] {error}") from error


def _unfit(query: NamedQuery, name: str, message: str) -> InvalidInput:
    text = f"Parameter [{name}] of query [{query.name}] {message}."
    return InvalidInput(text, errors=(FieldError(name, message),))


def decode_rows(
    query: NamedQuery, names: Sequence[str], rows: Iterable[Sequence[Any]]
) -> list[dict[str, Any]]:
    """An engine's rows in the types the query declares."""
    if list(names) != [column.name for column in query.result]:
        declared = [column.name for column in query.result]
        raise Misconfigured(f"Query [{query.name}] gives columns {list(names)} but declares {declared}.")
    decoders = [(column.name, _decoder(column)) for column in query.result]
    return [
        {name: decode(value) for (name, decode), value in zip(decoders, row, strict=True)} for row in rows
    ]


def _decoder(column: Column) -> Callable[[Any], Any]:
    decode = _DECODERS.get(column.type, _same)
    if column.type == "NUMERIC":
        decode = partial(_plain, column.name)
    if column.mode == "REPEATED":
        return lambda values: [decode(value) for value in values or ()]
    return lambda value: None if value is None else decode(value)


def _same(value: Any) -> Any:
    return value


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError("is not text")
    return value


def _integer(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or value not in _INT64:
        raise TypeError("is not a 64-bit whole number")
    return value


def _float(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not math.isfinite(value):
        raise TypeError("is not a finite number")
    return float(value)


def _boolean(value: Any) -> bool:
    if not isinstance(value, bool):
        raise TypeError("is not true or false")
    return value


def _numeric(value: Any) -> Decimal:
    if isinstance(value, (bool, float)) or not isinstance(value, (int, str, Decimal)):
        raise TypeError("is not an exact decimal; give a Decimal or its text")
    try:
        number = Decimal(value)
    except InvalidOperation as error:
        raise ValueError("is not a decimal number") from error
    if not number.is_finite() or number.copy_abs() >= _NUMERIC_LIMIT:
        raise ValueError("has more than 29 digits before the point")
    if int(_WIDE.normalize(number).as_tuple().exponent) < -9:
        raise ValueError("has more than 9 digits after the point")
    return number


def _date(value: Any) -> date:
    if isinstance(value, datetime) or not isinstance(value, (date, str)):
        raise TypeError("is not a date")
    if isinstance(value, str):
        if len(value) != 10:
            raise ValueError("is not a date like 2026-01-31")
        return date.fromisoformat(value)
    return value


def _instant(value: Any) -> datetime:
    if isinstance(value, str):
        value = datetime.fromisoformat(value)
    if not isinstance(value, datetime) or value.tzinfo is None:
        raise TypeError("is not an instant with a time zone")
    return value.astimezone(UTC)


def _json_text(value: Any) -> str:
    if isinstance(value, str):
        json.loads(value, parse_constant=_no_constant)
        return value
    return json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"))


def _no_constant(text: str) -> Any:
    raise ValueError(f"holds {text}, which is not JSON")


def _texts(value: Any) -> list[str]:
    if isinstance(value, str):
        raise TypeError("is one text, not a list of them")
    return [_text(one) for one in value]


def _plain(column: str, value: Any) -> Decimal:
    """Without trailing zeros and exponent, so a figure reads the same from every engine."""
    if isinstance(value, float):
        raise Misconfigured(
            f"Column [{column}] is declared NUMERIC, the engine gives a float: cast it in SQL."
        )
    number = _WIDE.normalize(Decimal(value))
    if int(number.as_tuple().exponent) < -9:
        # A product has more digits in DuckDB; BigQuery rounds it half away from zero.
        number = _WIDE.normalize(_WIDE.quantize(number, _NUMERIC_STEP))
    return _WIDE.quantize(number, Decimal(1)) if int(number.as_tuple().exponent) > 0 else number


def _utc(value: datetime) -> datetime:
    return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def _day(value: date) -> date:
    return value.date() if isinstance(value, datetime) else value


def _parsed(value: Any) -> Any:
    return json.loads(value) if isinstance(value, str) else value


_PARAMETERS: dict[str, Callable[[Any], Any]] = {
    "STRING": _text,
    "INT64": _integer,
    "FLOAT64": _float,
    "NUMERIC": _numeric,
    "BOOL": _boolean,
    "DATE": _date,
    "TIMESTAMP": _instant,
    "ARRAY<STRING>": _texts,
}
_ENCODERS: dict[str, Callable[[Any], Any]] = {
    **_PARAMETERS,
    "NUMERIC": lambda value: format(_numeric(value), "f"),
    "DATE": lambda value: _date(value).isoformat(),
    "TIMESTAMP": lambda value: _instant(value).isoformat(),
    "JSON": _json_text,
}
_DECODERS: dict[str, Callable[[Any], Any]] = {
    "FLOAT64": float,
    "DATE": _day,
    "TIMESTAMP": _utc,
    "JSON": _parsed,
}
