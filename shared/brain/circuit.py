"""A provider that failed again and again is left alone for a while: nobody waits for it in the meantime.

Each process keeps its own count. Without it every message would wait out the provider's whole timeout, and
the few threads of an instance would be spent on waiting.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from weakref import WeakKeyDictionary

from shared.platform import Platform

FAILURES = 3
"""In a row; one answer in between, even a useless one, shows that the provider is there."""

LEFT_ALONE_S = 20.0


@dataclass
class Circuit:
    """Of one provider. After a while alone one caller tries it, the others go on without it."""

    now: Callable[[], float] = time.monotonic
    _failures: int = 0
    _closed_until: float = 0.0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def may_ask(self) -> bool:
        with self._lock:
            if self._failures < FAILURES:
                return True
            if self.now() < self._closed_until:
                return False
            self._closed_until = self.now() + LEFT_ALONE_S
            return True

    def failed(self) -> None:
        with self._lock:
            self._failures += 1
            if self._failures >= FAILURES:
                self._closed_until = self.now() + LEFT_ALONE_S

    def answered(self) -> None:
        with self._lock:
            self._failures = 0


_circuits: WeakKeyDictionary[Platform, dict[str, Circuit]] = WeakKeyDictionary()
_lock = threading.Lock()


def circuit_of(platform: Platform, provider: str) -> Circuit:
    """The one circuit of the provider in this process."""
    with _lock:
        return _circuits.setdefault(platform.whole, {}).setdefault(provider, Circuit())
