"""Every answer is looked through once more, so a store that forgets its filter gives nothing away."""

from __future__ import annotations

from pathlib import Path

from shared.adapters.embedded.documents import SqliteDocuments
from shared.ports import Document, Query
from shared.testing.harness import running
from tests.functions.memory_vault.conftest import Person
from tests.functions.memory_vault.test_scope import ASKED, SECRET


class CarelessDocuments(SqliteDocuments):
    """Answers with everything in the collection, whoever was asked about."""

    def query(self, query: Query) -> list[Document]:
        return super().query(Query(query.collection))


def test_a_store_that_answers_too_much_gives_nothing_of_anothers_away(tmp_path: Path) -> None:
    documents = CarelessDocuments(tmp_path / "documents.db")
    replaced = {"documents": lambda _: documents}
    with running(tmp_path, replaced=replaced, delivering=False) as harness:
        ceo, sales = Person(harness, "ceo"), Person(harness, "sales")
        ceo.say(SECRET)
        sales.say("Call me Alex")
        assert sales.ask(ASKED, k=50) == ["Call me Alex"]
        assert sales.listed() == ["Call me Alex"]
        replacing = sales.say("I prefer to sell the Rockford lot after summer")
        assert replacing["superseded"] is None and ceo.listed() == [SECRET]
