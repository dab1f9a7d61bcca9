"""`terraform/derived/indexes.json`: the composite indexes the recorded queries need, and what else differs
from Firestore's own indexing.

Source of the rules: firebase.google.com/docs/firestore/query-data/index-overview (which queries single-field
indexes answer, and how they are merged) and cloud.google.com/firestore/docs/reference/rest/v1/
projects.databases.collectionGroups.indexes (`__name__` is added in the direction of the last field).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

from shared.deploy.firestore_shapes import TTL_FIELD, Recorded, Shape, recorded
from shared.errors import Misconfigured
from shared.vector_records import COLLECTION, FILTERED_BY, VECTOR_FIELD, VERTEX_DIMENSIONS
from shared.yaml_file import read_yaml

UNINDEXED = Path(__file__).with_name("firestore_unindexed.yaml")


@dataclass(frozen=True, order=True)
class Index:
    """`fields` are `(path, ASCENDING | DESCENDING | CONTAINS)`; for every collection of this id, wherever."""

    collection: str
    fields: tuple[tuple[str, str], ...]

    def __str__(self) -> str:
        return f"{self.collection} ({', '.join(f'{path} {mode}' for path, mode in self.fields)})"

    def to_data(self) -> dict[str, Any]:
        fields = [
            {"path": path, "array": mode} if mode == "CONTAINS" else {"path": path, "order": mode}
            for path, mode in self.fields
        ]
        return {"collection": self.collection, "scope": "COLLECTION", "fields": fields}


class Unindexed(BaseModel):
    """A field nobody queries whose automatic indexes would cost more than nothing; `why` says what."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    collection: str
    field: str
    why: str = Field(min_length=20)


def needed_index(shape: Shape) -> Index | None:
    """The composite index without which Firestore refuses the query; None when the automatic ones do.

    Fields compared for equality come first and may stand in any order (here by name, ascending); `in` is
    several equalities. Then the list that must contain a value, then the rest of the order as asked. A field
    that is equal in all answers orders nothing. Ties by id need no field of their own: `__name__` is the
    last field of every index, in the direction of the one before it.

    Raises `Misconfigured` for two `array_contains`, which Firestore does not answer.
    """
    if len(shape.contains) > 1:
        raise Misconfigured(f"query [{shape}]: Firestore takes one array_contains; keep one joined list")
    equal = sorted({*shape.equal, *shape.one_of})
    order = [(name, is_down) for name, is_down in shape.order if name not in equal]
    if not order and not shape.contains and (len(equal) < 2 or not shape.is_descending):
        return None  # one index of a single field, or several merged by id, which they hold ascending
    if len(equal) + len(shape.contains) + len(order) < 2:
        return None  # every field has an index in each direction, and one of its list's values
    modes = [(name, _mode(is_down)) for name, is_down in order]
    # Without an order of its own, the direction of the ids is that of the last field of equality.
    last = _mode(shape.is_descending and not order)
    fixed = [(name, _mode(False)) for name in equal[:-1]] + [(name, last) for name in equal[-1:]]
    return Index(shape.collection_id, (*fixed, *((name, "CONTAINS") for name in shape.contains), *modes))


def needed_indexes(shapes: Iterable[Shape]) -> dict[Index, list[Shape]]:
    """Each index with the queries that need it."""
    found: dict[Index, list[Shape]] = {}
    for shape in sorted(shapes):
        index = needed_index(shape)
        if index is not None:
            found.setdefault(index, []).append(shape)
    return dict(sorted(found.items()))


def indexes_data(
    found: Recorded | None = None, unindexed: Iterable[Unindexed] | None = None
) -> dict[str, Any]:
    """`composite`, `vector`, `ttl` and `unindexed`; a TTL field is never indexed either."""
    known = found or recorded()
    fields = unindexed_fields() if unindexed is None else unindexed
    return {
        "composite": [index.to_data() for index in needed_indexes(known.queries)],
        "vector": vector_indexes(),
        "ttl": [{"collection_group": name, "field": TTL_FIELD} for name in expiring(known.collections)],
        "unindexed": [{"collection_group": one.collection, "field": one.field} for one in fields],
    }


def vector_indexes() -> list[dict[str, Any]]:
    """What the nearest-neighbour search of shared/adapters/google/vectors.py asks: equal fields, ids,
    the vector. Source: firebase.google.com/docs/firestore/vector-search (pre-filtering)."""
    equal = [{"path": name, "order": "ASCENDING"} for name in (*FILTERED_BY, "__name__")]
    vector = {"path": VECTOR_FIELD, "dimension": VERTEX_DIMENSIONS}
    return [{"collection": COLLECTION, "scope": "COLLECTION", "fields": [*equal, vector]}]


STAYING: Mapping[str, str] = {
    "tenants/*/attention_items": "an open matter stays until somebody settles it",
    "tenants/*/threads/*/messages": "what customer and dealership wrote stays",
}
"""Collections whose documents may lack the field on purpose, with the reason."""


def expiring(collections: Mapping[str, str], staying: Iterable[str] = frozenset(STAYING)) -> list[str]:
    """Ids of the collections whose documents say when they may go.

    Raises `Misconfigured` when some of an id's documents never would and are not `staying`: a TTL policy is
    one for all collections of that id, and a document without the field stays for ever.
    """
    carries: dict[str, set[str]] = {}
    for path, how in collections.items():
        if path in staying and how == "never":
            continue
        told = "always" if path in staying else how
        carries.setdefault(path.rpartition("/")[2], set()).add(told)
    mixed = sorted(name for name, found in carries.items() if found not in ({"always"}, {"never"}))
    if mixed:
        raise Misconfigured(f"collection [{mixed[0]}]: [{TTL_FIELD}] is in some of its documents only")
    return sorted(name for name, found in carries.items() if found == {"always"})


@lru_cache(maxsize=2)
def unindexed_fields(path: Path = UNINDEXED) -> tuple[Unindexed, ...]:
    return TypeAdapter(tuple[Unindexed, ...]).validate_python(tuple(read_yaml(path)))


def _mode(is_descending: bool) -> str:
    return "DESCENDING" if is_descending else "ASCENDING"
