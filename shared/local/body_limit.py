"""Bodies end where Cloud Run ends them: what is longer never fills this process's memory.

functions-framework reads a request to its end before it answers, also one that a function has refused; in the
cloud the platform sends such a request away before a function sees it.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from shared.deploy.platform_limits import MOST_BODY_BYTES
from shared.errors import TooLarge
from shared.runtime.reply import problem

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Scope]]
Send = Callable[[Scope], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]


class LimitedBodies:
    """Answers 413 to what says it is longer; of what does not say, as many bytes go on as show that it is."""

    def __init__(self, app: App) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        length = dict(scope.get("headers", ())).get(b"content-length", b"0")
        if length.isdigit() and int(length) > MOST_BODY_BYTES:
            await _refuse(scope, int(length), send)
            return
        left = MOST_BODY_BYTES + 1

        async def limited() -> Scope:
            nonlocal left
            message = await receive()
            if message["type"] != "http.request":
                return message
            body = message.get("body", b"")[:left]
            left -= len(body)
            return {**message, "body": body, "more_body": message.get("more_body", False) and left > 0}

        await self._app(scope, limited, send)


async def _refuse(scope: Scope, length: int, send: Send) -> None:
    error = TooLarge(f"the body has {length} bytes; a request has {MOST_BODY_BYTES} at most")
    answer = problem(error, instance=scope["path"])
    headers = [(b"content-type", answer.content_type.encode()), (b"connection", b"close")]
    await send({"type": "http.response.start", "status": answer.status, "headers": headers})
    await send({"type": "http.response.body", "body": answer.encoded()})
