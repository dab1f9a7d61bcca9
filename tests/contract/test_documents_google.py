from __future__ import annotations

import time
from collections.abc import Iterator

import pytest

from shared.adapters.google.documents import FirestoreDocuments
from shared.errors import Unavailable
from shared.ports import Query, Write
from shared.testing.contracts.document_changes import DocumentChangesContract
from shared.testing.contracts.document_queries import DocumentQueriesContract
from shared.testing.contracts.documents import DocumentsContract
from shared.testing.emulators import free_port


class TestFirestoreDocuments(DocumentsContract, DocumentQueriesContract, DocumentChangesContract):
    examples = 20

    @pytest.fixture
    def documents(self, firestore_host: str, project: str) -> Iterator[FirestoreDocuments]:
        documents = FirestoreDocuments(project=project, emulator_host=firestore_host)
        yield documents
        documents.close()


def test_a_store_that_does_not_answer_is_unavailable_in_time() -> None:
    documents = FirestoreDocuments(
        project="demo-x", emulator_host=f"127.0.0.1:{free_port()}", timeout_s=0.5, query_timeout_s=0.5
    )
    started = time.monotonic()
    with pytest.raises(Unavailable, match=r"cars/a"):
        documents.get("cars/a")
    with pytest.raises(Unavailable, match=r"cars/a"):
        documents.commit([Write("cars/a", {"n": 1})])
    with pytest.raises(Unavailable, match=r"\[cars\]"):
        documents.query(Query("cars"))
    documents.close()
    assert time.monotonic() - started < 5
