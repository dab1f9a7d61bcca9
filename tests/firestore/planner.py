"""Google's own index planner: the Datastore emulator, told to refuse queries without an index.

Firestore and Datastore answer queries from the same kind of indexes by the same rules; the Firestore emulator
does not tell of a missing one, Datastore's does. It knows no `in` with other fields, so one of the equalities
that `in` stands for is asked instead, and its ties always go by ascending key, so ids are left out.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import yaml

from shared.deploy.firestore_indexes import Index
from shared.deploy.firestore_shapes import Shape
from shared.testing.emulators import datastore_emulator

PROJECT = "demo-planner"
LACKING = "requires a composite index"


@dataclass(frozen=True)
class Planner:
    """A running one; its worlds keep indexes apart: what one has another may lack."""

    http: httpx.Client
    host: str

    def answers(self, shape: Shape, world: str) -> bool:
        """False when an index is missing."""
        body = {"partitionId": {"projectId": PROJECT}, "query": _query(shape, world)}
        said = self.http.post(f"http://{self.host}/v1/projects/{PROJECT}:runQuery", content=json.dumps(body))
        assert said.status_code == 200 or LACKING in said.text, f"{shape}: {said.text}"
        return said.status_code == 200


@contextmanager
def planner(folder: Path, worlds: Mapping[str, Iterable[Index]]) -> Iterator[Planner]:
    """`worlds`: name → the composite indexes it has."""
    declared = [_declared(index, world) for world, indexes in worlds.items() for index in indexes]
    path = folder / "index.yaml"
    path.write_text(yaml.safe_dump({"indexes": declared}), encoding="utf-8")
    with datastore_emulator(path) as emulator, httpx.Client() as http:
        yield Planner(http, emulator.host)


def can_be_asked(shape: Shape) -> bool:
    """Datastore's emulator takes one field compared by range; a list's values are plain equalities to it."""
    orders = {name for name, _ in shape.order} - {*shape.equal, *shape.one_of}
    return len(shape.ranges) <= 1 and not shape.contains and bool(orders or not shape.is_descending)


def _declared(index: Index, world: str) -> dict[str, Any]:
    # Datastore keeps an entry for each value of a list in an ordinary index.
    directions = {"ASCENDING": "asc", "DESCENDING": "desc", "CONTAINS": "asc"}
    fields = [{"name": path, "direction": directions[mode]} for path, mode in index.fields]
    return {"kind": f"{index.collection}_{world}", "properties": fields}


def _query(shape: Shape, world: str) -> dict[str, Any]:
    compared = [
        *((name, "EQUAL") for name in (*shape.equal, *shape.one_of)),
        *((name, "GREATER_THAN") for name in shape.ranges),
    ]
    value = {"integerValue": "1"}
    filters = [
        {"propertyFilter": {"property": {"name": name}, "op": how, "value": value}} for name, how in compared
    ]
    directions = {True: "DESCENDING", False: "ASCENDING"}
    order = [
        {"property": {"name": name}, "direction": directions[is_descending]}
        for name, is_descending in shape.order
    ]
    condition = {"filter": {"compositeFilter": {"op": "AND", "filters": filters}}} if filters else {}
    return {"kind": [{"name": f"{shape.collection_id}_{world}"}], "order": order, **condition}
