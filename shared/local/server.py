"""One port for the whole product: functions by their manifests' paths, the socket, local controls."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable, MutableMapping
from http import HTTPStatus
from typing import Any
from wsgiref.types import StartResponse, WSGIEnvironment

from a2wsgi import WSGIMiddleware
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import BaseRoute, Mount, Route

from shared.errors import CosError
from shared.local.body_limit import LimitedBodies
from shared.local.controls import control_routes
from shared.local.front_page import front_page
from shared.local.holder import Holder
from shared.platform import Platform
from shared.runtime.asgi import PROBLEM_HANDLERS
from shared.runtime.problem_page import as_read_by
from shared.runtime.reply import problem

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Scope]]
Send = Callable[[Scope], Awaitable[None]]

WORKERS = 32
CLOSING_S = 5.0


def create_server(holder: Holder) -> Starlette:
    async def index(request: Request) -> Response:
        return HTMLResponse(front_page(holder.product))

    local = Mount("/local", routes=control_routes(holder))
    routes: list[BaseRoute] = [Route("/", index), local, Mount("/ws", Sockets(holder))]
    functions = _dispatcher(holder)
    served = WSGIMiddleware(functions, workers=WORKERS)  # type: ignore[arg-type]  # a2wsgi
    routes.append(Mount("/", LimitedBodies(served)))  # type: ignore[arg-type]  # its own types of ASGI
    return Starlette(routes=routes, exception_handlers=PROBLEM_HANDLERS)


def _dispatcher(holder: Holder) -> Callable[[WSGIEnvironment, StartResponse], Iterable[bytes]]:
    """The function whose manifest has the path, as the load balancer's URL map does it."""

    def dispatch(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        # A mount moves the path into SCRIPT_NAME; a function sees the whole path, as in production.
        environ["PATH_INFO"] = environ.get("SCRIPT_NAME", "") + environ["PATH_INFO"]
        environ["SCRIPT_NAME"] = ""
        # The server tells where a body ends, so one sent in pieces without a length is read as well.
        environ["wsgi.input_terminated"] = True
        try:
            with holder.use() as product:
                function = product.function_for(environ["REQUEST_METHOD"], environ["PATH_INFO"])
                return product.app(function)(environ, start_response)
        except CosError as error:
            found = problem(error, instance=environ["PATH_INFO"])
            answer = as_read_by(found, environ.get("HTTP_ACCEPT", ""))
            start_response(
                f"{answer.status} {HTTPStatus(answer.status).phrase}",
                [("Content-Type", answer.content_type), *answer.headers.items()],
            )
            return [answer.encoded()]

    return dispatch


class Sockets:
    """The chat_stream service, made anew after a reset because it is bound to one platform."""

    def __init__(self, holder: Holder) -> None:
        self._holder = holder
        self._made: tuple[Platform, Starlette] | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        holder.before_closing(self.close)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self._loop = asyncio.get_running_loop()
        service = await run_in_threadpool(self._service)
        # The mount's prefix is forgotten: the service routes the whole path, as in production.
        await service({**scope, "root_path": ""}, receive, send)

    def close(self) -> None:
        """Sends everybody away, to come back to the next product. Never on the loop's own thread."""
        if self._made and self._loop:
            _, service = self._made
            asyncio.run_coroutine_threadsafe(service.state.sockets.close(), self._loop).result(CLOSING_S)

    def _service(self) -> Starlette:
        from functions.chat_stream.main import create_app

        with self._holder.use() as product:
            if self._made is None or self._made[0] is not product.platform:
                self._made = (product.platform, create_app(product.platform))
            return self._made[1]
