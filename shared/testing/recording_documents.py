"""Watches what is asked of a store of documents, and by which lines: the source of Firestore's indexes."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from pathlib import Path
from types import FrameType
from typing import Any

from shared.adapters.document_rules import RANGES, ordering
from shared.deploy.firestore_shapes import TTL_FIELD, Shape
from shared.manifest import ROOT
from shared.ports import Document, Documents, Query, Watch, Write

SEEN_BELOW = ("functions", "shared")
NOT_BELOW = ("shared/adapters/", "shared/testing/")


@dataclass(frozen=True, order=True)
class Place:
    """One expression in a file relative to the root; lines from 1, columns from 0, as `ast` counts them."""

    file: str
    line: int
    column: int
    function: str = field(default="", compare=False)

    def __str__(self) -> str:
        return f"{self.file}:{self.line}"


@dataclass
class Seen:
    """`asked`: shape → the call stacks that asked it, innermost first; `made`: stacks that made a query;
    `kept`: collection → the kinds of value its documents have as their TTL field; `fields`: collection →
    top-level fields; `keepers`: collection → stacks that wrote to it."""

    asked: dict[Shape, set[tuple[Place, ...]]] = field(default_factory=dict)
    made: set[tuple[Place, ...]] = field(default_factory=set)
    kept: dict[str, set[str]] = field(default_factory=dict)
    fields: dict[str, set[str]] = field(default_factory=dict)

    def note_query(self, query: Query, stack: tuple[Place, ...]) -> None:
        self.asked.setdefault(shape_of(query), set()).add(stack)

    def note_write(self, write: Write) -> None:
        if write.data is None:
            return
        collection = _pattern(write.path.rpartition("/")[0])
        self.kept.setdefault(collection, set()).add(_kind(write.data.get(TTL_FIELD)))
        self.fields.setdefault(collection, set()).update(write.data)


@dataclass
class RecordingDocuments:
    """Any adapter, with everything the product asks of it noted; what tests ask themselves is not."""

    documents: Documents
    seen: Seen

    def get(self, path: str) -> Document | None:
        return self.documents.get(path)

    def get_many(self, paths: Sequence[str]) -> list[Document | None]:
        return self.documents.get_many(paths)

    def query(self, query: Query) -> list[Document]:
        if (stack := calling()) and is_of_product(stack):
            self.seen.note_query(query, stack)
        return self.documents.query(query)

    def commit(self, writes: Sequence[Write]) -> list[str]:
        if (stack := calling()) and is_of_product(stack):
            for write in writes:
                self.seen.note_write(write)
        return self.documents.commit(writes)

    def watch(self, path: str, on_change: Callable[[Document | None], None]) -> Watch:
        return self.documents.watch(path, on_change)

    def __getattr__(self, name: str) -> Any:
        """What an adapter has besides the port, such as `close`."""
        return getattr(self.documents, name)


def shape_of(query: Query) -> Shape:
    """The query without its values."""
    order, is_descending = ordering(query)
    by_operator: dict[str, set[str]] = {}
    for name, operator, _ in query.where:
        by_operator.setdefault("range" if operator in RANGES else operator, set()).add(name)

    def names(operator: str) -> tuple[str, ...]:
        return tuple(sorted(by_operator.get(operator, ())))

    return Shape(
        collection=_pattern(query.collection),
        equal=names("=="),
        one_of=names("in"),
        contains=names("array_contains"),
        ranges=names("range"),
        order=order,
        is_descending=is_descending,
    )


def calling(depth: int = 2) -> tuple[Place, ...]:
    """The product's own expressions that are being evaluated, innermost first."""
    return tuple(_places(sys._getframe(depth)))


TENANTS_PORTS = frozenset({"shared/platform.py", "shared/tenant_ports.py"})


def is_of_product(stack: Sequence[Place]) -> bool:
    """The ports bound to a tenant are everybody's, a test's too."""
    return any(place.file not in TENANTS_PORTS for place in stack)


def _places(frame: FrameType | None) -> Iterator[Place]:
    while frame is not None:
        file = _relative(frame.f_code.co_filename)
        if file:
            yield _place(frame, file)
        frame = frame.f_back


def _place(frame: FrameType, file: str) -> Place:
    # One entry an instruction, which is two bytes.
    line, _, column, _ = next(islice(frame.f_code.co_positions(), frame.f_lasti // 2, None))
    return Place(file, line or frame.f_lineno, column or 0, frame.f_code.co_name)


_known: dict[str, str] = {}


def _relative(file: str) -> str:
    """Empty for what is not the product's own."""
    if file not in _known:
        path = Path(file)
        inside = path.relative_to(ROOT).as_posix() if path.is_relative_to(ROOT) else ""
        is_ours = inside.split("/")[0] in SEEN_BELOW and not inside.startswith(NOT_BELOW)
        _known[file] = inside if is_ours else ""
    return _known[file]


def _pattern(collection: str) -> str:
    """`tenants/autohaus/effects` as `tenants/*/effects`."""
    return "/".join("*" if index % 2 else part for index, part in enumerate(collection.split("/")))


def _kind(value: Any) -> str:
    return "time" if isinstance(value, datetime) else "none" if value is None else type(value).__name__
