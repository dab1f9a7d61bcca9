"""Documents: queries, their order and their pages."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from shared.errors import InvalidInput, NotFound
from shared.ports import Documents, Query, Write

T0 = datetime(2026, 3, 1, 12, tzinfo=UTC)

LOT: dict[str, dict[str, Any]] = {
    "a": {"price": 100, "name": "Accord", "sold": True, "at": T0, "tags": ["red", 1], "spec": {"doors": 2}},
    "b": {"price": 200.5, "name": "Bolt", "sold": False, "at": T0 + timedelta(microseconds=1), "tags": []},
    "c": {
        "price": 200,
        "name": "Civic",
        "sold": True,
        "at": None,
        "tags": ["red", True],
        "spec": {"doors": 4},
    },
    "d": {"price": 1, "name": "Dart", "sold": 1, "at": T0.isoformat(), "tags": [T0, None]},
    "e": {"price": "100", "name": "Élan", "sold": None, "at": T0 + timedelta(days=1), "spec": {"doors": 4}},
    "f": {"name": "civic", "price": None},
}

CONDITIONS: list[tuple[tuple[str, str, Any], str]] = [
    (("price", "==", 100), "a"),
    (("price", "==", 100.0), "a"),
    (("price", "==", "100"), "e"),
    (("price", "==", None), "f"),
    (("sold", "==", True), "ac"),
    (("sold", "==", 1), "d"),
    (("sold", "==", False), "b"),
    (("at", "==", T0), "a"),
    (("at", "==", T0.isoformat()), "d"),
    (("at", "==", None), "c"),
    (("nowhere", "==", None), ""),
    (("price", "<", 200), "da"),
    (("price", "<=", 200), "dac"),
    (("price", ">", 100), "cb"),
    (("price", ">=", 100), "acb"),
    (("price", "<", "2"), "e"),
    (("at", ">", T0), "be"),
    (("at", ">=", T0), "abe"),
    (("at", "<", T0 + timedelta(days=1)), "ab"),
    (("at", "<", "3"), "d"),
    (("name", ">", "Civic"), "dfe"),
    (("price", "in", [1, 200, "100", 7]), "cde"),
    (("sold", "in", [True]), "ac"),
    (("at", "in", [T0, T0 + timedelta(days=1)]), "ae"),
    (("price", "in", []), ""),
    (("tags", "array_contains", "red"), "ac"),
    (("tags", "array_contains", 1), "a"),
    (("tags", "array_contains", True), "c"),
    (("tags", "array_contains", T0), "d"),
    (("tags", "array_contains", "blue"), ""),
    (("name", "array_contains", "Bolt"), ""),
    (("spec.doors", "==", 4), "ce"),
]

ORDERS: list[tuple[tuple[str, ...], str]] = [
    ((), "abcdef"),
    (("name",), "abcdfe"),
    (("-name",), "efdcba"),
    (("spec.doors",), "ace"),
    (("-spec.doors",), "eca"),
    (("spec.doors", "-name"), "aec"),
]


class DocumentQueriesContract:
    @pytest.fixture
    def lot(self, documents: Documents) -> Documents:
        documents.commit([Write(f"lots/1/cars/{id}", data) for id, data in LOT.items()])
        documents.commit([Write("lots/2/cars/x", LOT["a"]), Write("lots/1/cars/a/notes/n", LOT["a"])])
        return documents

    @pytest.mark.parametrize(("condition", "expected"), CONDITIONS, ids=lambda value: str(value)[:60])
    def test_a_condition_finds(self, lot: Documents, condition: tuple[str, str, Any], expected: str) -> None:
        assert _ids(lot, Query("lots/1/cars", (condition,))) == expected

    @pytest.mark.parametrize(("order_by", "expected"), ORDERS)
    def test_documents_come_in_order(self, lot: Documents, order_by: tuple[str, ...], expected: str) -> None:
        assert _ids(lot, Query("lots/1/cars", order_by=order_by)) == expected

    def test_every_condition_holds(self, lot: Documents) -> None:
        where = (("price", ">=", 100), ("sold", "==", True), ("spec.doors", "in", [4, 2]))
        assert _ids(lot, Query("lots/1/cars", where, ("-price",))) == "ca"

    def test_a_range_on_one_field_is_ordered_by_another(self, lot: Documents) -> None:
        assert _ids(lot, Query("lots/1/cars", (("price", ">", 1),), ("-name",))) == "cba"

    def test_a_query_sees_its_own_collection_only(self, lot: Documents) -> None:
        assert _ids(lot, Query("lots/2/cars")) == "x"
        assert _ids(lot, Query("lots/3/cars")) == ""
        assert _ids(lot, Query("lots/1/cars/a/notes")) == "n"

    def test_found_documents_are_whole(self, lot: Documents) -> None:
        (found,) = lot.query(Query("lots/1/cars", (("name", "==", "Accord"),)))
        assert found == lot.get("lots/1/cars/a")

    def test_no_more_than_the_limit(self, lot: Documents) -> None:
        assert _ids(lot, Query("lots/1/cars", order_by=("name",), limit=2)) == "ab"

    @pytest.mark.parametrize("order_by", [(), ("n",), ("-n",), ("n", "-m"), ("-at",), ("at", "n")])
    @pytest.mark.parametrize("where", [(), (("n", ">=", 1),)])
    def test_pages_hold_every_document_once(
        self, documents: Documents, order_by: tuple[str, ...], where: tuple[tuple[str, str, Any], ...]
    ) -> None:
        for n in range(23):
            at = None if n % 3 else T0 + timedelta(seconds=n % 4)
            documents.commit([Write(f"cars/{n:02}", {"n": n % 3, "m": n % 5, "at": at})])
        whole = [document.id for document in documents.query(Query("cars", where, order_by))]
        assert len(whole) == (15 if where else 23)
        assert _paged(documents, Query("cars", where, order_by, limit=4)) == whole

    def test_a_page_after_a_vanished_document_is_refused(self, lot: Documents) -> None:
        with pytest.raises(NotFound, match=r"lots/1/cars/zzz"):
            lot.query(Query("lots/1/cars", order_by=("name",), start_after="zzz"))

    def test_pages_by_id_need_no_living_document(self, lot: Documents) -> None:
        assert _ids(lot, Query("lots/1/cars", start_after="bb")) == "cdef"

    @pytest.mark.parametrize(
        "query",
        [
            Query("cars", (("n", "!=", 1),)),
            Query("cars", (("n", "<", None),)),
            Query("cars", (("n", "==", [1]),)),
            Query("cars", (("n", "in", list(range(31))),)),
            Query("cars", limit=0),
            Query("cars/a"),
            Query("cars", (("it's", "==", 1),)),
            Query("cars", order_by=("a b",)),
            Query("cars", order_by=("",)),
        ],
        ids=str,
    )
    def test_a_query_no_store_answers_is_refused(self, documents: Documents, query: Query) -> None:
        with pytest.raises(InvalidInput):
            documents.query(query)


def _ids(documents: Documents, query: Query) -> str:
    return "".join(document.id for document in documents.query(query))


def _paged(documents: Documents, query: Query) -> list[str]:
    ids: list[str] = []
    while page := documents.query(
        Query(query.collection, query.where, query.order_by, query.limit, ids[-1] if ids else None)
    ):
        assert len(page) <= (query.limit or 0)
        ids += [document.id for document in page]
    return ids
