"""The product as somebody outside meets it, whatever is behind its ports."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, suppress
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar

from websockets.sync.client import ClientConnection

from shared.errors import Transient
from shared.local.wsgi_call import Response
from shared.platform import Platform
from shared.ports import StoredMessage

T = TypeVar("T")

PATIENCE_S = 40.0


@dataclass
class Socket:
    """One open socket of a signed-in user."""

    connection: ClientConnection

    def say(self, **message: Any) -> None:
        self.connection.send(json.dumps(message))

    def hear(self, timeout_s: float = PATIENCE_S) -> dict[str, Any]:
        frame: dict[str, Any] = json.loads(self.connection.recv(timeout=timeout_s))
        return frame


class Product(Protocol):
    """A running product with the tenants `autohaus` and `northside` and no other data."""

    @property
    def platform(self) -> Platform:
        """To look inside; nothing is done through it that a person would do."""

    def call(
        self,
        method: str,
        target: str,
        *,
        json: Any = None,
        body: bytes | None = None,
        content_type: str = "application/json",
        tenant: str = "autohaus",
        api_key: bool | str = False,
        persona: str = "",
        headers: Mapping[str, str] | None = None,
    ) -> Response: ...

    def socket(
        self, *, persona: str = "ceo", tenant: str = "autohaus", **query: Any
    ) -> AbstractContextManager[Socket]: ...

    def deliver(self, function: str, push_body: bytes) -> Response:
        """One push of the bus, by hand."""

    def run(self, function: str) -> Response:
        """One call of the scheduler."""

    @property
    def twilio_token(self) -> str:
        """What Twilio signs its webhooks with."""

    def texts_out(self) -> list[dict[str, Any]]:
        """What left for phones, oldest first: `to`, `from`, `body`."""


def eventually(look: Callable[[], T | None], what: str, timeout_s: float = PATIENCE_S) -> T:
    """The first thing found that is not None, False or empty; a store that is away for a moment may be."""
    until = time.monotonic() + timeout_s
    while time.monotonic() < until:
        with suppress(Transient):
            if found := look():
                return found
        time.sleep(0.05)
    raise AssertionError(f"{what}: not within {timeout_s} s")


def ask(product: Product, text: str, *, persona: str = "ceo", **more: Any) -> dict[str, Any]:
    """Says it by POST; answers `{session_id, message_id, seq}`."""
    response = product.call("POST", "/api/chat", json={"text": text, **more}, persona=persona)
    assert response.status == 202, response.text
    accepted: dict[str, Any] = response.json()
    return accepted


def answer_to(product: Product, accepted: Mapping[str, Any], *, persona: str = "ceo") -> dict[str, Any]:
    """The frame that answers the message."""

    def look() -> dict[str, Any] | None:
        response = product.call("GET", f"/api/chat/{accepted['session_id']}", persona=persona)
        assert response.status == 200, response.text
        frames = response.json()["frames"]
        return next((f for f in frames if f["message_id"] == accepted["message_id"]), None)

    return eventually(look, f"an answer to {accepted}")


def told(product: Product, topic: str, fits: Callable[[dict[str, Any]], bool]) -> list[StoredMessage]:
    """The messages of the topic whose data fits, oldest first."""
    stored = product.platform.bus_operations.recent(topic, 1000)
    return [one for one in stored if fits(json.loads(one.message.data))]
