"""Google's Routes API, as far as one way by car goes, with its refusals and its bad days."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from shared.domain.place import meters_between
from shared.port_types import Place
from shared.testing.http_stub import Reply, Request, json_reply, serve

KEY = "routes-test-key"
DETOUR, SPEED_MPS = 1.3, 12.0
_PATH = "/directions/v2:computeRoutes"


class RoutesStub:
    """`asked` holds the requests' bodies, oldest first."""

    url: str

    def __init__(self) -> None:
        self.asked: list[dict[str, Any]] = []
        self.fail_with: int | None = None
        self.answers_with: bytes | None = None
        self.stay_silent_s: float = 0.0

    def answer(self, request: Request) -> Reply:
        time.sleep(self.stay_silent_s)
        if self.fail_with:
            return json_reply({"error": {"code": self.fail_with, "message": "unlucky"}}, self.fail_with)
        if (request.method, request.path) != ("POST", _PATH):
            return json_reply({"error": {"code": 404}}, 404)
        if request.headers.get("x-goog-api-key") != KEY:
            return json_reply({"error": {"code": 403, "status": "PERMISSION_DENIED"}}, 403)
        if "x-goog-fieldmask" not in request.headers:
            return json_reply({"error": {"code": 400, "message": "FieldMask is a required parameter"}}, 400)
        body = json.loads(request.body)
        self.asked.append(body)
        return Reply(200, self.answers_with) if self.answers_with is not None else json_reply(_routes(body))


def _routes(body: dict[str, Any]) -> dict[str, Any]:
    ends = [Place(**body[end]["location"]["latLng"]) for end in ("origin", "destination")]
    meters = round(meters_between(*ends) * DETOUR)
    # As in protobuf's JSON a number that is 0 is left out.
    length = {"distanceMeters": meters} if meters else {}
    return {"routes": [{**length, "duration": f"{round(meters / SPEED_MPS)}s"}]}


@contextmanager
def routes_stub() -> Iterator[RoutesStub]:
    stub = RoutesStub()
    with serve(stub.answer) as url:
        stub.url = url
        yield stub
