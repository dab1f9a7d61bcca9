"""Words and word pieces of a message as a sparse vector, the same offline and in the serving path."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise
from typing import Any
from zlib import crc32

DIMENSIONS = 4096
PLACEHOLDERS = (
    (re.compile(r"\S+@\S+\.\w+"), " emailaddress "),
    (re.compile(r"\b[a-hj-npr-z0-9]{17}\b"), " vinnumber "),
    (re.compile(r"(?:\+?1[\s.-]?)?\(?\d{3}\)?[\s.-]?\d{3}[\s.-]?\d{4}\b"), " phonenumber "),
    (re.compile(r"\$\s?[\d,.]+k?|\b\d+(?:[.,]\d+)?k\b"), " moneyamount "),
    (re.compile(r"\b(?:19|20)\d\d\b"), " yearnumber "),
    (re.compile(r"\d+"), " number "),
    (re.compile(r"[^a-z ]+"), " "),
)


def normalized(text: str) -> str:
    """Lower case, numbers by kind: which number it is says nothing about the intent."""
    plain = text.lower().replace("'", "").replace("’", "")
    for pattern, placeholder in PLACEHOLDERS:
        plain = pattern.sub(placeholder, plain)
    return " ".join(plain.split())


def terms(text: str) -> Iterator[str]:
    """Words, pairs of words, and pieces of 3-5 letters, which survive a typo."""
    words = normalized(text).split()
    yield from words
    yield from (f"{first}_{second}" for first, second in pairwise(words))
    for word in words:
        padded = f"<{word}>"
        for size in (3, 4, 5):
            yield from (f"#{padded[at : at + size]}" for at in range(len(padded) - size + 1))


def term_counts(text: str) -> dict[int, int]:
    """How often each hashed term occurs; crc32 because Python's own hash changes with every process."""
    return dict(Counter(crc32(term.encode()) % DIMENSIONS for term in terms(text)))


def sparse_vector(text: str, weights: Any) -> Any:
    """float32 [4096], length 1: (1 + ln count) · inverse document frequency."""
    import numpy as np

    vector = np.zeros(DIMENSIONS, dtype=np.float32)
    for index, count in term_counts(text).items():
        vector[index] = (1 + np.log(count)) * weights[index]
    length = float(np.linalg.norm(vector))
    return vector / length if length else vector
