"""An emulator on one port that can be killed, stopped for a while and started again."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any

from shared.testing.emulators import Emulator, free_port


class Service:
    def __init__(self, make: Callable[..., AbstractContextManager[Emulator]]) -> None:
        self._make = make
        self._port = free_port()
        self.host = f"127.0.0.1:{self._port}"
        self._running: AbstractContextManager[Emulator] | None = None
        self._pid = 0

    def start(self, **options: Any) -> None:
        self._running = self._make(port=self._port, **options)
        self._pid = self._running.__enter__().pid

    def kill(self) -> None:
        """As `kill -9`: nothing is written, nobody is told."""
        os.kill(self._pid, signal.SIGKILL)
        self.stop()

    @contextmanager
    def paused(self) -> Iterator[None]:
        """The process stands still: connections stay, nothing is answered, then all of it at once."""
        os.kill(self._pid, signal.SIGSTOP)
        try:
            yield
        finally:
            os.kill(self._pid, signal.SIGCONT)

    def stop(self) -> None:
        if self._running is not None:
            running, self._running = self._running, None
            running.__exit__(None, None, None)
