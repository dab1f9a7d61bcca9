"""Vectors follow the documents: late, twice, out of order, after a failure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from shared.adapters.embedded.models import EmbeddedModels
from shared.errors import Unavailable
from shared.events.memory import MemoryChanged
from shared.memory.memory import Memory, State
from shared.ports import Embedding, Scope, Write
from shared.testing.harness import Harness, model_folder, running

CEO = Scope(tenant_id="autohaus", person_id="ceo")


class CountingModels(EmbeddedModels):
    is_away = False
    asked = 0
    space = ""

    def embed(self, texts: Sequence[str]) -> Embedding:
        if self.is_away:
            raise Unavailable("the model is away")
        self.asked += len(texts)
        answered = super().embed(texts)
        return Embedding(self.space or answered.model, answered.vectors)


@pytest.fixture
def models() -> CountingModels:
    return CountingModels(model_folder())


@pytest.fixture
def harness(tmp_path: Path, models: CountingModels) -> Iterator[Harness]:
    with running(tmp_path, replaced={"models": lambda _: models}, delivering=False) as product:
        yield product


def kept(harness: Harness, memory_id: str, **more: Any) -> None:
    memory = Memory(
        memory_id=memory_id,
        person_id="ceo",
        text=f"text of {memory_id}",
        stated_at=harness.platform.clock.now(),
    ).model_copy(update=more)
    harness.tenant().documents.commit([Write(memory.path, memory.document())])


def told(harness: Harness, *ids: str, change: str = "stored", cause: str = "", attempt: int = 1) -> Any:
    event = MemoryChanged(person_id="ceo", memory_ids=ids, change=change)
    return harness.deliver(
        "memory_indexer", event, cause=cause or f"{'-'.join(ids)}-{change}", attempt=attempt
    )


def held(harness: Harness, *ids: str) -> list[str]:
    return [one.id for one in harness.platform.vectors.held(CEO, ids)]


def test_a_live_memory_gets_its_vector_and_a_replaced_one_loses_it(harness: Harness) -> None:
    kept(harness, "a")
    kept(harness, "b")
    assert told(harness, "a", "b").status == 200
    assert held(harness, "a", "b") == ["a", "b"]
    kept(harness, "a", state=State.SUPERSEDED)
    assert told(harness, "b", "a", change="superseded").status == 200
    assert held(harness, "a", "b") == ["b"]


def test_the_same_event_again_asks_the_model_for_nothing(harness: Harness, models: CountingModels) -> None:
    kept(harness, "a")
    told(harness, "a", cause="one")
    asked = models.asked
    assert told(harness, "a", cause="one").status == 200
    assert told(harness, "a", cause="another").status == 200
    assert models.asked == asked and held(harness, "a") == ["a"]


def test_an_event_that_comes_late_changes_nothing_back(harness: Harness) -> None:
    kept(harness, "a", state=State.SUPERSEDED)
    assert told(harness, "a", change="stored").status == 200
    assert told(harness, "gone", change="stored").status == 200
    assert held(harness, "a", "gone") == []


def test_while_the_model_is_away_the_event_comes_again(harness: Harness, models: CountingModels) -> None:
    kept(harness, "a")
    models.is_away = True
    assert told(harness, "a").status == 503
    assert held(harness, "a") == []
    models.is_away = False
    assert told(harness, "a", attempt=2).status == 200
    assert held(harness, "a") == ["a"]


def test_a_vector_of_another_model_is_made_anew(harness: Harness, models: CountingModels) -> None:
    kept(harness, "a")
    told(harness, "a", cause="one")
    models.space = "newer-model"
    assert told(harness, "a", cause="two").status == 200
    (vector,) = harness.platform.vectors.held(CEO, ["a"])
    assert vector.model == "newer-model"


def test_after_a_change_of_the_model_the_persons_other_memories_follow(
    harness: Harness, models: CountingModels
) -> None:
    kept(harness, "a")
    kept(harness, "hers", person_id="sales")
    told(harness, "a", cause="one")
    models.space = "newer-model"
    kept(harness, "b")
    assert told(harness, "b", cause="two").status == 200
    assert [one.model for one in harness.platform.vectors.held(CEO, ["a", "b"])] == ["newer-model"] * 2
    assert held(harness, "hers") == []


def test_a_memory_of_somebody_else_gets_no_vector_here(harness: Harness) -> None:
    kept(harness, "hers", person_id="sales")
    assert told(harness, "hers").status == 200
    assert held(harness, "hers") == []
    assert harness.platform.vectors.held(Scope(tenant_id="autohaus", person_id="sales"), ["hers"]) == []


def test_a_deletion_is_proved_once(harness: Harness) -> None:
    assert told(harness, "gone", "older", change="deleted", cause="one").status == 200
    first = harness.tenant().documents.get("memory_receipts/gone")
    assert first and first.data["memory_ids"] == ["gone", "older"]
    assert told(harness, "gone", "older", change="deleted", cause="two").status == 200
    second = harness.tenant().documents.get("memory_receipts/gone")
    assert second and second.version == first.version


@pytest.mark.parametrize("person", ["", "..", "a\x00b"])
def test_a_person_that_is_none_is_refused_and_not_tried_again(harness: Harness, person: str) -> None:
    event = MemoryChanged(person_id=person, memory_ids=("a",), change="stored")
    answered = harness.deliver("memory_indexer", event, cause=f"bad-{len(person)}")
    assert answered.status == 200 and b"no id" in answered.body


def test_an_event_that_cannot_be_read_is_kept_and_not_tried_again(harness: Harness) -> None:
    answered = harness.product.deliver("memory_indexer", b'{"message": {"data": "bm8="}}')
    assert answered.status == 200 and b"rejected" in answered.body
