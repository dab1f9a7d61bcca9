"""Which queries Firestore answers by its automatic indexes, and which index the others need."""

from __future__ import annotations

import pytest

from shared.deploy.firestore_indexes import expiring, indexes_data, needed_index, needed_indexes
from shared.deploy.firestore_shapes import Recorded
from shared.errors import Misconfigured
from shared.ports import Query
from shared.testing.recording_documents import shape_of

BY_ITSELF = [
    Query("cars"),
    Query("cars", (("make", "==", "Honda"),)),
    Query("cars", (("make", "==", "Honda"), ("year", "==", 2021), ("body", "==", None))),
    Query("cars", (("make", "in", ("Honda", "Ford")),)),
    Query("cars", (("make", "in", ("Honda", "Ford")), ("year", "==", 2021))),
    Query("cars", (("price", ">", 1), ("price", "<", 9))),
    Query("cars", (("price", ">", 1),), ("price",)),
    Query("cars", (("price", ">", 1),), ("-price",)),
    Query("cars", (), ("-price",)),
    Query("cars", (("tags", "array_contains", "new"),)),
    Query("cars", (("price", "==", 1),), ("-price",)),
    Query("lots/1/cars", (("seller.name", "==", "Ann"),), limit=1, start_after="a"),
]

NEEDED = [
    (Query("cars", (("make", "==", "Honda"),), ("price",)), "make ASC, price ASC"),
    (Query("cars", (("make", "==", "Honda"),), ("-price",)), "make ASC, price DESC"),
    (Query("cars", (("make", "==", "Honda"), ("price", ">", 1))), "make ASC, price ASC"),
    (Query("cars", (("price", ">", 1), ("make", "==", "x")), ("-price",)), "make ASC, price DESC"),
    (
        Query("cars", (("year", "in", (1, 2)), ("make", "==", "x"), ("price", ">", 1))),
        "make ASC, year ASC, price ASC",
    ),
    (Query("cars", (("price", ">", 1), ("year", ">", 2))), "price ASC, year ASC"),
    (Query("cars", (("price", ">", 1), ("year", ">", 2)), ("-year",)), "year DESC, price DESC"),
    (Query("cars", (), ("make", "-price")), "make ASC, price DESC"),
    (Query("cars", (("tags", "array_contains", "new"),), ("price",)), "tags CONTAINS, price ASC"),
    (Query("cars", (("tags", "array_contains", "new"), ("make", "==", "x"))), "make ASC, tags CONTAINS"),
    (Query("cars", (("make", "==", "x"), ("year", "==", 1)), ("-year",)), "make ASC, year DESC"),
    (Query("lots/1/cars", (("make", "==", "Honda"),), ("price",)), "make ASC, price ASC"),
]


@pytest.mark.parametrize("query", BY_ITSELF, ids=str)
def test_a_query_the_automatic_indexes_answer_needs_no_other(query: Query) -> None:
    assert needed_index(shape_of(query)) is None


@pytest.mark.parametrize(("query", "fields"), NEEDED, ids=str)
def test_other_queries_need_equal_fields_first_then_the_order(query: Query, fields: str) -> None:
    index = needed_index(shape_of(query))
    assert index and index.collection == "cars"
    assert ", ".join(f"{path} {mode.removesuffix('ENDING')}" for path, mode in index.fields) == fields


def test_an_index_serves_every_collection_of_its_id_and_is_there_once() -> None:
    queries = [
        Query(collection, (("make", "==", "x"),), ("price",))
        for collection in ("lots/a/cars", "lots/b/cars", "cars")
    ]
    (found,) = needed_indexes(set(map(shape_of, queries))).values()
    assert [shape.collection for shape in found] == ["cars", "lots/*/cars"]


def test_two_lists_that_must_contain_a_value_are_refused() -> None:
    query = Query("cars", (("tags", "array_contains", "new"), ("lots", "array_contains", "a")))
    with pytest.raises(Misconfigured, match=r"cars .*one array_contains"):
        needed_index(shape_of(query))


def test_terraform_is_told_paths_directions_and_lists() -> None:
    shape = shape_of(Query("cars", (("tags", "array_contains", "new"),), ("-price",)))
    (index,) = indexes_data(Recorded({shape: ()}, {}), ())["composite"]
    assert index == {
        "collection": "cars",
        "scope": "COLLECTION",
        "fields": [{"path": "tags", "array": "CONTAINS"}, {"path": "price", "order": "DESCENDING"}],
    }


def test_documents_that_all_say_when_they_may_go_are_deleted_then() -> None:
    data = indexes_data(Recorded({}, {"tenants/*/leases": "always", "tenants": "never"}), ())
    assert data["ttl"] == [{"collection_group": "leases", "field": "expires_at"}]


@pytest.mark.parametrize(
    "collections",
    [{"tenants/*/leases": "sometimes"}, {"tenants/*/messages": "always", "messages": "never"}],
)
def test_an_id_whose_documents_go_only_sometimes_is_refused(collections: dict[str, str]) -> None:
    with pytest.raises(Misconfigured, match=r"\[(leases|messages)\].*some of its documents"):
        expiring(collections)


def test_what_stays_on_purpose_keeps_no_other_from_going() -> None:
    kept = {"tenants/*/threads/*/messages": "never", "tenants/*/attention_items": "sometimes"}
    assert expiring({**kept, "tenants/*/sessions/*/messages": "always"}) == ["attention_items", "messages"]
    assert expiring({"tenants/*/threads/*/messages": "never"}) == []
    with pytest.raises(Misconfigured, match=r"\[messages\]"):
        expiring({**kept, "tenants/*/sessions/*/messages": "sometimes"})


def test_the_nearest_of_a_person_and_a_space_have_an_index_with_the_vector_last() -> None:
    (index,) = indexes_data(Recorded({}, {}), ())["vector"]
    assert index == {
        "collection": "vectors",
        "scope": "COLLECTION",
        "fields": [
            {"path": "model", "order": "ASCENDING"},
            {"path": "person_id", "order": "ASCENDING"},
            {"path": "__name__", "order": "ASCENDING"},
            {"path": "embedding", "dimension": 768},
        ],
    }
