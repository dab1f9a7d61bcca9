"""Slack's incoming webhook, with its refusals and its bad days."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from shared.testing.http_stub import Reply, Request, serve

_PATH = "/services/T000/B000/stub"


class SlackStub:
    """`posts` holds what arrived, oldest first; `url` is the webhook's address."""

    url: str

    def __init__(self) -> None:
        self.posts: list[dict[str, Any]] = []
        self.fail_with: int | None = None
        self.stay_silent_s: float = 0.0

    def answer(self, request: Request) -> Reply:
        if self.fail_with:
            return Reply(self.fail_with, b"unlucky")
        if request.path != _PATH:
            return Reply(404, b"no_service")
        post = json.loads(request.body)
        if not post.get("text"):
            return Reply(400, b"no_text")
        self.posts.append(post)
        time.sleep(self.stay_silent_s)
        return Reply(200, b"ok")


@contextmanager
def slack_stub() -> Iterator[SlackStub]:
    stub = SlackStub()
    with serve(stub.answer) as url:
        stub.url = url + _PATH
        yield stub
