"""`/local/*`: what only the one-process product has. No deployed function ever serves these."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any, Protocol

from pydantic import BaseModel, ConfigDict, ValidationError
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from shared.errors import CosError
from shared.local.product import LocalProduct
from shared.runtime.reply import Answer, invalid, problem


class Login(BaseModel):
    model_config = ConfigDict(extra="forbid")

    persona: str
    tenant: str = "autohaus"


class Holder(Protocol):
    """Who holds the running product: a reset puts another in its place."""

    product: LocalProduct

    def reset(self) -> None: ...


def control_routes(holder: Holder) -> list[Route]:
    return [
        _route("/local/login", "POST", lambda request, body: login(holder.product, body)),
        _route("/local/outbox", "GET", lambda request, body: outbox(holder.product)),
        _route("/local/events", "GET", lambda request, body: events(holder.product, request)),
        _route("/local/run/{function}", "POST", lambda request, body: run(holder.product, request)),
        _route("/local/reset", "POST", lambda request, body: reset(holder)),
    ]


def login(product: LocalProduct, body: bytes) -> Answer:
    try:
        wanted = Login.model_validate_json(body)
    except ValidationError as error:
        raise invalid(error) from error
    token = product.token(wanted.persona, wanted.tenant)
    return Answer(200, {"token": token, "persona": wanted.persona, "tenant": wanted.tenant})


def outbox(product: LocalProduct) -> Answer:
    """Text and chat messages that would have left, newest last."""
    platform: Any = product.platform
    return Answer(200, {"messages": [*platform.messenger.sent(200), *platform.staff_chat.sent(200)]})


def events(product: LocalProduct, request: Request) -> Answer:
    """`?topic=` and `?limit=` (1 to 1000, default 50), newest last."""
    limit = int(request.query_params.get("limit") or 50)
    stored = product.platform.bus_operations.recent(
        request.query_params.get("topic"), max(1, min(limit, 1000))
    )
    return Answer(
        200,
        {
            "events": [
                {
                    "id": s.message.attributes["ce-id"],
                    "type": s.message.attributes["ce-type"],
                    "time": s.message.attributes["ce-time"],
                    "tenantid": s.message.attributes["ce-tenantid"],
                    "data": json.loads(s.message.data),
                }
                for s in stored
            ]
        },
    )


def run(product: LocalProduct, request: Request) -> Answer:
    response = product.run(request.path_params["function"])
    return Answer(response.status, response.body, content_type=response.headers["Content-Type"])


def reset(holder: Holder) -> Answer:
    holder.reset()
    return Answer(200, {"reset": True})


def _route(path: str, method: str, serve: Callable[[Request, bytes], Answer]) -> Route:
    async def endpoint(request: Request) -> Response:
        body = await request.body()
        answer = await run_in_threadpool(_safely, serve, request, body)
        return Response(answer.encoded(), answer.status, dict(answer.headers), answer.content_type)

    return Route(path, endpoint, methods=[method])


def _safely(serve: Callable[[Request, bytes], Answer], request: Request, body: bytes) -> Answer:
    try:
        return serve(request, body)
    except CosError as error:
        return problem(error, instance=request.url.path)
