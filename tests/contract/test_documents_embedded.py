from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from shared.adapters.embedded.documents import SqliteDocuments
from shared.testing.contracts.document_changes import DocumentChangesContract
from shared.testing.contracts.document_queries import DocumentQueriesContract
from shared.testing.contracts.documents import DocumentsContract


class TestSqliteDocuments(DocumentsContract, DocumentQueriesContract, DocumentChangesContract):
    @pytest.fixture
    def documents(self, tmp_path: Path) -> Iterator[SqliteDocuments]:
        documents = SqliteDocuments(tmp_path / "documents.db")
        yield documents
        documents.close()
