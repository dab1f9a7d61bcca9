"""Language models without a cloud: MiniLM vectors, ears and eyes for media; nothing writes text."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from shared.adapters.embedded.blobs import FolderBlobs
from shared.brain.minilm import MODEL_ID, sentence_encoder
from shared.errors import Unavailable
from shared.ports import Blobs, Data, Embedding, Generation, MediaPart, Observation


def _no_files() -> Blobs:
    raise Unavailable("these models were given no files to look at")


class EmbeddedModels:
    """`folder` holds the model that `python -m shared.brain.minilm_build` made; `blobs` gives the folder of
    files that media parts name."""

    def __init__(self, folder: Path, blobs: Callable[[], Blobs] = _no_files) -> None:
        self._encoder = sentence_encoder(folder)
        self._blobs = blobs

    def generate(
        self, *, model: str, prompt: str, schema: Data, timeout_s: float, media: Sequence[MediaPart] = ()
    ) -> Generation:
        raise Unavailable(
            f"the embedded profile has no language model [{model}]: tasks answer with their own embedded "
            "implementation; set COS_PROFILE=google for Gemini"
        )

    def observe(self, part: MediaPart, *, vocabulary: str) -> Observation:
        """A 30 s walk-around takes 3-5 s of two cores. Speech models and OCR are loaded on the first file."""
        from shared.adapters.embedded.senses import observe

        blobs = self._blobs()
        assert isinstance(blobs, FolderBlobs), "the libraries read files, not streams"
        return observe(blobs.path(part.key), content_type=part.content_type, vocabulary=vocabulary)

    def embed(self, texts: Sequence[str]) -> Embedding:
        """One text at a time, so a vector is the same whatever else was asked for. 384 dimensions."""
        return Embedding(MODEL_ID, [self._encoder.encode(text).tolist() for text in texts])
