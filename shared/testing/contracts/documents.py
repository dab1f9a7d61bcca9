"""Documents: reading, committing, preconditions, limits."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest

from shared.errors import Conflict, InvalidInput
from shared.ports import Documents, Expect, Write

EVERYTHING: dict[str, Any] = {
    "nothing": None,
    "yes": True,
    "no": False,
    "whole": 2**53 + 1,
    "negative": -7,
    "real": 1.0,
    "text": "Ærø 北 🚗\n",
    "moment": datetime(2026, 11, 20, 4, 5, 6, 123456, tzinfo=UTC),
    "early": datetime(1901, 1, 1, 0, 0, 0, 1, tzinfo=UTC),
    "map": {"deep": {"er": [1, {"x": [None]}]}},
    "list": [1, 2.5, "three", None, True, {"at": datetime(2026, 1, 1, tzinfo=UTC)}],
    "empty_map": {},
    "empty_list": [],
    "dotted.name": {"a.b": 1},
    "`odd` \\ näme / [0] *": "kept",
    "1st": 1,
}

UNSTORABLE: list[tuple[str, Any]] = [
    ("a naive datetime", {"a": datetime(2026, 1, 1)}),
    ("not a number", {"a": float("nan")}),
    ("infinity", {"a": float("inf")}),
    ("a list in a list", {"a": [[1]]}),
    ("beyond 64 bits", {"a": 2**63}),
    ("an object", {"a": object()}),
    ("bytes", {"a": b"x"}),
    ("an empty field name", {"": 1}),
    ("a reserved field name", {"__x__": 1}),
    ("a broken character", {"a": "\ud800"}),
    ("over 1 MiB", {"a": "x" * 1_048_576}),
    ("over 1 MiB in UTF-8", {"a": "é" * 600_000}),
]


class DocumentsContract:
    def test_a_missing_document_is_none(self, documents: Documents) -> None:
        assert documents.get("cars/none") is None

    def test_every_value_comes_back_with_its_type(self, documents: Documents) -> None:
        documents.commit([Write("cars/a", EVERYTHING)])
        document = documents.get("cars/a")
        assert document is not None
        assert document.data == EVERYTHING
        assert {name: type(value) for name, value in document.data.items()} == {
            name: type(value) for name, value in EVERYTHING.items()
        }
        assert (document.path, document.id) == ("cars/a", "a")

    def test_a_moment_comes_back_in_utc(self, documents: Documents) -> None:
        moment = datetime(2026, 7, 1, 12, tzinfo=timezone(timedelta(hours=-5)))
        documents.commit([Write("cars/a", {"at": moment})])
        found = _data(documents, "cars/a")["at"]
        assert found == moment
        assert found.utcoffset() == timedelta(0)

    def test_a_write_replaces_the_whole_document(self, documents: Documents) -> None:
        documents.commit([Write("cars/a", {"old": 1, "both": {"x": 1}})])
        documents.commit([Write("cars/a", {"both": {"y": 2}})])
        assert _data(documents, "cars/a") == {"both": {"y": 2}}

    def test_many_come_in_the_order_asked_for(self, documents: Documents) -> None:
        documents.commit([Write(f"cars/{name}", {"name": name}) for name in "abc"])
        found = documents.get_many(["cars/c", "cars/none", "cars/a", "cars/c"])
        assert [document and document.data["name"] for document in found] == ["c", None, "a", "c"]
        assert documents.get_many([]) == []

    def test_commit_answers_the_versions_that_reading_shows(self, documents: Documents) -> None:
        documents.commit([Write("cars/gone", {"n": 1})])
        writes = [Write("cars/a", {"n": 1}), Write("cars/gone", None), Write("cars/b", {"n": 1})]
        versions = documents.commit(writes)
        read = documents.get_many(["cars/a", "cars/gone", "cars/b"])
        assert versions == [document.version if document else "" for document in read]
        assert documents.commit([]) == []

    def test_a_changed_document_has_another_version(self, documents: Documents) -> None:
        versions = [documents.commit([Write("cars/a", {"n": n})])[0] for n in range(20)]
        documents.commit([Write("cars/a", None)])
        versions += documents.commit([Write("cars/a", {"n": 0})])
        assert len(set(versions)) == 21

    def test_create_wins_once(self, documents: Documents) -> None:
        documents.commit([Write("cars/a", {"n": 1}, Expect.ABSENT)])
        with pytest.raises(Conflict, match=r"cars/a"):
            documents.commit([Write("cars/a", {"n": 2}, Expect.ABSENT)])
        assert _data(documents, "cars/a") == {"n": 1}

    @pytest.mark.parametrize("data", [{"n": 2}, None])
    def test_present_is_expected(self, documents: Documents, data: dict[str, Any] | None) -> None:
        with pytest.raises(Conflict, match=r"cars/a"):
            documents.commit([Write("cars/a", data, Expect.PRESENT)])
        documents.commit([Write("cars/a", {"n": 1})])
        documents.commit([Write("cars/a", data, Expect.PRESENT)])
        assert _maybe(documents, "cars/a") == data

    @pytest.mark.parametrize("data", [{"n": 2}, None])
    def test_a_stale_version_is_refused(self, documents: Documents, data: dict[str, Any] | None) -> None:
        (stale,) = documents.commit([Write("cars/a", {"n": 0})])
        (fresh,) = documents.commit([Write("cars/a", {"n": 1})])
        with pytest.raises(Conflict, match=r"cars/a"):
            documents.commit([Write("cars/a", data, stale)])
        documents.commit([Write("cars/a", data, fresh)])
        assert _maybe(documents, "cars/a") == data

    def test_a_version_of_a_deleted_document_is_stale(self, documents: Documents) -> None:
        (version,) = documents.commit([Write("cars/a", {"n": 0})])
        documents.commit([Write("cars/a", None)])
        with pytest.raises(Conflict, match=r"cars/a"):
            documents.commit([Write("cars/a", {"n": 1}, version)])

    def test_deleting_what_is_gone_is_no_error(self, documents: Documents) -> None:
        documents.commit([Write("cars/a", None)])
        documents.commit([Write("cars/a", None, Expect.ABSENT)])

    def test_one_failed_expectation_writes_nothing(self, documents: Documents) -> None:
        documents.commit([Write("cars/kept", {"n": 1}), Write("cars/changed", {"n": 1})])
        with pytest.raises(Conflict, match=r"cars/changed"):
            documents.commit(
                [
                    Write("cars/new", {"n": 1}, Expect.ABSENT),
                    Write("cars/kept", None, Expect.PRESENT),
                    Write("cars/changed", {"n": 2}, Expect.ABSENT),
                    Write("cars/later", {"n": 1}),
                ]
            )
        found = documents.get_many(["cars/new", "cars/kept", "cars/changed", "cars/later"])
        assert [document and document.data for document in found] == [None, {"n": 1}, {"n": 1}, None]

    def test_five_hundred_writes_are_one_commit(self, documents: Documents) -> None:
        paths = [f"cars/{n}" for n in range(500)]
        documents.commit([Write(path, {"path": path}, Expect.ABSENT) for path in paths])
        found = documents.get_many(paths)
        assert [document and document.data["path"] for document in found] == paths

    @pytest.mark.parametrize("data", [d for _, d in UNSTORABLE], ids=[name for name, _ in UNSTORABLE])
    def test_what_no_store_can_hold_is_refused(self, documents: Documents, data: dict[str, Any]) -> None:
        with pytest.raises(InvalidInput, match=r"cars/bad"):
            documents.commit([Write("cars/good", {"n": 1}), Write("cars/bad", data)])
        assert documents.get("cars/good") is None

    def test_a_document_just_under_1_mib_is_kept(self, documents: Documents) -> None:
        documents.commit([Write("cars/a", {"a": "x" * 1_048_400})])
        assert len(_data(documents, "cars/a")["a"]) == 1_048_400

    def test_a_commit_over_10_mib_is_refused(self, documents: Documents) -> None:
        with pytest.raises(InvalidInput, match=r"commit of \[12\] documents"):
            documents.commit([Write(f"cars/{n}", {"a": "x" * 900_000}) for n in range(12)])
        assert documents.get("cars/0") is None

    def test_a_path_is_written_once_a_commit(self, documents: Documents) -> None:
        with pytest.raises(InvalidInput, match=r"cars/a"):
            documents.commit([Write("cars/a", {"n": 1}), Write("cars/a", {"n": 2})])

    @pytest.mark.parametrize(
        "path", ["cars", "", "cars/", "/a", "cars/a/b", "cars/..", "cars/./x/y", "cars/__a__"]
    )
    def test_a_path_that_names_no_document_is_refused(self, documents: Documents, path: str) -> None:
        with pytest.raises(InvalidInput):
            documents.commit([Write(path, {"n": 1})])
        with pytest.raises(InvalidInput):
            documents.get(path)

    def test_ids_may_hold_odd_characters(self, documents: Documents) -> None:
        path = "cars/é b.c:d@+%2F`'\"\\[]*/notes/1"
        documents.commit([Write(path, {"n": 1})])
        assert _data(documents, path) == {"n": 1}


def _data(documents: Documents, path: str) -> dict[str, Any]:
    document = documents.get(path)
    assert document is not None
    return dict(document.data)


def _maybe(documents: Documents, path: str) -> dict[str, Any] | None:
    document = documents.get(path)
    return None if document is None else dict(document.data)
