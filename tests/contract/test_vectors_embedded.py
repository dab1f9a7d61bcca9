from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from shared.adapters.embedded.documents import SqliteDocuments
from shared.adapters.embedded.vectors import ExactVectors
from shared.testing.contracts.vectors import VectorsContract


class TestExactVectors(VectorsContract):
    @pytest.fixture
    def vectors(self, tmp_path: Path) -> Iterator[ExactVectors]:
        documents = SqliteDocuments(tmp_path / "documents.db")
        yield ExactVectors(documents)
        documents.close()
