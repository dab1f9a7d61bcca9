"""What is written down beside what was seen, one line for each difference; nothing when all is well."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from shared.deploy.firestore_indexes import needed_indexes
from shared.deploy.firestore_shapes import Recorded, Shape

AGAIN = "run `make record` and `make docs`"


def unlike_seen(written: Recorded, seen: Recorded) -> list[str]:
    """Queries and collections in one and not in the other."""
    new = sorted(set(seen.queries) - set(written.queries))
    old = sorted(set(written.queries) - set(seen.queries))
    askers = [
        f"query [{shape}] is asked by {sorted(seen.queries[shape])}, written down as asked by "
        f"{sorted(written.queries[shape])}; {AGAIN}"
        for shape in sorted(set(seen.queries) & set(written.queries))
        if set(seen.queries[shape]) != set(written.queries[shape])
    ]
    return [
        *(f"query [{one}] of {sorted(seen.queries[one])} is not written down; {AGAIN}" for one in new),
        *(f"query [{one}] is written down, nobody asks it any more; {AGAIN}" for one in old),
        *askers,
        *_unlike_collections(written.collections, seen.collections),
    ]


def unlike_needed(declared: Iterable[Mapping[str, Any]], shapes: Iterable[Shape]) -> list[str]:
    """Composite indexes a query lacks, and those no query needs."""
    there = {str(one): one for one in declared}
    needed = {str(index.to_data()): (index, shapes) for index, shapes in needed_indexes(shapes).items()}
    lacking = [
        f"query [{shapes[0]}] needs the index [{index}], which terraform/derived/indexes.json lacks"
        for key, (index, shapes) in needed.items()
        if key not in there
    ]
    idle = [
        f"index on [{one['collection']}] {[field['path'] for field in one['fields']]} is needed by no query"
        for key, one in there.items()
        if key not in needed
    ]
    return [*lacking, *idle]


def _unlike_collections(written: Mapping[str, str], seen: Mapping[str, str]) -> list[str]:
    return [
        f"collection [{path}] carries expires_at [{seen.get(path, 'not written')}], "
        f"written down as [{written.get(path, 'not there')}]; {AGAIN}"
        for path in sorted({*written, *seen})
        if written.get(path) != seen.get(path)
    ]
