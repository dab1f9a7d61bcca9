"""A store that is busy for a moment is asked again: what the owner's tools write may be written twice."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from typing import TypeVar

from shared.errors import Unavailable

T = TypeVar("T")

TRIES = 6
FIRST_PAUSE_S = 0.5


def patiently(call: Callable[[], T]) -> T:
    """What `call` answers. Raises its `Unavailable` when it stays so for half a minute."""
    for attempt in range(TRIES - 1):
        try:
            return call()
        except Unavailable:
            time.sleep(FIRST_PAUSE_S * 2**attempt * random.uniform(0.8, 1.2))
    return call()
