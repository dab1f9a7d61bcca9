"""Vectors as documents below their dealership, so that exports, restores and deletions take them along.

`tenants/{t}/vectors/{person}|{id}`. The person is part of the id, so nobody's vector can be put in the place
of somebody else's, and a field, so the index filters by it.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

from shared.errors import InvalidInput
from shared.port_types import Scope, StoredVector

COLLECTION = "vectors"
VECTOR_FIELD = "embedding"
FILTERED_BY = ("model", "person_id")
"""What a search compares for equality before it looks for the nearest; the index has these fields first."""

VERTEX_DIMENSIONS = 768
"""What Vertex is asked for: Firestore takes at most 2,048, and Gemini's vectors are made to be cut."""

MOST_FOUND = 1_000
"""Firestore's limit of one search."""

TYPE_FIELD, VECTOR_TYPE = "__type__", "__vector__"
"""A map with these is how Firestore writes a vector."""


def path_of(scope: Scope, vector_id: str) -> str:
    return f"{collection_of(scope)}/{scope.person_key}|{vector_id}"


def collection_of(scope: Scope) -> str:
    return f"tenants/{scope.tenant_id}/{COLLECTION}"


def id_of(scope: Scope, document_id: str) -> str:
    return document_id.removeprefix(f"{scope.person_key}|")


def fields_of(scope: Scope, item: StoredVector, embedding: Any) -> dict[str, Any]:
    """The document of a vector; `embedding` is the values as the store holds them."""
    return {
        "person_id": scope.person_id,
        "model": item.model,
        "digest": item.digest,
        VECTOR_FIELD: embedding,
    }


def checked(item: StoredVector) -> list[float]:
    """The values. Raises `InvalidInput` for one without a space, without values, or not of length 1: the
    nearest are found by the product of two vectors, which is their cosine only then."""
    if not item.model:
        raise InvalidInput(f"Vector [{item.id}] has no [model]: name the space it belongs to")
    return unit(item.values, item.id)


def unit(values: Sequence[float], name: str) -> list[float]:
    numbers = [float(value) for value in values]
    length = math.fsum(value * value for value in numbers)
    if not numbers or not math.isfinite(length) or abs(length - 1) > 1e-3:
        raise InvalidInput(f"Vector [{name}] is not of length 1 but of [{length**0.5:.4g}]; normalise it")
    return numbers


def is_vector(value: Mapping[str, Any]) -> bool:
    """Whether a map is exactly what Firestore writes for a vector."""
    return (
        value.keys() == {TYPE_FIELD, "value"}
        and value[TYPE_FIELD] == VECTOR_TYPE
        and isinstance(value["value"], list)
        and all(isinstance(one, float) for one in value["value"])
    )


def as_vector(values: Sequence[float]) -> dict[str, Any]:
    return {TYPE_FIELD: VECTOR_TYPE, "value": [float(one) for one in values]}
