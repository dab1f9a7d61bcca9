"""Makes the plain function that functions-framework serves, from a manifest and its handlers.

    crm_intake = entry_point(__file__, take_lead, unmerge, show_person)

Handlers say in their parameters what they need (see docs/authoring.md); the manifest says which
handler serves which route, topic or schedule.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import flask

from shared.errors import CosError, Misconfigured
from shared.manifest import Manifest, Route, read_manifest
from shared.platform import Platform
from shared.runtime.auth import Presented, authenticate
from shared.runtime.http import Request, handle_request
from shared.runtime.inject import Signature, read_signature
from shared.runtime.push import Consumer
from shared.runtime.reply import Answer, problem
from shared.runtime.request import RawBody
from shared.runtime.tick import handle_tick

READY_PATH = "/_ready"
PUSH_BYTES = 15_000_000
"""A Pub/Sub message has 10 MB at most, a third more in base64."""

EntryPoint = Callable[[flask.Request], flask.Response]

SERVICE_ROUTE = Route(
    method="POST", path="/", handler="-", summary="Pub/Sub push or Scheduler", auth=("service",)
)


def entry_point(main_file: str, *handlers: Callable[..., Any]) -> EntryPoint:
    """Raises `Misconfigured` when manifest and handlers do not fit each other."""
    manifest = read_manifest(Path(main_file).with_name("function.yaml"))
    signatures = {handler.__name__: read_signature(handler) for handler in handlers}
    _check(manifest, signatures)

    def serve(request: flask.Request) -> flask.Response:
        from shared.wiring import current_platform

        platform = current_platform().granting(manifest.ports, to=manifest.name)
        return _as_flask(dispatch(platform, manifest, signatures, request))

    serve.__name__ = serve.__qualname__ = manifest.name
    serve.__doc__ = manifest.meaning
    serve.manifest, serve.signatures = manifest, signatures  # type: ignore[attr-defined]  # of a function
    return serve


def dispatch(
    platform: Platform, manifest: Manifest, signatures: Mapping[str, Signature], request: flask.Request
) -> Answer:
    """One request to one capability, whatever its kind."""
    if request.path == READY_PATH:
        return Answer(200, {"function": manifest.name, "ready": True})
    if manifest.kind == "http":
        return handle_request(platform, manifest, signatures, _as_request(request))
    try:
        # Cloud Run asks for a right to call what events and schedules drive (terraform/product: invokers).
        authenticate(platform, Presented(SERVICE_ROUTE, request.headers, checked=True))
    except CosError as error:
        return problem(error, instance=request.path)
    signature = signatures[manifest.handler or ""]
    if manifest.kind == "event":
        body = RawBody("", request.stream, PUSH_BYTES, request.content_length)
        last_resort = signatures.get(manifest.on_giving_up or "")
        verdict = Consumer(platform, manifest, signature, last_resort).handle(body.read())
        return Answer(verdict.status, json.dumps({"reason": verdict.reason}))
    return handle_tick(platform, manifest, signature)


def _check(manifest: Manifest, signatures: Mapping[str, Signature]) -> None:
    if manifest.handlers != set(signatures):
        raise Misconfigured(
            f"functions/{manifest.name}: function.yaml names handlers {sorted(manifest.handlers)}, "
            f"main.py gives {sorted(signatures)}"
        )


def _as_request(request: flask.Request) -> Request:
    # The route, found next, sets the body's limit.
    body = RawBody(request.content_type or "", request.stream, 0, request.content_length)
    query = request.query_string.decode("latin-1")
    called = f"{request.scheme}://{request.host}{request.path}{'?' if query else ''}{query}"
    return Request(request.method, request.path, request.args.to_dict(), request.headers, body, called)


def _as_flask(answer: Answer) -> flask.Response:
    response = flask.Response(answer.encoded(), answer.status, content_type=answer.content_type)
    response.headers.update(answer.headers)
    response.headers.setdefault("Cache-Control", "no-store")
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response
