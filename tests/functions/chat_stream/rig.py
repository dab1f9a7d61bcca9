"""The service on a real port, its clients real sockets; the answers come as the composer's would."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

import uvicorn
from websockets.sync.client import ClientConnection, connect

from functions.chat_stream.main import create_app
from shared.domain.session import Frame, answer
from shared.platform import Platform
from shared.runtime.cause import Cause
from shared.runtime.unit import run_unit
from shared.testing.harness import Harness


@dataclass
class Client:
    """One open socket."""

    connection: ClientConnection

    def say(self, **message: Any) -> None:
        self.connection.send(json.dumps(message))

    def hear(self, timeout: float = 20) -> dict[str, Any]:
        frame: dict[str, Any] = json.loads(self.connection.recv(timeout=timeout))
        return frame

    def hears_nothing(self, for_s: float = 0.25) -> bool:
        try:
            self.connection.recv(timeout=for_s)
        except TimeoutError:
            return True
        return False

    def close(self) -> None:
        self.connection.close()


class Service:
    """`answer` puts a frame into a session as the plate composer does."""

    def __init__(self, harness: Harness, port: int) -> None:
        self.harness = harness
        self.port = port

    @contextmanager
    def socket(
        self, *, persona: str = "ceo", tenant: str = "autohaus", in_query: bool = False, **query: Any
    ) -> Iterator[Client]:
        token = self.harness.product.token(persona, tenant)
        headers = {} if in_query else {"Authorization": f"Bearer {token}"}
        asked = urlencode({**query, **({"token": token} if in_query else {})})
        with connect(f"{self.address}?{asked}", additional_headers=headers) as connection:
            yield Client(connection)

    @property
    def address(self) -> str:
        return f"ws://127.0.0.1:{self.port}/ws/chat"

    def message(self, number: int = 1) -> dict[str, Any]:
        """The data of the `number`-th message that was accepted."""
        deadline = time.monotonic() + 5
        while time.monotonic() < deadline:
            told = self.harness.events("message-received")
            if len(told) >= number:
                data: dict[str, Any] = told[number - 1]["data"]
                return data
            time.sleep(0.01)
        raise AssertionError(f"message {number} was never accepted")

    def post(self, text: str, session_id: str | None = None) -> dict[str, Any]:
        body = {"text": text, **({"session_id": session_id} if session_id else {})}
        accepted: dict[str, Any] = self.harness.call("POST", "/api/chat", json=body, persona="ceo").json()
        return accepted

    def answer(self, message: dict[str, Any], text: str, tenant: str = "autohaus") -> None:
        answer_message(self.harness.platform, message, text, tenant)

    def cursor(self, session_id: str) -> int:
        found = self.harness.tenant().documents.get(f"sessions/{session_id}/cursors/socket")
        return found.data["seq"] if found else 0


def answer_message(platform: Platform, message: dict[str, Any], text: str, tenant: str = "autohaus") -> None:
    cause = Cause(f"{message['message_id']}-{text}", "test", tenant, "test")
    frame = Frame.model_validate({"type": "HANDOFF", "message_id": message["message_id"], "text": text})
    run_unit(platform, cause, lambda work: answer(work, message["session_id"], message["seq"], frame))


@contextmanager
def serving(harness: Harness) -> Iterator[Service]:
    config = uvicorn.Config(create_app(harness.platform), host="127.0.0.1", port=0, log_level="error")
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        while not server.started:
            time.sleep(0.005)
        yield Service(harness, server.servers[0].sockets[0].getsockname()[1])
    finally:
        server.should_exit = True
        thread.join()
