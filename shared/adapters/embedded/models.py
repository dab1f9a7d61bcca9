"""Language models without a cloud: MiniLM vectors; text generation there is none."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from shared.brain.minilm import MODEL_ID, sentence_encoder
from shared.errors import Unavailable
from shared.ports import Data, Embedding, Generation


class EmbeddedModels:
    """`folder` holds the model that `python -m shared.brain.minilm_build` made."""

    def __init__(self, folder: Path) -> None:
        self._encoder = sentence_encoder(folder)

    def generate(self, *, model: str, prompt: str, schema: Data, timeout_s: float) -> Generation:
        raise Unavailable(
            f"the embedded profile has no language model [{model}]: tasks answer with their own embedded "
            "implementation; set COS_PROFILE=google for Gemini"
        )

    def embed(self, texts: Sequence[str]) -> Embedding:
        """One text at a time, so a vector is the same whatever else was asked for. 384 dimensions."""
        return Embedding(MODEL_ID, [self._encoder.encode(text).tolist() for text in texts])
