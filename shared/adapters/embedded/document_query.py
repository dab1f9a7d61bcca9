"""A `Query` as one SQL statement over the documents table, with the indexes it wants."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from shared.adapters.document_rules import ordering
from shared.adapters.embedded.document_arrays import candidates
from shared.ports import Document, Query

COMPARISONS = {"==": "=", "<": "<", "<=": "<=", ">": ">", ">=": ">="}

Encode = Callable[[Any], str]


@dataclass
class Statement:
    sql: str
    parameters: list[Any]
    indexes: list[str] = field(default_factory=list)
    arrays: list[str] = field(default_factory=list)
    """Fields whose members are asked for."""


def compile_query(query: Query, encode: Encode, last: Document | None) -> Statement:
    """For a query that `check_query` let through; `last` is the document its page starts after."""
    conditions, parameters = ["collection = ?"], [query.collection]
    for name, operator, value in query.where:
        if operator == "array_contains":
            conditions.append(candidates(name))
            parameters += [query.collection, _parameter(value, encode)]
        conditions.append(_condition(name, operator, value, parameters, encode))
    fields, ids_descending = ordering(query)
    conditions += [f"json_type(data, '{_path(name)}') IS NOT NULL" for name, _ in fields]
    if last is not None:
        conditions.append(_after(query, last, parameters, encode))
    order = [f"{_value(name)} {_way(descending)}" for name, descending in fields]
    order.append(f"path {_way(ids_descending)}")
    limit = f" LIMIT {query.limit}" if query.limit is not None else ""
    sql = (
        f"SELECT path, data, version FROM documents WHERE {' AND '.join(conditions)} "
        f"ORDER BY {', '.join(order)}{limit}"
    )
    names = {name for name, operator, _ in query.where if operator != "array_contains"}
    names |= {name for name, _ in fields}
    arrays = [name for name, operator, _ in query.where if operator == "array_contains"]
    return Statement(sql, parameters, [_index(name) for name in sorted(names)], arrays)


def _condition(name: str, operator: str, value: Any, parameters: list[Any], encode: Encode) -> str:
    kind = f"json_type(data, '{_path(name)}')"
    if value is None and operator == "==":
        return f"{kind} = 'null'"
    if operator == "in":
        return _one_of(_value(name), kind, list(value), parameters, encode)
    parameters.append(_parameter(value, encode))
    if operator == "array_contains":
        return (
            f"({kind} = 'array' AND EXISTS (SELECT 1 FROM json_each(data, '{_path(name)}') AS item "
            f"WHERE item.value = ? AND item.type {_types(value)}))"
        )
    return f"({_value(name)} {COMPARISONS[operator]} ? AND {kind} {_types(value)})"


def _one_of(key: str, kind: str, values: list[Any], parameters: list[Any], encode: Encode) -> str:
    parameters.extend(_parameter(value, encode) for value in values)
    marks = ",".join("?" * len(values))
    strict = " OR ".join(f"({key} = ? AND {kind} {_types(value)})" for value in values)
    parameters.extend(_parameter(value, encode) for value in values)
    return f"({key} IN ({marks}) AND ({strict}))"  # the first half is what the index serves


def _types(value: Any) -> str:
    """Firestore compares within one type only; SQLite would let true be 1 and a text be a moment."""
    if isinstance(value, bool):
        return f"= '{'true' if value else 'false'}'"
    if isinstance(value, str):
        return "= 'text'"
    return "= 'object'" if isinstance(value, datetime) else "IN ('integer', 'real')"


def _after(query: Query, last: Document, parameters: list[Any], encode: Encode) -> str:
    """Rows behind `last`, compared field by field, then by path; null comes before everything."""
    fields, ids_descending = ordering(query)
    keys = [(_value(n), _parameter(_at(last.data, n), encode), descending) for n, descending in fields]
    keys.append(("path", last.path, ids_descending))
    branches = []
    for position, (key, value, descending) in enumerate(keys):
        equal = [f"{k} IS ?" for k, _, _ in keys[:position]]
        parameters.extend(v for _, v, _ in keys[:position])
        branches.append(" AND ".join([*equal, _beyond(key, value, descending, parameters)]))
    return "(" + " OR ".join(f"({branch})" for branch in branches) + ")"


def _beyond(key: str, value: Any, descending: bool, parameters: list[Any]) -> str:
    if value is None:
        return "0" if descending else f"{key} IS NOT NULL"
    parameters.append(value)
    return f"({key} < ? OR {key} IS NULL)" if descending else f"{key} > ?"


def _at(data: Mapping[str, Any], name: str) -> Any:
    value: Any = data
    for segment in name.split("."):
        value = value.get(segment) if isinstance(value, Mapping) else None
    return value


def _way(descending: bool) -> str:
    return "DESC" if descending else "ASC"


def _index(name: str) -> str:
    label = hashlib.sha256(name.encode()).hexdigest()[:12]
    return f"CREATE INDEX IF NOT EXISTS by_{label} ON documents (collection, {_value(name)}, path)"


def _value(name: str) -> str:
    return f"json_extract(data, '{_path(name)}')"


def _path(name: str) -> str:
    return "$." + name


def _parameter(value: Any, encode: Encode) -> Any:
    return value if value is None or isinstance(value, str | int | float) else encode(value)
