"""Reading a request: bounded bodies, the route that fits, models that name the wrong field."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import IO, Any

from pydantic import BaseModel, ValidationError

from shared.errors import NotFound, Rejected, TooLarge, UnsupportedMedia
from shared.events.base import SAFE_ID
from shared.manifest import Route
from shared.runtime.inject import Signature
from shared.runtime.reply import invalid

CHUNK = 65_536


class MethodNotAllowed(Rejected):
    status, title = 405, "Method not allowed"


@dataclass
class RawBody:
    """The body as it comes, never more than `limit` bytes. For handlers that read it themselves."""

    content_type: str
    stream: IO[bytes]
    limit: int
    declared_length: int | None = None

    def chunks(self) -> Iterator[bytes]:
        """Raises `TooLarge` at the limit, before the rest is read."""
        if self.declared_length is not None and self.declared_length > self.limit:
            raise TooLarge(f"the body has {self.declared_length} bytes; the limit is {self.limit}")
        left = self.limit
        while chunk := self.stream.read(CHUNK):
            left -= len(chunk)
            if left < 0:
                raise TooLarge(f"the body is over the limit of {self.limit} bytes")
            yield chunk

    def read(self) -> bytes:
        return b"".join(self.chunks())


class BodyModel(BaseModel):
    """Base of models that read other content types than JSON: override `media_types` and `read_body`."""

    @classmethod
    def media_types(cls) -> tuple[str, ...]:
        return ("application/json",)

    @classmethod
    def documented_as(cls) -> Mapping[str, Any]:
        """For the API's documentation: the type of the body by content type. Other texts are strings."""
        return {name: cls if name == "application/json" else str for name in cls.media_types()}

    @classmethod
    def read_body(cls, content_type: str, body: bytes) -> BodyModel:
        """Raises `Malformed` or `InvalidInput`, or pydantic's `ValidationError`."""
        return cls.model_validate_json(body)


def find_route(routes: tuple[Route, ...], method: str, path: str) -> tuple[Route, dict[str, str]]:
    """The route and its path parameters. Raises `NotFound` or `MethodNotAllowed`."""
    fitting = [(route, found) for route in routes if (found := pattern(route.path).fullmatch(path))]
    for route, found in fitting:
        if route.method == method:
            return route, found.groupdict()
    if fitting:
        allowed = ", ".join(route.method for route, _ in fitting)
        error = MethodNotAllowed(f"[{method}] does not exist here; {allowed} does")
        error.headers["Allow"] = allowed
        raise error
    raise NotFound(f"there is nothing at [{path}]")


@lru_cache(maxsize=256)
def pattern(path: str) -> re.Pattern[str]:
    """`/api/persons/{person_id}` as a pattern; a parameter is an id, so never a path."""
    parts = re.split(r"\{(\w+)\}", path)
    return re.compile(
        "".join(
            f"(?P<{part}>{SAFE_ID.pattern})" if index % 2 else re.escape(part)
            for index, part in enumerate(parts)
        )
    )


def read_models(signature: Signature, raw: RawBody, query: Mapping[str, Any]) -> dict[type, Any]:
    """The models the handler asks for, by their type. Raises `InvalidInput` naming the field."""
    models: dict[type, Any] = {}
    try:
        if (query_model := signature.query_model()) is not None:
            models[query_model] = query_model.model_validate(dict(query))
        if (body_model := signature.body_model()) is not None:
            models[body_model] = _read_body(body_model, raw)
    except ValidationError as error:
        raise invalid(error) from error
    return models


def _read_body(model: type[BaseModel], raw: RawBody) -> BaseModel:
    media_type = raw.content_type.partition(";")[0].strip().lower()
    accepted = model.media_types() if issubclass(model, BodyModel) else ("application/json",)
    if media_type not in accepted:
        raise UnsupportedMedia(
            f"[{media_type or 'no content type'}] is not read here; {', '.join(accepted)} is"
        )
    body = raw.read()
    return (
        model.read_body(media_type, body) if issubclass(model, BodyModel) else model.model_validate_json(body)
    )
