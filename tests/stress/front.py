"""The last hop of the bus: hands each push to one of a function's processes after the other, as often, as
late and in whatever order a test says."""

from __future__ import annotations

import json
import threading
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from shared.testing.http_stub import Reply, Request
from tests.stress.boundary import Witness

Deliver = Callable[[str, bytes], tuple[int, str]]
"""Function and push body to status and reason."""


class Front:
    def __init__(self, deliver: Deliver) -> None:
        self.witness = Witness()
        self.copies: Callable[[], int] = lambda: 1
        """How many processes get a push at once."""
        self.answers: Counter[tuple[str, str]] = Counter()
        """Function and what it said, with what stands after a colon left out."""
        self._deliver = deliver
        self._attempts: Counter[tuple[str, str]] = Counter()
        self._kept: list[tuple[str, dict[str, Any]]] | None = None
        self._busy = 0
        self._lock = threading.Lock()
        self._pool = ThreadPoolExecutor(64)
        self._stopped = False

    def answer(self, request: Request) -> Reply:
        _, kind, name = request.path.split("/")
        if self._stopped:
            return Reply(503)
        pushed = json.loads(request.body)
        if kind == "witness":
            self.witness.take(name, pushed)
            return Reply(204)
        with self._lock:
            if self._kept is not None:
                self._kept.append((name, pushed))
                return Reply(204)
            self._busy += 1
        try:
            return Reply(max(self.push(name, pushed, self.copies())))
        finally:
            with self._lock:
                self._busy -= 1

    def push(self, function: str, pushed: dict[str, Any], copies: int = 1) -> list[int]:
        """Delivers the push as often at once, each time to the next process; answers every status."""
        with self._lock:
            key = (function, str(pushed["message"]["messageId"]))
            self._attempts[key] += 1
            body = json.dumps({**pushed, "deliveryAttempt": self._attempts[key]}).encode()
        deliveries = [self._pool.submit(self._deliver, function, body) for _ in range(copies)]
        said = [delivery.result() for delivery in deliveries]
        with self._lock:
            self.answers.update((function, reason.partition(":")[0]) for _, reason in said)
        return [status for status, _ in said]

    def keep(self) -> None:
        """From now on the bus is told that all is well and the pushes are kept for the test to deliver."""
        with self._lock:
            self._kept = []

    def kept(self) -> Sequence[tuple[str, dict[str, Any]]]:
        with self._lock:
            return list(self._kept or ())

    def forward(self) -> None:
        with self._lock:
            self._kept = None

    def is_idle(self) -> bool:
        with self._lock:
            return self._busy == 0

    def stop(self) -> None:
        """The emulator goes on pushing while the functions end; nobody needs to hear it."""
        self._stopped = True
        self._pool.shutdown()
