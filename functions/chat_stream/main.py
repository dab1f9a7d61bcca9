"""The socket a signed-in user talks over. Served by `uvicorn functions.chat_stream.main:app`."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Awaitable, Callable, MutableMapping
from contextlib import asynccontextmanager
from functools import lru_cache, partial
from pathlib import Path
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route, WebSocketRoute
from starlette.websockets import WebSocket

from functions.chat_stream.conversation import RESTARTING, TRY_AGAIN_LATER, Conversation, Surroundings
from functions.chat_stream.delivered import Delivered
from functions.chat_stream.patience import Patience
from functions.chat_stream.threads import Threads
from shared.errors import CosError, Rejected
from shared.manifest import read_manifest
from shared.platform import Platform
from shared.runtime.asgi import PROBLEM_HANDLERS
from shared.runtime.auth import Caller, Presented, authenticate

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Scope]]
Send = Callable[[Scope], Awaitable[None]]

NOT_SIGNED_IN = 4401
READY_PATH = "/_ready"
MANIFEST = read_manifest(Path(__file__).with_name("function.yaml"))
(ROUTE,) = MANIFEST.routes


class ChatSockets:
    """All open sockets of one process."""

    def __init__(self, platform: Platform) -> None:
        threads = Threads()
        self._around = Surroundings(platform, threads, Delivered(), Patience(platform, threads))
        self._open: set[Conversation] = set()

    async def chat_socket(self, websocket: WebSocket) -> None:
        """Only a signed-in user is let in; the others are refused before the handshake ends."""
        try:
            caller = await self._around.threads.run(partial(self._caller, websocket))
        except CosError as error:
            await websocket.close(NOT_SIGNED_IN if isinstance(error, Rejected) else TRY_AGAIN_LATER)
            return
        await websocket.accept()
        conversation = Conversation(self._around, websocket, caller)
        self._open.add(conversation)
        try:
            await conversation.run(_resumed(websocket))
        finally:
            self._open.discard(conversation)

    async def close(self) -> None:
        """Sends everybody away, to come back to another instance."""
        for conversation in list(self._open):
            await conversation.close(RESTARTING)
        self._around.patience.close()
        self._around.threads.close()

    def _caller(self, websocket: WebSocket) -> Caller:
        token = websocket.query_params.get("token", "")
        return authenticate(self._around.platform, Presented(ROUTE, websocket.headers, token))


def _resumed(websocket: WebSocket) -> str | None:
    """`?session_id=…&after=…` says the same as a first message would."""
    asked = {key: websocket.query_params.get(key) for key in ("session_id", "after")}
    return json.dumps(asked) if asked["session_id"] else None


def create_app(platform: Platform) -> Starlette:
    """On those of the ports that the manifest names. `app.state.sockets.close()` ends it where no lifespan
    is run."""
    sockets = ChatSockets(platform.granting(MANIFEST.ports, to=MANIFEST.name))

    async def ready(request: Request) -> JSONResponse:
        return JSONResponse({"function": MANIFEST.name, "ready": True})

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        yield
        await sockets.close()

    routes = [Route(READY_PATH, ready), WebSocketRoute(ROUTE.path, sockets.chat_socket)]
    service = Starlette(routes=routes, lifespan=lifespan, exception_handlers=PROBLEM_HANDLERS)
    service.state.sockets = sockets
    return service


@lru_cache(maxsize=1)
def _service() -> Starlette:
    from shared.wiring import current_platform

    return create_app(current_platform())


async def app(scope: Scope, receive: Receive, send: Send) -> None:
    """The service on this process's own ports, built when it is first asked."""
    await _service()(scope, receive, send)
