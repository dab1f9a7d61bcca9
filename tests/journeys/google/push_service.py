"""What the Pub/Sub emulator leaves out of a push: the service's token and the number of the attempt."""

from __future__ import annotations

import base64
import json
import threading
from collections import Counter
from typing import TYPE_CHECKING, Self

from shared.errors import CosError
from shared.testing.http_stub import Reply, Request

if TYPE_CHECKING:
    from tests.journeys.google.google_product import GoogleProduct


class PushService:
    """Stands between the emulator and the functions; a row topic's messages go into the table."""

    def __init__(self, product: GoogleProduct) -> None:
        self._product = product
        self._attempts: Counter[tuple[str, str]] = Counter()
        self._lock = threading.Lock()
        self._stopped = threading.Event()

    def answer(self, request: Request) -> Reply:
        _, kind, name = request.path.split("/")
        if self._stopped.is_set():
            return Reply(503)
        pushed = json.loads(request.body)
        if kind == "rows":
            return self._take_row(name, base64.b64decode(pushed["message"]["data"]))
        with self._lock:
            key = (name, str(pushed["message"]["messageId"]))
            self._attempts[key] += 1
            pushed["deliveryAttempt"] = self._attempts[key]
        response = self._product.deliver(name, json.dumps(pushed).encode())
        return Reply(response.status, response.body)

    def _take_row(self, topic: str, data: bytes) -> Reply:
        try:
            self._product.take_row(topic, data)
        except CosError as error:
            return Reply(500, str(error).encode())
        return Reply(204)

    def stop(self) -> None:
        """The emulator goes on pushing while the functions end; nobody needs to hear it."""
        self._stopped.set()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()
