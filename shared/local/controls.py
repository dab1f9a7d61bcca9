"""`/local/*`: what only the one-process product has. No deployed function ever serves these."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Annotated, Any, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, ValidationError
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from shared.errors import CosError
from shared.local.holder import Holder
from shared.local.product import LocalProduct
from shared.runtime.asgi import as_response
from shared.runtime.reply import Answer, invalid, problem

M = TypeVar("M", bound=BaseModel)
Serve = Callable[[Request, bytes], Answer]


class Newest(BaseModel):
    """Which events are shown: 1 to 1000 of one topic or of all."""

    topic: str | None = None
    limit: Annotated[int, BeforeValidator(lambda text: text or 50)] = 50


class Login(BaseModel):
    model_config = ConfigDict(extra="forbid")

    persona: str
    tenant: str = "autohaus"


def control_routes(holder: Holder) -> list[Route]:
    """Below `/local`."""

    def on_product(serve: Callable[[LocalProduct, Request, bytes], Answer]) -> Serve:
        def served(request: Request, body: bytes) -> Answer:
            with holder.use() as product:
                return serve(product, request, body)

        return served

    return [
        _route("/login", "POST", on_product(lambda product, request, body: login(product, body))),
        _route("/outbox", "GET", on_product(lambda product, request, body: outbox(product))),
        _route("/events", "GET", on_product(lambda product, request, body: events(product, request))),
        _route("/run/{function}", "POST", on_product(lambda product, request, body: run(product, request))),
        _route("/reset", "POST", lambda request, body: reset(holder)),
    ]


def login(product: LocalProduct, body: bytes) -> Answer:
    wanted = _validated(Login, body)
    token = product.token(wanted.persona, wanted.tenant)
    return Answer(200, {"token": token, "persona": wanted.persona, "tenant": wanted.tenant})


def outbox(product: LocalProduct) -> Answer:
    """Text and chat messages that would have left, newest last."""
    platform: Any = product.platform
    return Answer(200, {"messages": [*platform.messenger.sent(200), *platform.staff_chat.sent(200)]})


def events(product: LocalProduct, request: Request) -> Answer:
    """`?topic=` and `?limit=` (1 to 1000, default 50), newest last."""
    wanted = _validated(Newest, dict(request.query_params))
    stored = product.platform.bus_operations.recent(wanted.topic, max(1, min(wanted.limit, 1000)))
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


def _validated(model: type[M], given: bytes | Mapping[str, str]) -> M:
    try:
        return model.model_validate_json(given) if isinstance(given, bytes) else model.model_validate(given)
    except ValidationError as error:
        raise invalid(error) from error


def _route(path: str, method: str, serve: Serve) -> Route:
    async def endpoint(request: Request) -> Response:
        answer = await run_in_threadpool(_safely, serve, request, await request.body())
        return as_response(answer)

    return Route(path, endpoint, methods=[method])


def _safely(serve: Serve, request: Request, body: bytes) -> Answer:
    try:
        return serve(request, body)
    except CosError as error:
        return problem(error, instance=request.url.path)
