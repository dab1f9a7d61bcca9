from __future__ import annotations

import pytest

from shared.brain.minilm import SentenceEncoder
from shared.testing.harness import model_folder


@pytest.fixture(scope="session")
def encoder() -> SentenceEncoder:
    return SentenceEncoder(model_folder())
