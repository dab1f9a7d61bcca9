"""One port for the whole product: functions by their manifests' paths, the socket, local controls."""

from __future__ import annotations

import threading
from collections.abc import Awaitable, Callable, Iterable, MutableMapping
from typing import Any
from wsgiref.types import StartResponse, WSGIEnvironment

from a2wsgi import WSGIMiddleware
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import BaseRoute, Mount, Route

from shared.errors import NotFound
from shared.local.controls import control_routes
from shared.local.front_page import front_page
from shared.local.product import LocalProduct
from shared.runtime.reply import problem

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Scope]]
Send = Callable[[Scope], Awaitable[None]]

WORKERS = 32


class Holder:
    """The running product; a reset closes it and opens another on fresh sample data."""

    def __init__(self, open_product: Callable[[bool], LocalProduct]) -> None:
        self._open = open_product
        self._resetting = threading.Lock()
        self.product = open_product(False)

    def reset(self) -> None:
        with self._resetting:
            self.product.close()
            self.product = self._open(True)


def create_server(holder: Holder) -> Starlette:
    async def index(request: Request) -> Response:
        return HTMLResponse(front_page(holder.product))

    routes: list[BaseRoute] = [Route("/", index), *control_routes(holder), _socket(holder)]
    routes.append(Mount("/", WSGIMiddleware(_dispatcher(holder), workers=WORKERS)))  # type: ignore[arg-type]
    return Starlette(routes=routes)


def _dispatcher(holder: Holder) -> Callable[[WSGIEnvironment, StartResponse], Iterable[bytes]]:
    """The function whose manifest has the path, as the load balancer's URL map does it."""

    def dispatch(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        # A mount moves the path into SCRIPT_NAME; a function sees the whole path, as in production.
        environ["PATH_INFO"] = environ.get("SCRIPT_NAME", "") + environ["PATH_INFO"]
        environ["SCRIPT_NAME"] = ""
        try:
            function = holder.product.function_for(environ["REQUEST_METHOD"], environ["PATH_INFO"])
        except NotFound as error:
            answer = problem(error, instance=environ["PATH_INFO"])
            start_response("404 Not Found", [("Content-Type", answer.content_type)])
            return [answer.encoded()]
        return holder.product.app(function)(environ, start_response)

    return dispatch


def _socket(holder: Holder) -> BaseRoute:
    """The chat_stream service, made anew after a reset because it is bound to one platform."""
    made: dict[int, Any] = {}

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        from functions.chat_stream.main import create_app

        platform = holder.product.platform
        if id(platform) not in made:
            for former in made.values():
                await former.state.sockets.close()
            made.clear()
            made[id(platform)] = create_app(platform)
        # The mount's prefix is forgotten: the service routes the whole path, as in production.
        await made[id(platform)]({**scope, "root_path": ""}, receive, send)

    return Mount("/ws", app)
