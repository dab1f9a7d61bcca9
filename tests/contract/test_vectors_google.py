from __future__ import annotations

from collections.abc import Iterator

import pytest

from shared.adapters.google.vectors import FirestoreVectors
from shared.testing.contracts.vectors import VectorsContract


class TestFirestoreVectors(VectorsContract):
    @pytest.fixture
    def vectors(self, firestore_host: str, project: str) -> Iterator[FirestoreVectors]:
        vectors = FirestoreVectors(project=project, emulator_host=firestore_host)
        yield vectors
        vectors.close()
