"""What every adapter of the Models port keeps."""

from __future__ import annotations

import pytest

from shared.ports import Models


class ModelsContract:
    """A subclass gives the fixture `models`: an adapter that can embed."""

    def test_a_vector_per_text_all_in_one_named_space(self, models: Models) -> None:
        embedding = models.embed(["the truck is ready", "where is the driver", "hello"])
        assert len(embedding.vectors) == 3
        assert len({len(vector) for vector in embedding.vectors}) == 1
        assert embedding.model

    def test_vectors_have_length_one(self, models: Models) -> None:
        (vector,) = models.embed(["a short text"]).vectors
        assert sum(value * value for value in vector) == pytest.approx(1, abs=1e-5)

    def test_a_text_has_the_same_vector_alone_and_among_others(self, models: Models) -> None:
        alone = models.embed(["the truck is ready"]).vectors[0]
        among = models.embed(["a much longer text about something else entirely", "the truck is ready"])
        assert among.vectors[1] == alone

    def test_no_texts_no_vectors(self, models: Models) -> None:
        assert models.embed([]).vectors == []
