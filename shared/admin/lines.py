"""Documents and rows as JSON Lines: one spelling for one content, so equal content is equal bytes.

A moment is `{"$time": "2026-11-20T09:00:00.000000+00:00"}`; a map of its own that has a key starting with
`$` is wrapped as `{"$map": {…}}`. A row's line is what BigQuery's load jobs take: NUMERIC, DATE and TIMESTAMP
as text, a JSON column as the JSON itself.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from itertools import groupby
from typing import Any

from shared.ports import Document, Row, Write
from shared.sql_catalogue import Table
from shared.warehouse_values import encode_rows

TIME, MAP = "$time", "$map"


def document_line(document: Document) -> bytes:
    return _line({"path": document.path, "data": _encoded(document.data)})


def read_document(line: bytes) -> Write:
    """The write that restores it. Raises `ValueError` for a line that is none."""
    read = json.loads(line)
    if not isinstance(read, dict) or read.keys() != {"path", "data"} or not isinstance(read["data"], dict):
        raise ValueError("is no document")
    return Write(str(read["path"]), _decoded(read["data"]))


def row_lines(table: Table, rows: Iterable[Row]) -> Iterator[bytes]:
    """Rows come in order of the natural key; those of one key are put in the order of their lines."""
    for _, same in groupby(rows, key=lambda row: [row[name] for name in table.natural_key]):
        yield from sorted(_row_line(table, row) for row in same)


def _row_line(table: Table, row: Row) -> bytes:
    (encoded,) = encode_rows(table, [row])
    parsed = {column.name: row[column.name] for column in table.columns if column.type == "JSON"}
    return _line({name: value for name, value in {**encoded, **parsed}.items() if value is not None})


def _line(value: Any) -> bytes:
    text = json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return text.encode() + b"\n"


def _encoded(value: Any) -> Any:
    if isinstance(value, datetime):
        return {TIME: value.astimezone(UTC).isoformat(timespec="microseconds")}
    if isinstance(value, Mapping):
        inner = {key: _encoded(one) for key, one in value.items()}
        return {MAP: inner} if any(key.startswith("$") for key in inner) else inner
    return [_encoded(one) for one in value] if isinstance(value, list | tuple) else value


def _decoded(value: Any) -> Any:
    if isinstance(value, list):
        return [_decoded(one) for one in value]
    if not isinstance(value, dict):
        return value
    if value.keys() == {TIME}:
        return datetime.fromisoformat(value[TIME])
    inner = value[MAP] if value.keys() == {MAP} else value
    return {key: _decoded(one) for key, one in inner.items()}
