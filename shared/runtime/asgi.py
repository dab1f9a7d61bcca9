"""Problem details where Starlette answers by itself: no such path, a wrong method, a bug."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from shared.errors import Rejected
from shared.runtime.reply import Answer, problem


def as_response(answer: Answer) -> Response:
    return Response(answer.encoded(), answer.status, dict(answer.headers), answer.content_type)


async def _refused(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    path = request.url.path
    refusal = Rejected(f"[{request.method}] [{path}]: {error.detail}")
    refusal.status, refusal.title = error.status_code, HTTPStatus(error.status_code).phrase
    refusal.headers.update(error.headers or {})
    return as_response(problem(refusal, instance=path))


async def _failed(request: Request, error: Exception) -> Response:
    return as_response(problem(error, instance=request.url.path))


PROBLEM_HANDLERS: Mapping[Any, Any] = {HTTPException: _refused, Exception: _failed}
