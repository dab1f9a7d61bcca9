"""A port's query as Firestore's structured query."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from google.cloud.firestore_v1.types import StructuredQuery

from shared.adapters.document_rules import ordering
from shared.adapters.google.firestore_values import encoded, field_path
from shared.ports import Document, Query

_Pb = StructuredQuery.pb()
_NAME = "__name__"
_OPERATORS = {
    "==": StructuredQuery.FieldFilter.Operator.EQUAL,
    "<": StructuredQuery.FieldFilter.Operator.LESS_THAN,
    "<=": StructuredQuery.FieldFilter.Operator.LESS_THAN_OR_EQUAL,
    ">": StructuredQuery.FieldFilter.Operator.GREATER_THAN,
    ">=": StructuredQuery.FieldFilter.Operator.GREATER_THAN_OR_EQUAL,
    "in": StructuredQuery.FieldFilter.Operator.IN,
    "array_contains": StructuredQuery.FieldFilter.Operator.ARRAY_CONTAINS,
}


def structured_query(query: Query, *, collection: str, start_after: Document | None, root: str) -> Any:
    """`root` is the name every document starts with; `start_after` needs the ordered fields' values."""
    message = _Pb()
    message.from_.add(collection_id=collection)
    for condition in query.where:
        _add_condition(message, *condition)
    fields, ids_descending = ordering(query)
    for name, descending in (*fields, (_NAME, ids_descending)):
        _add_order(message, name, descending)
    if query.limit is not None:
        message.limit.value = query.limit
    if start_after is not None:
        _start_after(message, start_after, [name for name, _ in fields], root)
    return message


def _add_condition(message: Any, name: str, operator: str, value: Any) -> None:
    message.where.composite_filter.op = StructuredQuery.CompositeFilter.Operator.AND
    added = message.where.composite_filter.filters.add()
    if value is None:
        added.unary_filter.field.field_path = field_path(name)
        added.unary_filter.op = StructuredQuery.UnaryFilter.Operator.IS_NULL
        return
    added.field_filter.field.field_path = field_path(name)
    added.field_filter.op = _OPERATORS[operator]
    added.field_filter.value.CopyFrom(encoded(list(value) if operator == "in" else value))


def _add_order(message: Any, name: str, descending: bool) -> None:
    direction = StructuredQuery.Direction.DESCENDING if descending else StructuredQuery.Direction.ASCENDING
    order = message.order_by.add(direction=direction)
    order.field.field_path = name if name == _NAME else field_path(name)


def _start_after(message: Any, document: Document, names: list[str], root: str) -> None:
    message.start_at.before = False
    for name in names:
        message.start_at.values.append(encoded(_at(document.data, name)))
    message.start_at.values.add(reference_value=root + document.path)


def _at(data: Mapping[str, Any], name: str) -> Any:
    value: Any = data
    for segment in name.split("."):
        value = value[segment] if isinstance(value, Mapping) and segment in value else None
    return value
