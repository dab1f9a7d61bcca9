"""The index of array members stays true to the documents, whenever it was made."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from shared.adapters.embedded.documents import SqliteDocuments
from shared.ports import Query, Write

ADA = "tenants/t/persons/ada"


@pytest.fixture
def documents(tmp_path: Path) -> Iterator[SqliteDocuments]:
    made = SqliteDocuments(tmp_path / "documents.db")
    yield made
    made.close()


def holders(documents: SqliteDocuments, email: str) -> list[str]:
    found = documents.query(Query("tenants/t/persons", (("emails", "array_contains", email),)))
    return [document.id for document in found]


def test_documents_from_before_the_first_question_are_found(documents: SqliteDocuments) -> None:
    documents.commit([Write(ADA, {"emails": ["a@x.com", "b@x.com"]})])
    assert holders(documents, "b@x.com") == ["ada"]


def test_a_member_that_was_replaced_or_deleted_is_found_no_more(documents: SqliteDocuments) -> None:
    assert holders(documents, "a@x.com") == []
    documents.commit([Write(ADA, {"emails": ["a@x.com"]})])
    assert holders(documents, "a@x.com") == ["ada"]
    documents.commit([Write(ADA, {"emails": ["b@x.com"]})])
    assert (holders(documents, "a@x.com"), holders(documents, "b@x.com")) == ([], ["ada"])
    documents.commit([Write(ADA, None)])
    assert holders(documents, "b@x.com") == []


def test_the_index_answers_without_reading_the_collection(documents: SqliteDocuments) -> None:
    holders(documents, "a@x.com")
    people = [Write(f"tenants/t/persons/p{n}", {"emails": [f"{n}@x.com"]}) for n in range(50)]
    documents.commit(people)
    plan = documents.explain(Query("tenants/t/persons", (("emails", "array_contains", "7@x.com"),)))
    assert "members_" in plan and "USING COVERING INDEX" in plan


def test_an_index_made_before_a_restart_is_used_after_it(tmp_path: Path) -> None:
    first = SqliteDocuments(tmp_path / "documents.db")
    holders(first, "a@x.com")
    first.close()
    second = SqliteDocuments(tmp_path / "documents.db")
    second.commit([Write(ADA, {"emails": ["a@x.com"]})])
    assert holders(second, "a@x.com") == ["ada"]
    second.close()
