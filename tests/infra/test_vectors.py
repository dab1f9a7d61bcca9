"""Where what is remembered is searched: by default in Firestore, on request in an index of Vertex."""

from __future__ import annotations

import dataclasses

from shared.manifest import all_manifests
from shared.vector_records import FILTERED_BY, VECTOR_FIELD, VERTEX_DIMENSIONS
from tests.infra.offline import Plan
from tests.infra.two_way_documents import unlike_indexes


def vector_index(foundation: Plan) -> list[tuple[str, object]]:
    """The fields of the one index with a vector, each with its order or its dimension."""
    (found,) = [
        one.values
        for one in foundation.of("google_firestore_index")
        if any(field["vector_config"] for field in one.values["fields"])
    ]
    return [
        (field["field_path"], field["order"] or field["vector_config"][0]["dimension"])
        for field in found["fields"]
    ]


def test_firestore_has_the_index_that_the_search_of_one_persons_vectors_asks_for(foundation: Plan) -> None:
    equal = [(name, "ASCENDING") for name in (*FILTERED_BY, "__name__")]
    assert vector_index(foundation) == [*equal, (VECTOR_FIELD, VERTEX_DIMENSIONS)]


def test_a_missing_vector_index_is_noticed(foundation: Plan) -> None:
    lacking = dataclasses.replace(
        foundation,
        resources=tuple(one for one in foundation.resources if ".vector[" not in one.address),
    )
    assert [line for line in unlike_indexes(lacking) if "vector of 768" in line]
    assert not [line for line in unlike_indexes(foundation) if "vector of 768" in line]


def test_a_release_stops_before_anything_is_changed_when_an_index_or_its_absence_is_not_there_yet(
    product: Plan,
) -> None:
    needs = set(product.outputs["foundation_needs"])
    fields = [*(f"{name} ASCENDING" for name in (*FILTERED_BY, "__name__")), f"{VECTOR_FIELD} 768"]
    assert f"index vectors COLLECTION {','.join(fields)}" in needs
    assert "no index outbox.messages" in needs


def test_what_somebody_asks_of_their_memories_is_in_no_log(foundation: Plan) -> None:
    filters = [one.values["filter"] for one in foundation.of("google_logging_project_exclusion")]
    assert 'httpRequest.requestUrl:"/api/memory/context"' in filters
    (route,) = [
        route
        for one in all_manifests()
        if one.name == "memory_vault"
        for route in one.routes
        if route.handler == "get_context"
    ]
    assert route.path == "/api/memory/context"
