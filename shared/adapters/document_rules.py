"""What a document, its path and a query may look like: the same for every store.

The limits are Firestore's, checked before the store sees anything, so that what works on a laptop works in
the cloud. Source of the size formula: cloud.google.com/firestore/docs/storage-size.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from shared.errors import FieldError, InvalidInput
from shared.ports import Query, Write
from shared.vector_records import is_vector

MAX_DOCUMENT_BYTES = 1_048_576
MAX_COMMIT_BYTES = 10 * 1_048_576
MAX_NAME_BYTES = 1_500
MAX_DEPTH = 20
MAX_ALTERNATIVES = 30
RANGES = frozenset({"<", "<=", ">", ">="})
OPERATORS = RANGES | {"==", "in", "array_contains"}

FIELD = re.compile(r"[A-Za-z_][A-Za-z0-9_]*(\.[A-Za-z_][A-Za-z0-9_]*)*")
"""Fields a query names are plain; a dot leads into a nested map. Stored names may be anything."""

_SCALAR_BYTES: dict[type, int] = {type(None): 1, bool: 1, int: 8, float: 8, datetime: 8}


def check_writes(writes: Sequence[Write]) -> None:
    """Raises `InvalidInput` naming the path, the field and the way out. A path is written once a commit."""
    seen: set[str] = set()
    size = 0
    for write in writes:
        check_path(write.path)
        if write.path in seen:
            raise InvalidInput(f"Path [{write.path}] is written twice in one commit; merge the two writes")
        seen.add(write.path)
        if write.data is not None:
            size += check_document(write.path, write.data)
    if size > MAX_COMMIT_BYTES:
        raise InvalidInput(
            f"The commit of [{len(seen)}] documents has [{size}] bytes, over the limit of "
            f"[{MAX_COMMIT_BYTES}]; commit them in several parts"
        )


def check_path(path: str) -> None:
    segments = path.split("/")
    if len(segments) % 2 or not all(map(_is_name, segments)):
        raise InvalidInput(f"Path [{path}] is not collection/id[/collection/id…] of plain, non-empty names")


def check_document(path: str, data: Mapping[str, Any]) -> int:
    """The document's size in bytes."""
    size = sum(_text_bytes(part, path) for part in path.split("/")) + 16 + 32 + _map_bytes(data, path, 1)
    if size > MAX_DOCUMENT_BYTES:
        raise InvalidInput(
            f"Document [{path}] has [{size}] bytes, over the limit of [{MAX_DOCUMENT_BYTES}]; "
            "keep long content in a blob and its key in the document"
        )
    return size


def check_query(query: Query) -> None:
    if len(query.collection.split("/")) % 2 == 0 or not all(map(_is_name, query.collection.split("/"))):
        raise InvalidInput(f"Collection [{query.collection}] is not collection[/id/collection…]")
    if query.limit is not None and query.limit < 1:
        raise InvalidInput(f"Query limit [{query.limit}] is below 1; leave it out for no limit")
    for name in [*(name for name, _, _ in query.where), *(n.removeprefix("-") for n in query.order_by)]:
        if not FIELD.fullmatch(name):
            raise InvalidInput(f"Field [{name}] cannot be queried: letters, digits, _ and dots only")
    for name, operator, value in query.where:
        _check_condition(name, operator, value)


def ordering(query: Query) -> tuple[tuple[tuple[str, bool], ...], bool]:
    """`(((field, descending), …), ids_descending)`: the complete order of a query's answer.

    Fields compared by range follow those asked for, by name; ties go by document id in the direction of
    the last field. This is the order a store's index has anyway, so no further index is needed.
    """
    asked = [(name.removeprefix("-"), name.startswith("-")) for name in query.order_by]
    last = asked[-1][1] if asked else False
    ranged = sorted({name for name, operator, _ in query.where if operator in RANGES})
    rest = [(name, last) for name in ranged if name not in {field for field, _ in asked}]
    return (*asked, *rest), last


def _check_condition(name: str, operator: str, value: Any) -> None:
    if operator not in OPERATORS:
        raise InvalidInput(f"Operator [{operator}] on field [{name}] is none of {sorted(OPERATORS)}")
    values = list(value) if operator == "in" else [value]
    if len(values) > MAX_ALTERNATIVES:
        raise InvalidInput(f"Field [{name}] `in` [{len(values)}] values; at most [{MAX_ALTERNATIVES}]")
    for one in values:
        _value_bytes(one, name, MAX_DEPTH)
        if isinstance(one, list | tuple | Mapping) or (one is None and operator != "=="):
            raise InvalidInput(f"Field [{name}] cannot be compared by [{operator}] with [{one!r}]")


def _is_name(segment: str) -> bool:
    reserved = segment in {"", ".", ".."} or (segment.startswith("__") and segment.endswith("__"))
    return not reserved and len(segment.encode("utf-8", "surrogatepass")) <= MAX_NAME_BYTES


def _map_bytes(data: Mapping[str, Any], where: str, depth: int) -> int:
    if depth > MAX_DEPTH:
        raise _wrong(where, f"nested deeper than [{MAX_DEPTH}] levels")
    total = 0
    for key, value in data.items():
        if not isinstance(key, str) or not _is_name(key):
            raise _wrong(where, f"has the field name [{key!r}]: empty, reserved, too long or no string")
        total += _text_bytes(key, where) + _value_bytes(value, f"{where}.{key}", depth)
    return total


def _vector_bytes(value: Mapping[str, Any]) -> int:
    """A vector of Firestore's, which a restored export holds."""
    return sum(len(name) + 1 for name in value) + len(str(value["__type__"])) + 1 + 8 * len(value["value"])


def _value_bytes(value: Any, where: str, depth: int) -> int:
    if isinstance(value, str):
        return _text_bytes(value, where)
    if isinstance(value, Mapping):
        return _vector_bytes(value) if is_vector(value) else _map_bytes(value, where, depth + 1)
    if isinstance(value, list | tuple):
        if any(isinstance(item, list | tuple) for item in value):
            raise _wrong(where, "is a list directly inside a list; wrap the inner one in a map")
        return sum(_value_bytes(item, f"{where}[{index}]", depth) for index, item in enumerate(value))
    _check_scalar(value, where)
    return _SCALAR_BYTES[type(value)]


def _check_scalar(value: Any, where: str) -> None:
    if type(value) not in _SCALAR_BYTES:
        raise _wrong(where, f"has the type [{type(value).__name__}]; JSON types and datetime are stored")
    if isinstance(value, datetime) and value.utcoffset() is None:
        raise _wrong(where, f"is the datetime [{value}] without a timezone; use UTC")
    if isinstance(value, float) and not math.isfinite(value):
        raise _wrong(where, f"is [{value}]; only finite numbers are stored")
    if isinstance(value, int) and not -(2**63) <= value < 2**63:
        raise _wrong(where, f"is [{value}], beyond 64 bits; store it as a string")


def _text_bytes(text: str, where: str) -> int:
    try:
        return len(text.encode()) + 1
    except UnicodeEncodeError as error:
        raise _wrong(where, "is not valid Unicode text") from error


def _wrong(where: str, problem: str) -> InvalidInput:
    message = f"Value at [{where}] {problem}"
    return InvalidInput(message, errors=(FieldError(where, problem),))
