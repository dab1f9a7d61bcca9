"""One whole way through the live product: a question is asked and its plate is mounted."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from shared.deploy.smoke_web import Answer, Web

QUESTION = "What is our error rate today?"
"""Every dealership has an answer to it, also one without any data."""

LOOKS_EVERY_S = 1.0


def plate(web: Web, *, seconds: float, sleep: Callable[[float], None] = time.sleep) -> str:
    """As the signed-in user of `web.known_as`. What is wrong, or nothing. Raises `Unreachable`."""
    asked = web.ask("POST", "/api/chat", headers=web.known_as, body={"text": QUESTION})
    accepted = asked.json()
    if asked.status != 202 or not isinstance(accepted, dict):
        return f"POST /api/chat answers {asked.status} {asked.body[:200]!r}"
    path = f"/api/chat/{accepted['session_id']}"
    until = time.monotonic() + seconds
    while True:
        answer = web.ask("GET", path, headers=web.known_as)
        frame = _frame(answer, accepted["message_id"])
        if frame is not None:
            return (
                ""
                if frame.get("type") == "MOUNT_PLATE"
                else f"the answer is a [{frame.get('type')}], not a plate"
            )
        if time.monotonic() > until:
            return f"no answer within {seconds:g} s; GET {path} answers {answer.status}"
        sleep(LOOKS_EVERY_S)


def _frame(answer: Answer, message_id: str) -> dict[str, Any] | None:
    content = answer.json()
    frames = content.get("frames", []) if isinstance(content, dict) else []
    return next((dict(frame) for frame in frames if frame.get("message_id") == message_id), None)
