from __future__ import annotations

from pathlib import Path

import pytest

from shared.adapters.embedded.models import EmbeddedModels
from shared.brain.minilm import MODEL_ID
from shared.errors import Misconfigured, Unavailable
from shared.ports import Models
from shared.testing.contracts.models import ModelsContract
from shared.testing.harness import model_folder

ALIKE = [
    ("A man is playing a guitar.", "Someone plays the guitar."),
    ("The car needs new brake pads.", "The brakes of the vehicle have to be replaced."),
    ("The delivery will be late.", "The shipment is delayed."),
]
RELATED = [
    ("A man is playing a guitar.", "A man is playing the drums."),
    ("The car needs new brake pads.", "The car needs an oil change."),
    ("The delivery will be late.", "The delivery was cancelled."),
]
UNLIKE = [
    ("A man is playing a guitar.", "The stock market fell sharply."),
    ("The car needs new brake pads.", "She sings in a choir."),
    ("The delivery will be late.", "Cats sleep most of the day."),
]


@pytest.fixture(scope="module")
def minilm() -> EmbeddedModels:
    return EmbeddedModels(model_folder())


class TestEmbeddedModels(ModelsContract):
    @pytest.fixture
    def models(self, minilm: EmbeddedModels) -> Models:
        return minilm


def similarities(models: EmbeddedModels, pairs: list[tuple[str, str]]) -> list[float]:
    return [sum(a * b for a, b in zip(*models.embed(pair).vectors, strict=True)) for pair in pairs]


def test_likeness_of_sentences_is_ordered_as_people_order_it(minilm: EmbeddedModels) -> None:
    alike, related, unlike = (similarities(minilm, pairs) for pairs in (ALIKE, RELATED, UNLIKE))
    assert all(a > r > u for a, r, u in zip(alike, related, unlike, strict=True))
    assert min(alike) > 0.6 and max(unlike) < 0.2


def test_vectors_are_the_published_models_up_to_rounding(minilm: EmbeddedModels) -> None:
    # The example of the model's own card, in fp32.
    (vector,) = minilm.embed(["This is an example sentence"]).vectors
    expected = [0.0677, 0.0635, 0.0487, 0.0793, 0.0374, 0.0027]
    assert vector[:6] == pytest.approx(expected, abs=4e-3)


def test_the_space_is_named(minilm: EmbeddedModels) -> None:
    embedding = minilm.embed(["x"])
    assert embedding.model == MODEL_ID
    assert len(embedding.vectors[0]) == 384


def test_there_is_no_text_generation_and_the_words_say_what_to_do(minilm: EmbeddedModels) -> None:
    with pytest.raises(Unavailable, match="COS_PROFILE=google"):
        minilm.generate(model="gemini", prompt="hi", schema={}, timeout_s=1)


def test_a_model_that_was_not_built_says_how_to_build_it(tmp_path: Path) -> None:
    with pytest.raises(Misconfigured, match="minilm_build"):
        EmbeddedModels(tmp_path).embed(["x"])


def test_the_longest_text_is_cut_not_refused(minilm: EmbeddedModels) -> None:
    assert len(minilm.embed(["word " * 5000]).vectors[0]) == 384
