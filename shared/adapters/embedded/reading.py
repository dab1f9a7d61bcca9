"""Writing in pictures: rapidocr, whose weights are in its wheel."""

from __future__ import annotations

import logging
from functools import lru_cache
from threading import Lock
from typing import Any

from shared.adapters.embedded.sight import Picture
from shared.errors import Misconfigured
from shared.ports import Seen

MODEL_ID = "rapidocr"
LEAST_CONFIDENCE = 0.5
BLURRED = 8.0
"""Nothing can be read in a picture whose Laplacian varies less."""

_alone = Lock()


def read_writing(picture: Picture) -> tuple[Seen, ...]:
    """The lines of writing in one picture, as they stand from top to bottom."""
    if picture.sharpness < BLURRED:
        return ()
    with _alone:
        found = _reader()(picture.pixels)
    if found.txts is None:
        return ()
    return tuple(
        Seen(picture.at_s, str(text), round(float(score), 3))
        for text, score in zip(found.txts, found.scores, strict=True)
        if score >= LEAST_CONFIDENCE
    )


@lru_cache(maxsize=1)
def _reader() -> Any:
    try:
        from rapidocr import RapidOCR
    except ImportError as error:
        raise Misconfigured(
            "[rapidocr] is not installed, so nothing can be read: install the group [media] of "
            "pyproject.toml (`make run` does) or set COS_PROFILE=google"
        ) from error
    reader = RapidOCR(params={"Global.log_level": "error"})
    logging.getLogger("RapidOCR").setLevel(logging.ERROR)
    return reader
