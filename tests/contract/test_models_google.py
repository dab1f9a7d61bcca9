from __future__ import annotations

import json
import time
from collections.abc import Iterator

import pytest

from shared.adapters.google.models import VertexModels
from shared.brain.inspect_media.answer import InspectionAnswer
from shared.errors import Misconfigured, Unavailable, UnsupportedMedia
from shared.ports import MediaPart, Models
from shared.testing.contracts.models import ModelsContract
from shared.testing.vertex_stub import VertexStub, vertex_stub

SCHEMA = {"type": "object", "properties": {"intent": {"type": "string"}}, "required": ["intent"]}


@pytest.fixture
def vertex() -> Iterator[VertexStub]:
    with vertex_stub({"intent": "CRM"}) as stub:
        yield stub


@pytest.fixture
def gemini(vertex: VertexStub) -> Iterator[VertexModels]:
    models = VertexModels(
        project="p", region="us-central1", embedding_model="gemini-embedding-001", base_url=vertex.url
    )
    yield models
    models.close()


class TestVertexModels(ModelsContract):
    @pytest.fixture
    def models(self, gemini: VertexModels) -> Models:
        return gemini


def ask(models: VertexModels, timeout_s: float = 5) -> dict[str, object]:
    generation = models.generate(
        model="gemini-3.5-flash-lite", prompt="hi", schema=SCHEMA, timeout_s=timeout_s
    )
    return dict(generation.value)


def test_the_answer_is_parsed_and_its_tokens_are_counted(gemini: VertexModels, vertex: VertexStub) -> None:
    generation = gemini.generate(model="gemini-3.5-flash-lite", prompt="who?", schema=SCHEMA, timeout_s=5)
    assert generation.value == {"intent": "CRM"}
    assert (generation.model, generation.input_tokens, generation.output_tokens) == (
        "gemini-stub-001",
        210,
        25,
    )
    config = vertex.requests[0]["generationConfig"]
    assert config["responseMimeType"] == "application/json"
    assert config["responseJsonSchema"] == SCHEMA
    assert "projects/p/locations/global/publishers/google/models/gemini-3.5-flash-lite" in vertex.paths[0]


def test_no_schema_of_ours_is_refused_for_the_lengths_it_allows(
    gemini: VertexModels, vertex: VertexStub
) -> None:
    """Gemini refuses, naming nothing, lists that together may have some 960 entries."""
    schema = InspectionAnswer.model_json_schema()
    gemini.generate(model="m", prompt="hi", schema=schema, timeout_s=5)
    sent = vertex.requests[0]["generationConfig"]["responseJsonSchema"]
    assert "maxItems" in json.dumps(schema) and "Items" not in json.dumps(sent)
    assert "Length" not in json.dumps(sent)
    assert sent["$defs"].keys() == schema["$defs"].keys()
    assert sent["properties"]["findings"]["items"] == schema["properties"]["findings"]["items"]
    named = {"type": "object", "properties": {"maxItems": {"type": "integer"}}}
    gemini.generate(model="m", prompt="hi", schema=named, timeout_s=5)
    assert vertex.requests[1]["generationConfig"]["responseJsonSchema"] == named


def test_sound_is_called_as_vertex_calls_it_and_what_it_never_reads_is_not_sent(
    gemini: VertexModels, vertex: VertexStub
) -> None:
    def hear(content_type: str) -> None:
        media = [MediaPart("tenants/autohaus/media/m1", content_type)]
        gemini.generate(model="m", prompt="hi", schema=SCHEMA, timeout_s=5, media=media)

    hear("audio/aac")
    file, _ = vertex.requests[0]["contents"][0]["parts"]
    assert [one["mime_type"] for one in file.values()] == ["audio/x-aac"]
    with pytest.raises(UnsupportedMedia, match=r"audio/amr"):
        hear("audio/amr")
    assert len(vertex.requests) == 1


def test_embeddings_are_made_in_the_region_and_gemini_is_asked_where_it_is(vertex: VertexStub) -> None:
    models = VertexModels(
        project="p", region="us-central1", location="us", embedding_model="e", base_url=vertex.url
    )
    ask(models)
    models.embed(["a short text"])
    models.close()
    assert "/locations/us/publishers/" in vertex.paths[0]
    assert "/locations/us-central1/publishers/" in vertex.paths[1]


@pytest.mark.parametrize("status", [429, 503])
def test_an_overloaded_model_is_asked_again(gemini: VertexModels, vertex: VertexStub, status: int) -> None:
    vertex.statuses = [status]
    assert ask(gemini) == {"intent": "CRM"}
    assert len(vertex.requests) == 2


def test_a_model_that_stays_overloaded_is_unavailable(gemini: VertexModels, vertex: VertexStub) -> None:
    vertex.statuses = [429] * 9
    with pytest.raises(Unavailable, match="answered 429"):
        ask(gemini)
    assert len(vertex.requests) == 3


def test_a_broken_request_is_not_repeated(gemini: VertexModels, vertex: VertexStub) -> None:
    vertex.statuses = [400]
    with pytest.raises(Unavailable, match="answered 400"):
        ask(gemini)
    assert len(vertex.requests) == 1


def test_a_missing_right_names_the_role(gemini: VertexModels, vertex: VertexStub) -> None:
    vertex.statuses = [403]
    with pytest.raises(Misconfigured, match=r"aiplatform\.user"):
        ask(gemini)


def test_a_slow_model_is_unavailable_in_time(gemini: VertexModels, vertex: VertexStub) -> None:
    vertex.delay_s = 1.5
    started = time.perf_counter()
    with pytest.raises(Unavailable):
        ask(gemini, timeout_s=0.2)
    assert time.perf_counter() - started < 1.4
    assert len(vertex.requests) == 1


def test_retries_and_waiting_keep_to_the_deadline_together(gemini: VertexModels, vertex: VertexStub) -> None:
    vertex.statuses, vertex.delay_s = [503] * 9, 0.15
    started = time.perf_counter()
    with pytest.raises(Unavailable):
        ask(gemini, timeout_s=0.4)
    assert time.perf_counter() - started < 0.6


@pytest.mark.parametrize("answer", ["", "no json", "[1]"])
def test_an_answer_that_is_no_object_is_unavailable(
    gemini: VertexModels, vertex: VertexStub, answer: str
) -> None:
    vertex.answer = answer
    with pytest.raises(Unavailable, match="JSON"):
        ask(gemini)


def test_embeddings_go_one_text_a_call(gemini: VertexModels, vertex: VertexStub) -> None:
    assert gemini.embed(["a", "b"]).vectors == [[0.6, 0.8], [0.6, 0.8]]
    assert len(vertex.requests) == 2
    assert all(path.endswith(":predict") for path in vertex.paths)


def test_vectors_are_asked_for_in_the_length_the_index_has_and_the_space_says_what_came(
    gemini: VertexModels, vertex: VertexStub
) -> None:
    assert gemini.embed(["a"]).model == "gemini-embedding-001@2"
    assert vertex.requests[0]["parameters"]["outputDimensionality"] == 768
    vertex.embed = lambda text: [1.0, 0.0, float(len(text))]
    assert gemini.embed(["a"]).model == "gemini-embedding-001@3"
    assert gemini.embed([]).model == "gemini-embedding-001@768"


def test_nobody_there_is_unavailable() -> None:
    models = VertexModels(project="p", region="r", embedding_model="e", base_url="http://127.0.0.1:9")
    with pytest.raises(Unavailable, match="did not answer"):
        ask(models)
    models.close()
