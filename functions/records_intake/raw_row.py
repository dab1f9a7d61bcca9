"""A row as it stands in the file, before anybody knows what it means."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class RawRow:
    """`values` by field of the record, or `problem` when the row cannot be read at all.

    `line` is the line the row begins on (CSV, NDJSON; a CSV header is line 1), in a JSON array its
    place, counted from 1.
    """

    line: int
    values: Mapping[str, Any] = field(default_factory=dict)
    problem: str = ""


Rows = Callable[[], Iterator[RawRow]]
"""Begins to read the file from its start each time; a file is read twice, once to see that it is whole."""
