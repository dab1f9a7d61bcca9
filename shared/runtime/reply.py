"""Answers: JSON for what worked, problem details (RFC 9457) for what did not."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from pydantic import BaseModel, ValidationError

from shared.errors import (
    Conflict,
    CosError,
    FieldError,
    InvalidInput,
    LeaseHeld,
    Malformed,
    Rejected,
    Transient,
    Unavailable,
)


@dataclass(frozen=True)
class Answer:
    """What a handler answers when 200 with a JSON body is not it."""

    status: int
    body: BaseModel | Mapping[str, Any] | str | bytes | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    content_type: str = "application/json"

    def encoded(self) -> bytes:
        if isinstance(self.body, BaseModel):
            return self.body.model_dump_json().encode()
        if isinstance(self.body, str | bytes):
            return self.body.encode() if isinstance(self.body, str) else self.body
        return b"" if self.body is None else json.dumps(self.body, default=str).encode()


@dataclass(frozen=True)
class Says:
    """What an `Answer` holds, for the API's documentation: `-> Annotated[Answer, Says(Accepted, 202)]`.

    `body` is a model, or a content type such as `text/html` for anything else than JSON.
    """

    body: type[BaseModel] | str
    status: int = 200
    or_status: int | None = None


def as_answer(result: Any) -> Answer:
    return result if isinstance(result, Answer) else Answer(200 if result is not None else 204, result)


def problem(error: Exception, *, instance: str = "") -> Answer:
    """The error as problem+json; foreign errors say nothing of the inside."""
    status, title = _status(error)
    body: dict[str, Any] = {"type": "about:blank", "title": title, "status": status}
    if isinstance(error, Unavailable):
        # Its own words name hosts and documents of the inside.
        body["detail"] = "Something this needs did not answer. Send it again with the same Idempotency-Key."
    elif isinstance(error, CosError):
        body["detail"] = str(error)
    else:
        body["detail"] = "Something failed on our side; nothing was changed. Try again, or tell the operator."
    if isinstance(error, Rejected) and error.errors:
        body["errors"] = [
            {**({} if e.line is None else {"line": e.line}), "field": e.field, "message": e.message}
            for e in error.errors
        ]
    if instance:
        body["instance"] = instance
    headers = {"WWW-Authenticate": "Bearer"} if status == 401 else {}
    headers |= error.headers if isinstance(error, Rejected) else {}
    if isinstance(error, Transient):
        headers["Retry-After"] = "1"
    return Answer(status, body, headers, "application/problem+json")


def _status(error: Exception) -> tuple[int, str]:
    if isinstance(error, Rejected):
        return error.status, error.title
    if isinstance(error, TimeoutError):
        return 504, "Took too long"
    if isinstance(error, LeaseHeld | Conflict):
        return 409, "Being worked on"
    if isinstance(error, Transient):
        return 503, "Not available right now"
    return 500, "Internal error"


def invalid(error: ValidationError) -> Rejected:
    """A pydantic error as ours: 400 for unreadable JSON, else 422 with each field."""
    found = error.errors(include_url=False, include_input=False, include_context=False)
    if found and found[0]["type"] == "json_invalid":
        return Malformed(f"the body is no valid JSON: {found[0]['msg']}")
    errors = tuple(FieldError(_field(e["loc"]), _message(e["msg"])) for e in found)
    first = errors[0]
    return InvalidInput(f"{first.field or 'body'}: {first.message}", errors=errors)


def _field(location: tuple[int | str, ...]) -> str:
    return ".".join(str(part) for part in location)


def _message(text: str) -> str:
    return text.removeprefix("Value error, ")
