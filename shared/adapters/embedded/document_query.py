"""A `Query` as one SQL statement over the documents table, with the indexes it wants."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from shared.errors import InvalidInput
from shared.ports import Query

FIELD = re.compile(r"[A-Za-z_][A-Za-z0-9_]*(\.[A-Za-z_][A-Za-z0-9_]*)*")
COMPARISONS = {"==": "=", "<": "<", "<=": "<=", ">": ">", ">=": ">="}


@dataclass
class Statement:
    sql: str
    parameters: list[Any]
    indexes: list[str] = field(default_factory=list)


def compile_query(query: Query, encode: Callable[[Any], str]) -> Statement:
    """Raises `InvalidInput` for an unknown operator or an odd field name."""
    conditions, parameters = ["collection = ?"], [query.collection]
    for name, operator, value in query.where:
        conditions.append(_condition(name, operator, value, parameters, encode))
    for name, _ in _order(query):
        conditions.append(f"json_type(data, '{_path(name)}') IS NOT NULL")
    if query.start_after is not None:
        conditions.append(_after(query, parameters))
    order = [f"{_value(name)} {way}" for name, way in _order(query)]
    order.append(f"path {_order(query)[-1][1] if query.order_by else 'ASC'}")
    limit = f" LIMIT {int(query.limit)}" if query.limit is not None else ""
    sql = (
        f"SELECT path, data, version FROM documents WHERE {' AND '.join(conditions)} "
        f"ORDER BY {', '.join(order)}{limit}"
    )
    names = {name for name, operator, _ in query.where if operator != "array_contains"}
    return Statement(
        sql, parameters, [_index(name) for name in sorted(names | {n for n, _ in _order(query)})]
    )


def _condition(
    name: str, operator: str, value: Any, parameters: list[Any], encode: Callable[[Any], str]
) -> str:
    if operator == "in":
        parameters.extend(_parameter(item, encode) for item in value)
        return f"{_value(name)} IN ({','.join('?' * len(value))})"
    if operator == "array_contains":
        parameters.append(_parameter(value, encode))
        return f"EXISTS (SELECT 1 FROM json_each(data, '{_path(name)}') AS item WHERE item.value = ?)"
    if operator not in COMPARISONS:
        raise InvalidInput(f"unknown operator [{operator}] on field [{name}]")
    if value is None and operator == "==":
        return f"json_type(data, '{_path(name)}') = 'null'"
    parameters.append(_parameter(value, encode))
    # Firestore compares within one type only; SQLite would put every number below every text.
    kind = "text" if isinstance(value, str | datetime) else "number"
    check = "= 'text'" if kind == "text" else "IN ('integer', 'real')"
    guard = "" if operator == "==" else f"typeof({_value(name)}) {check} AND "
    return f"({guard}{_value(name)} {COMPARISONS[operator]} ?)"


def _after(query: Query, parameters: list[Any]) -> str:
    """Rows behind the last one of the page before, compared field by field, then by path."""
    last = f"{query.collection}/{query.start_after}"
    keys = [(f"({_value(name)})", _of_last(name), way) for name, way in _order(query)]
    keys.append(("path", "(?)", keys[-1][2] if keys else "ASC"))
    branches = []
    for position, (key, reference, way) in enumerate(keys):
        equal = [f"{k} = {r}" for k, r, _ in keys[:position]]
        branches.append(" AND ".join([*equal, f"{key} {'<' if way == 'DESC' else '>'} {reference}"]))
        parameters.extend([last] * (position + 1))
    return "(" + " OR ".join(f"({branch})" for branch in branches) + ")"


def _of_last(name: str) -> str:
    return f"(SELECT {_value(name)} FROM documents WHERE path = ?)"


def _order(query: Query) -> list[tuple[str, str]]:
    return [(n.removeprefix("-"), "DESC" if n.startswith("-") else "ASC") for n in query.order_by]


def _index(name: str) -> str:
    label = hashlib.sha256(name.encode()).hexdigest()[:12]
    return f"CREATE INDEX IF NOT EXISTS by_{label} ON documents (collection, {_value(name)}, path)"


def _value(name: str) -> str:
    return f"json_extract(data, '{_path(name)}')"


def _path(name: str) -> str:
    if not FIELD.fullmatch(name):
        raise InvalidInput(f"the field name [{name}] cannot be queried")
    return "$." + name


def _parameter(value: Any, encode: Callable[[Any], str]) -> Any:
    if isinstance(value, str | int | float):
        return value
    return encode(value) if not isinstance(value, list | dict) else json.dumps(value, separators=(",", ":"))
