"""One route as an OpenAPI operation."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Annotated, Any, TypeAlias, get_args, get_origin

from pydantic import BaseModel

from shared.events.base import SAFE_ID
from shared.manifest import Manifest, Route
from shared.runtime.inject import QueryModel, Signature
from shared.runtime.reply import Says
from shared.runtime.request import BodyModel, RawBody
from shared.runtime.work import UnitOfWork

Schemas: TypeAlias = Mapping[tuple[str, str], Any]
"""JSON schema by (repr of the type, mode)."""

_REFUSALS = {
    400: "The body or a header cannot be read at all.",
    401: "No credential, or one that does not hold.",
    403: "A good credential without the right.",
    404: "There is no such record.",
    409: "It is being worked on, or stands with other content.",
    410: "It has ended or was withdrawn.",
    413: "The body is over the limit.",
    415: "The content type is not read here.",
    422: "A field is missing or wrong.",
    500: "Something failed on our side; nothing was changed.",
    503: "A store or provider does not answer; try again.",
    504: "It took too long and was given up; nothing was changed.",
}


@dataclass(frozen=True)
class Operation:
    """A route with what its handler takes and gives; `signature` is None for a socket."""

    manifest: Manifest
    route: Route
    signature: Signature | None

    # what it takes

    def bodies(self) -> Mapping[str, Any]:
        """The type of the body by content type."""
        model = self.signature.body_model() if self.signature else None
        if model is None:
            return {}
        return model.documented_as() if issubclass(model, BodyModel) else {"application/json": model}

    @property
    def reads_raw(self) -> bool:
        return self.signature is not None and RawBody in self.signature.parameters.values()

    @property
    def query(self) -> type[QueryModel] | None:
        return self.signature.query_model() if self.signature else None

    def taken(self) -> Iterator[Any]:
        yield from self.bodies().values()
        if self.query:
            yield self.query

    # what it gives

    @property
    def says(self) -> Says | None:
        answer = self.signature.answer if self.signature else None
        if get_origin(answer) is Annotated:
            return next((extra for extra in get_args(answer)[1:] if isinstance(extra, Says)), None)
        if isinstance(answer, type) and issubclass(answer, BaseModel):
            return Says(answer)
        return None

    def given(self) -> Iterator[Any]:
        if self.says and not isinstance(self.says.body, str):
            yield self.says.body

    # the operation

    def described(self, schemas: Schemas) -> dict[str, Any]:
        found = {
            "operationId": f"{self.manifest.name}.{self.route.handler}",
            "tags": [self.manifest.name],
            "summary": self.route.summary,
            "description": self._description(),
            "security": [{} if kind in ("public", "public_link") else {kind: []} for kind in self.route.auth],
            "parameters": self._parameters(schemas),
            "requestBody": self._request_body(schemas),
            "responses": self._responses(schemas),
            "x-roles": list(self.route.roles),
        }
        return {name: value for name, value in found.items() if value not in ("", [], {})}

    def _description(self) -> str:
        said = ((self.signature.handler.__doc__ if self.signature else None) or "").strip()
        text = re.sub(r"\s+", " ", said)
        if self.manifest.kind == "service":
            text += " A WebSocket: the answer is 101 and the talk goes on over the socket."
        roles = f" A user needs one of the roles {', '.join(self.route.roles)}." if self.route.roles else ""
        return (text + roles).strip()

    def _parameters(self, schemas: Schemas) -> list[dict[str, Any]]:
        in_path = [
            {
                "name": name,
                "in": "path",
                "required": True,
                "schema": {"type": "string", "pattern": f"^{SAFE_ID.pattern}$"},
            }
            for name in re.findall(r"\{(\w+)\}", self.route.path)
        ]
        return [*in_path, *self._query_parameters(schemas), *self._header_parameters()]

    def _query_parameters(self, schemas: Schemas) -> list[dict[str, Any]]:
        if self.query is None:
            return []
        whole = self.query.model_json_schema(ref_template="#/components/schemas/{model}")
        return [
            {"name": name, "in": "query", "required": name in whole.get("required", ()), "schema": schema}
            for name, schema in whole["properties"].items()
        ]

    def _header_parameters(self) -> list[dict[str, Any]]:
        changes = self.signature is not None and UnitOfWork in self.signature.parameters.values()
        if self.route.method == "GET" or not changes:
            return []
        meaning = "The first request with the key does the work; later ones get its answer again."
        schema = {"type": "string", "maxLength": 255}
        return [{"name": "Idempotency-Key", "in": "header", "description": meaning, "schema": schema}]

    def _request_body(self, schemas: Schemas) -> dict[str, Any]:
        if self.reads_raw:
            return {"required": True, "content": {"*/*": {"schema": {"type": "string", "format": "binary"}}}}
        content = {
            media: {"schema": schemas[repr(kind), "validation"]} for media, kind in self.bodies().items()
        }
        return {"required": True, "content": content} if content else {}

    def _responses(self, schemas: Schemas) -> dict[str, Any]:
        good = {str(status): self._good(schemas) for status in self._statuses()}
        problem = {"schema": {"$ref": "#/components/schemas/Problem"}}
        refused = {
            str(status): {"description": _REFUSALS[status], "content": {"application/problem+json": problem}}
            for status in self._refusals()
        }
        return {**good, **refused}

    def _good(self, schemas: Schemas) -> dict[str, Any]:
        if self.says is None:
            return {"description": "The socket is open." if self.signature is None else "Done."}
        body = self.says.body
        if isinstance(body, str):
            schema = {"type": "string"} if body.startswith("text/") else {}
            return {"description": "What was asked for.", "content": {body: {"schema": schema}}}
        content = {"application/json": {"schema": schemas[repr(body), "serialization"]}}
        return {"description": _first_sentence(body), "content": content}

    def _statuses(self) -> list[int]:
        if self.signature is None:
            return [101]
        if self.says is None:
            return [204 if self.signature.answer in (None, type(None)) else 200]
        return [status for status in (self.says.status, self.says.or_status) if status]

    def _refusals(self) -> list[int]:
        body = [400, 413, 415, 422] if self.bodies() or self.reads_raw else [422] if self.query else []
        work = self.signature is not None and UnitOfWork in self.signature.parameters.values()
        # A path names a record, and so may a body: the session of a message, the consumer of a replay.
        named = [404] if "{" in self.route.path or (body and work) else []
        key = [400, 422] if self._header_parameters() else []
        # A user who belongs to no dealership yet is 403 everywhere.
        rights = [401, 403] if set(self.route.auth) - {"public", "public_link"} else []
        link = [403, 404, 410] if self.route.link else []
        return sorted({*body, *key, *named, *rights, *link, *([409] if work else []), 500, 503, 504})


def _first_sentence(model: type[BaseModel]) -> str:
    text = re.sub(r"\s+", " ", (model.__doc__ or "").strip())
    return text.split(". ")[0] or model.__name__
