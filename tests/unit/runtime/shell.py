"""One capability behind the HTTP shell, to be called, hung and broken."""

from __future__ import annotations

import io
import json
import threading
from typing import Annotated, Any

from pydantic import BaseModel, StringConstraints

from shared.manifest import Manifest
from shared.ports import Claims, Write
from shared.runtime.auth import Caller, key_hash
from shared.runtime.http import Request, handle_request
from shared.runtime.inject import QueryModel, Signature, read_signature
from shared.runtime.reply import Answer
from shared.runtime.request import RawBody
from shared.runtime.work import UnitOfWork
from tests.unit.runtime.rig import BellHeard, World, manifest


class Lower(dict[str, str]):
    """Headers looked up without regard to case."""

    def get(self, key: str, default: str = "", /) -> str:  # type: ignore[override]  # no case
        return {name.lower(): value for name, value in self.items()}.get(key.lower(), default)


class Bell(BaseModel):
    name: Annotated[str, StringConstraints(min_length=1)]
    note: dict[str, list[int]] = {}


class Loudness(QueryModel):
    loud: int = 1


class Shell:
    """One capability with three routes and a handler that can be made to fail or to hang."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.failure: BaseException | None = None
        self.hang: threading.Event | None = None
        self.ended = threading.Event()
        self.runs = 0
        self.signatures: dict[str, Signature] = {
            handler.__name__: read_signature(handler) for handler in (self.ring, self.show, self.upload)
        }
        self.manifest = self.manifest_with()
        world.store.commit(
            [
                Write(f"api_keys/{key_hash('good')}", {"name": "web", "tenant_id": "t1"}),
                Write(f"api_keys/{key_hash('gone')}", {"name": "old", "tenant_id": "t1", "revoked": True}),
            ]
        )

    def manifest_with(self, **changes: Any) -> Manifest:
        routes: list[dict[str, Any]] = [
            {"method": "POST", "path": "/api/bells", "handler": "ring", "auth": ["api_key", "user"]},
            {"method": "GET", "path": "/api/bells/{name}", "handler": "show", "auth": ["user"]},
            {"method": "PUT", "path": "/api/bells/{name}", "handler": "upload", "auth": ["user"]},
        ]
        routes[0] |= {"roles": ["ceo"], "max_body_bytes": 200}
        routes = [{**route, "summary": "x"} for route in routes]
        return manifest("bells", kind="http", subscribes=None, handler=None, routes=routes, **changes)

    def ring(self, bell: Bell, loudness: Loudness, work: UnitOfWork, caller: Caller) -> Answer:
        self.runs += 1
        try:
            if self.hang:
                self.hang.wait(10)
            found = work.get(f"bells/{bell.name}")
            times = (found.data["times"] if found else 0) + loudness.loud
            work.put(f"bells/{bell.name}", {"times": times, "by": caller.id})
            work.emit(BellHeard(name=bell.name))
            if self.failure:
                raise self.failure
            return Answer(201, {"id": work.new_id(), "times": times})
        finally:
            self.ended.set()

    def show(self, name: str, work: UnitOfWork) -> dict[str, Any]:
        return dict(work.require(f"bells/{name}").data)

    def upload(self, name: str, raw: RawBody) -> dict[str, int]:
        return {"bytes": len(raw.read())}

    def token(self, *roles: str, tenant: str = "t1") -> dict[str, str]:
        token = self.world.tokens.issue(Claims("user", "ann", tenant, roles))
        return {"Authorization": f"Bearer {token}"}

    def call(
        self,
        method: str = "POST",
        path: str = "/api/bells",
        *,
        body: bytes | None = None,
        kind: str = "application/json",
        headers: dict[str, str] | None = None,
        query: dict[str, str] | None = None,
        declared: bool = True,
        **fields: Any,
    ) -> Answer:
        content = json.dumps(fields).encode() if body is None else body
        raw = RawBody(kind, io.BytesIO(content), 0, len(content) if declared else None)
        sent = Lower({"X-API-Key": "good"} if headers is None else headers)
        request = Request(method, path, query or {}, sent, raw)
        return handle_request(self.world.platform, self.manifest, self.signatures, request)

    def times(self, name: str = "a", tenant: str = "t1") -> int:
        found = self.world.data(f"bells/{name}", tenant)
        return found["times"] if found else 0


def said(answer: Answer) -> dict[str, Any]:
    body: dict[str, Any] = json.loads(answer.encoded())
    return body
