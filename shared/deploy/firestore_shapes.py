"""What the code asks Firestore and what it keeps there, as `tests.firestore.record` saw it.

Firestore answers a query only by an index, so the indexes follow from the queries. Those are built at many
places and of many parts; they are written down by watching them (`make record`), and a test watches again.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

RECORDED = Path(__file__).with_name("firestore_recorded.json")

TTL_FIELD = "expires_at"
"""The top-level field that says when Firestore may delete a document. Its time has no other meaning."""

Carries = Literal["always", "never", "sometimes"]


@dataclass(frozen=True, order=True)
class Shape:
    """A query without its values. `collection` is a path with `*` for ids, e.g. `tenants/*/effects`.

    `order` is the complete order of the answer but for the ids, `(field, is_descending)` each; a field
    compared by range is in it. Ties go by id, in the direction of the last field, `is_descending`.
    """

    collection: str
    equal: tuple[str, ...] = ()
    one_of: tuple[str, ...] = ()
    contains: tuple[str, ...] = ()
    ranges: tuple[str, ...] = ()
    order: tuple[tuple[str, bool], ...] = ()
    is_descending: bool = False

    @property
    def collection_id(self) -> str:
        return self.collection.rpartition("/")[2]

    @property
    def fields(self) -> frozenset[str]:
        return frozenset({*self.equal, *self.one_of, *self.contains, *(name for name, _ in self.order)})

    def __str__(self) -> str:
        parts = [
            *(f"{name} ==" for name in self.equal),
            *(f"{name} in" for name in self.one_of),
            *(f"{name} contains" for name in self.contains),
            *(f"{name} range" for name in self.ranges),
            *(f"by {name}{' descending' if is_down else ''}" for name, is_down in self.order),
        ]
        return f"{self.collection} ({', '.join(parts) or 'all'})"


@dataclass(frozen=True)
class Recorded:
    """`queries`: shape → files that ask it; `collections`: path → whether its documents carry a TTL field."""

    queries: Mapping[Shape, tuple[str, ...]]
    collections: Mapping[str, Carries]


@lru_cache(maxsize=2)
def recorded(path: Path = RECORDED) -> Recorded:
    """What is written down."""
    data = json.loads(path.read_text(encoding="utf-8"))
    queries = {_shape(entry): tuple(entry["asked_by"]) for entry in data["queries"]}
    return Recorded(queries, data["collections"])


def as_text(found: Recorded) -> str:
    """The file's content, the same for the same findings."""
    queries = [{**_entry(shape), "asked_by": sorted(files)} for shape, files in sorted(found.queries.items())]
    collections = dict(sorted(found.collections.items()))
    return json.dumps({"queries": queries, "collections": collections}, indent=2) + "\n"


def _entry(shape: Shape) -> dict[str, Any]:
    return {
        "collection": shape.collection,
        "equal": list(shape.equal),
        "in": list(shape.one_of),
        "array_contains": list(shape.contains),
        "range": list(shape.ranges),
        "order": [f"-{name}" if is_down else name for name, is_down in shape.order],
        "ids_descending": shape.is_descending,
    }


def _shape(entry: Mapping[str, Any]) -> Shape:
    return Shape(
        collection=entry["collection"],
        equal=tuple(entry["equal"]),
        one_of=tuple(entry["in"]),
        contains=tuple(entry["array_contains"]),
        ranges=tuple(entry["range"]),
        order=tuple((name.removeprefix("-"), name.startswith("-")) for name in entry["order"]),
        is_descending=entry["ids_descending"],
    )
