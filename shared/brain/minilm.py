"""Sentence vectors from MiniLM on the CPU: what the embedded model port and the router stand on.

The files are made once by `python -m shared.brain.minilm_build`; this module only reads them.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from threading import Lock
from typing import Any

from shared.errors import Misconfigured

MODEL_ID = "minilm-l6-v2-int8w-1"
"""Names the vector space; stored beside every vector so that spaces are never mixed."""

DIMENSIONS = 384
GRAPH_FILE, TOKENIZER_FILE, MANIFEST_FILE = "model.onnx", "tokenizer.json", "manifest.json"
MAX_TOKENS = 256
THREADS = 2


class SentenceEncoder:
    """Loaded on the first text, not on construction; one per process is enough, threads may share it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._loading = Lock()
        self._loaded: tuple[Any, Any] | None = None

    def encode(self, text: str) -> Any:
        """float32 [384], length 1. Each text runs alone, so its vector never depends on its neighbours."""
        import numpy as np

        tokenizer, session = self._model()
        ids = np.array([tokenizer.encode(text).ids], dtype=np.int64)
        return session.run(None, {"ids": ids, "mask": np.ones_like(ids)})[0][0]

    def encode_all(self, texts: Sequence[str]) -> Any:
        """float32 [len(texts), 384]."""
        import numpy as np

        return np.stack([self.encode(text) for text in texts]) if texts else np.zeros((0, DIMENSIONS), "f4")

    def _model(self) -> tuple[Any, Any]:
        with self._loading:
            if self._loaded is None:
                self._loaded = load(self.folder)
            return self._loaded


def load(folder: Path) -> tuple[Any, Any]:
    """The tokenizer and the inference session. Raises `Misconfigured` when the model was not built."""
    if not (folder / MANIFEST_FILE).is_file():
        raise Misconfigured(
            f"There is no sentence model in [{folder}]: run `python -m shared.brain.minilm_build` "
            "or point COS_MODEL_DIR at a folder that has one"
        )
    import onnxruntime
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_file(str(folder / TOKENIZER_FILE))
    tokenizer.no_padding()
    tokenizer.enable_truncation(MAX_TOKENS)
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = THREADS
    options.inter_op_num_threads = 1
    # Without this the runtime rounds activations to int8 on some processors only: the same text would
    # get another vector on another machine.
    options.add_session_config_entry("session.disable_quant_qdq", "1")
    session = onnxruntime.InferenceSession(
        str(folder / GRAPH_FILE), options, providers=["CPUExecutionProvider"]
    )
    return tokenizer, session


@lru_cache(maxsize=4)
def sentence_encoder(folder: Path) -> SentenceEncoder:
    """The process's encoder for a folder: the 23 MB are read once."""
    return SentenceEncoder(folder)
