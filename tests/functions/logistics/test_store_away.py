"""A store that does not answer costs no position: the phone sends it again."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from shared.adapters.embedded.documents import SqliteDocuments
from shared.errors import Unavailable
from shared.ports import Document
from shared.testing.harness import Harness, running
from tests.functions.logistics.conftest import LOT


class Away:
    """Documents that do not answer when told so."""

    def __init__(self, documents: Any) -> None:
        self._documents, self.is_away = documents, False

    def __getattr__(self, name: str) -> Any:
        return getattr(self._documents, name)

    def get_many(self, paths: Any) -> list[Document | None]:
        if self.is_away:
            raise Unavailable("away")
        found: list[Document | None] = self._documents.get_many(paths)
        return found


def test_a_store_that_is_away_is_told_as_such_and_the_rows_come_again(tmp_path: Path) -> None:
    store = Away(SqliteDocuments(tmp_path / "documents.db"))
    with running(tmp_path, replaced={"documents": lambda _: store}, delivering=False) as harness:
        _away_and_back(harness, store)


def _away_and_back(harness: Harness, store: Away) -> None:
    trip = {"trip_id": "t", "start": True}
    assert harness.call("POST", "/api/logistics/trips", json=trip, api_key=True).status == 201
    row = {"row_id": "1", "trip_id": "t", "location": LOT}
    store.is_away = True
    assert harness.call("POST", "/api/logistics/location", json=[row], api_key=True).status == 503
    store.is_away = False
    assert harness.call("POST", "/api/logistics/location", json=[row], api_key=True).json()["kept"] == 1
