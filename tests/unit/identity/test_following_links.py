"""Whom an id stands for after merges upon merges."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from shared.domain.person import Person, master_of
from shared.ports import Document

NOW = datetime(2026, 11, 20, 9, tzinfo=UTC)


class Stored:
    """People `p0` to `p<count-1>`, and links between them."""

    def __init__(self, count: int, links: dict[str, str]) -> None:
        people = [Person(person_id=f"p{number}", created_at=NOW, updated_at=NOW) for number in range(count)]
        self.data: dict[str, dict[str, Any]] = {person.path: person.to_data() for person in people}
        for one, master in links.items():
            self.data[f"person_links/{one}"] = {"status": "linked", "master_person_id": master}

    def get_many(self, paths: list[str]) -> list[Document | None]:
        return [Document(path, self.data[path], "1") if path in self.data else None for path in paths]


@pytest.mark.parametrize("length", [0, 1, 19, 20, 200])
def test_a_chain_of_merges_has_no_longest_length(length: int) -> None:
    stored = Stored(length + 1, {f"p{number}": f"p{number + 1}" for number in range(length)})
    master = master_of(stored, "p0")
    assert master is not None
    assert master.person_id == f"p{length}"


def test_links_in_a_circle_end_and_say_so() -> None:
    with pytest.raises(RuntimeError, match="circle"):
        master_of(Stored(2, {"p0": "p1", "p1": "p0"}), "p0")
