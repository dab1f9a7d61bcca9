"""A body of two gigabytes is refused before it is read, and fills nobody's memory."""

from __future__ import annotations

import asyncio
from typing import Any

from shared.deploy.platform_limits import MOST_BODY_BYTES
from shared.local.body_limit import LimitedBodies, Receive, Scope, Send

PIECE = b"x" * 1_000_000


class Client:
    """Sends pieces for as long as somebody takes them."""

    def __init__(self, pieces: int, *headers: tuple[bytes, bytes]) -> None:
        self.scope: Scope = {"type": "http", "path": "/api/media/ingest", "headers": list(headers)}
        self.left, self.sent = pieces, 0
        self.heard: list[Scope] = []

    async def receive(self) -> Scope:
        self.left, self.sent = self.left - 1, self.sent + 1
        return {"type": "http.request", "body": PIECE, "more_body": self.left > 0}

    async def send(self, message: Scope) -> None:
        self.heard.append(message)


async def reading_all(scope: Scope, receive: Receive, send: Send) -> None:
    """As functions-framework does: to the end, whatever was answered."""
    read, more = 0, True
    while more:
        message: Any = await receive()
        read, more = read + len(message["body"]), message["more_body"]
    await send({"type": "http.response.start", "status": 200, "read": read})


def call(client: Client) -> Client:
    asyncio.run(LimitedBodies(reading_all)(client.scope, client.receive, client.send))
    return client


def test_a_body_that_says_it_has_two_gigabytes_is_refused_unread() -> None:
    client = call(Client(2_000, (b"content-length", b"2000000000")))
    assert (client.heard[0]["status"], client.sent) == (413, 0)
    assert b"2000000000" in client.heard[1]["body"]


def test_of_a_body_that_does_not_end_no_more_is_read_than_shows_it() -> None:
    client = call(Client(2_000))
    assert client.heard[0]["read"] == MOST_BODY_BYTES + 1
    assert client.sent == 34


def test_a_body_within_the_limit_comes_whole() -> None:
    client = call(Client(5, (b"content-length", b"5000000")))
    assert client.heard[0]["read"] == 5_000_000
