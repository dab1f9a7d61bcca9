"""Vectors in Firestore: its nearest-neighbour search, filtered by person and space before it searches.

For dealerships of any usual size; an index of Vertex AI Vector Search runs, and costs, always
(terraform/foundation/vectors.tf makes one on request).
"""

from __future__ import annotations

from collections.abc import Sequence

from google.cloud.firestore_v1.types import StructuredQuery

from shared.adapters.google.documents import FirestoreDocuments
from shared.adapters.google.firestore_queries import structured_query
from shared.adapters.google.firestore_values import encoded, field_path
from shared.ports import Nearest, Query, Scope, StoredVector, Write
from shared.vector_records import (
    MOST_FOUND,
    VECTOR_FIELD,
    as_vector,
    checked,
    collection_of,
    fields_of,
    id_of,
    path_of,
    unit,
)

_SIMILARITY = "similarity"
_DOT_PRODUCT = StructuredQuery.FindNearest.DistanceMeasure.DOT_PRODUCT


class FirestoreVectors:
    """`emulator_host` (`127.0.0.1:port`) instead of the cloud."""

    def __init__(self, *, project: str, emulator_host: str | None = None) -> None:
        self._documents = FirestoreDocuments(project=project, emulator_host=emulator_host)

    def upsert(self, scope: Scope, items: Sequence[StoredVector]) -> None:
        self._documents.commit(
            [Write(path_of(scope, one.id), fields_of(scope, one, as_vector(checked(one)))) for one in items]
        )

    def search(
        self, scope: Scope, *, model: str, values: Sequence[float], limit: int = MOST_FOUND
    ) -> list[Nearest]:
        asked = unit(values, "asked for")
        conditions = (("model", "==", model), ("person_id", "==", scope.person_id))
        collection = collection_of(scope)
        message = structured_query(
            Query(collection, conditions),
            collection=collection.rpartition("/")[2],
            start_after=None,
            root="",
        )
        message.ClearField("order_by")  # by their distance
        for name in ("person_id", _SIMILARITY):  # not the vectors themselves
            message.select.fields.add(field_path=name)
        nearest = message.find_nearest
        nearest.vector_field.field_path = field_path(VECTOR_FIELD)
        nearest.query_vector.CopyFrom(encoded(as_vector(asked)))
        nearest.distance_measure = _DOT_PRODUCT  # of vectors of length 1, the cosine
        nearest.limit.value = min(limit, MOST_FOUND)
        nearest.distance_result_field = _SIMILARITY
        found = self._documents.answers(collection, message, asked=f"nearest vectors of [{model}]")
        ranked = [
            Nearest(id_of(scope, document.id), document.data[_SIMILARITY])
            for document in found
            if scope.owns(document.data)
        ]
        return sorted(ranked, key=lambda one: (-one.similarity, one.id))

    def held(self, scope: Scope, ids: Sequence[str]) -> list[StoredVector]:
        found = self._documents.get_many([path_of(scope, one) for one in ids])
        return [
            StoredVector(
                id=id_of(scope, document.id),
                model=document.data["model"],
                values=document.data[VECTOR_FIELD]["value"],
                digest=document.data["digest"],
            )
            for document in found
            if document and scope.owns(document.data)
        ]

    def delete(self, scope: Scope, ids: Sequence[str]) -> None:
        self._documents.commit([Write(path_of(scope, one), None) for one in dict.fromkeys(ids)])

    def close(self) -> None:
        self._documents.close()
