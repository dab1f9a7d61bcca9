"""The HTTP shell: authenticate → parse → idempotency key → handler → JSON, within a hard deadline."""

from __future__ import annotations

import hashlib
import time
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from shared.errors import Conflict, InvalidInput, LeaseHeld, Malformed, Rejected
from shared.events.base import EVENT_NAMESPACE
from shared.manifest import Manifest, Route
from shared.observability import annotate, current_traceparent, log_fields, span
from shared.platform import Platform, Tenant
from shared.runtime.auth import Caller, Headers, Presented, authenticate
from shared.runtime.cause import Cause
from shared.runtime.deadline import with_deadline
from shared.runtime.failures import Attempt, record_failure
from shared.runtime.inject import Signature
from shared.runtime.lease import Done, Lease, acquire, release
from shared.runtime.problem_page import as_read_by
from shared.runtime.reply import Answer, as_answer, problem
from shared.runtime.request import RawBody, find_route, read_models
from shared.runtime.unit import run_unit
from shared.runtime.webhook import Webhook
from shared.runtime.work import UnitOfWork


@dataclass(frozen=True)
class Request:
    """What the shell needs of a request, whatever framework brought it."""

    method: str
    path: str
    query: Mapping[str, Any]
    headers: Headers
    body: RawBody
    called: str = ""
    """The whole address as it was called, as far as this server can tell."""


def handle_request(
    platform: Platform, manifest: Manifest, signatures: Mapping[str, Signature], request: Request
) -> Answer:
    """Answers every request; nothing a handler raises gets out as anything but problem details."""
    with (
        log_fields(function=manifest.name),
        span(
            f"{request.method} {manifest.name}",
            parent=request.headers.get("traceparent", ""),
            function=manifest.name,
        ) as running,
    ):
        found = _answered(platform, manifest, signatures, request)
        answer = as_read_by(found, request.headers.get("Accept", ""))
        running.attributes["status"] = answer.status
        return answer


def _answered(
    platform: Platform, manifest: Manifest, signatures: Mapping[str, Signature], request: Request
) -> Answer:
    caller: Caller | None = None
    try:
        route, path_values = find_route(manifest.routes, request.method, request.path)
        request = replace(request, body=replace(request.body, limit=route.max_body_bytes))
        request, presented = _presented(route, request, path_values)
        caller = authenticate(platform, presented)
        annotate(tenant=caller.tenant_id or None)
        exchange = Exchange(
            platform, manifest, route, signatures[route.handler], request, caller, path_values
        )
        return with_deadline(manifest.timeout_seconds, exchange.run)
    except (Rejected, Conflict, LeaseHeld) as error:
        return problem(error, instance=request.path)
    except Exception as error:  # noqa: BLE001 - the last net: logged, recorded, answered 500 or 503
        failed = Attempt(manifest.name, caller.tenant_id if caller else "")
        record_failure(platform, failed, "request.failed", error)
        return problem(error, instance=request.path)


def _presented(route: Route, request: Request, path_values: Mapping[str, str]) -> tuple[Request, Presented]:
    """What shows who calls; a request that is signed as a whole is read for it and can be read again."""
    presented = Presented(route, request.headers, path_values=path_values)
    if "twilio" not in route.auth:
        return request, presented
    content = request.body.read()
    webhook = Webhook(called=request.called, content_type=request.body.content_type, body=content)
    return replace(request, body=_replayed(request.body, content)), replace(presented, webhook=webhook)


@dataclass(frozen=True)
class Exchange:
    """One authenticated request on its way through the handler."""

    platform: Platform
    manifest: Manifest
    route: Route
    signature: Signature
    request: Request
    caller: Caller
    path_values: Mapping[str, str]

    def run(self) -> Answer:
        if UnitOfWork not in self.signature.parameters.values():
            return self._call(self._models(), None)
        # A question is asked anew each time: its answer changes, and asking changes nothing.
        key = self.request.headers.get("Idempotency-Key", "") if self.request.method != "GET" else ""
        return self._once(key) if key else self._worked(str(uuid.uuid4()), self._models(), None)

    def _models(self) -> dict[type, Any]:
        return read_models(self.signature, self.request.body, self.request.query)

    def _once(self, key: str) -> Answer:
        """The first request with the key does the work; later ones get its answer again."""
        if len(key) > 255:
            raise Malformed("the header Idempotency-Key is over 255 characters")
        content = self.request.body.read() if RawBody not in self.signature.parameters.values() else b""
        operation = f"{self.request.method} {self.request.path}"
        # Two dealerships' callers may be called the same, and ids of everything derive from the cause.
        caller = f"{self.caller.tenant_id}|{self.caller.id}"
        cause = str(uuid.uuid5(EVENT_NAMESPACE, f"{caller}|{operation}|{key}"))
        path = f"tenants/{self.caller.tenant_id}/leases/{self.manifest.name}:{cause}"
        now = self.platform.clock.now()
        lease = acquire(self.platform.documents, path, now=now, seconds=self.manifest.timeout_seconds + 5)
        digest = hashlib.sha256(content).hexdigest()
        if isinstance(lease, Done):
            return _recorded(lease, digest)
        try:
            raw = _replayed(self.request.body, content) if content else self.request.body
            models = read_models(self.signature, raw, self.request.query)
            return self._worked(cause, models, (lease, digest))
        except BaseException:
            release(self.platform.documents, lease)
            raise

    def _worked(self, cause_id: str, models: dict[type, Any], lease: tuple[Lease, str] | None) -> Answer:
        cause = Cause(
            id=cause_id,
            function=self.manifest.name,
            tenant_id=self.caller.tenant_id,
            correlation_id=cause_id,
            traceparent=current_traceparent(),
            auth_id=self.caller.id,
        )

        def done(answer: Answer) -> list[Any]:
            if lease is None:
                return []
            held, digest = lease
            record = {"status": answer.status, "body": answer.encoded().decode(), "request": digest}
            return [held.done(self.platform.clock.now(), record)]

        def fence() -> None:
            if lease is not None:
                lease[0].check(self.platform.documents)

        return run_unit(
            self.platform, cause, lambda work: self._handled(models, work), extra=done, fence=fence
        )

    def _handled(self, models: dict[type, Any], work: UnitOfWork) -> Answer:
        """What changed something stands in the ledger; mere questions would only fill it."""
        started = time.perf_counter()
        answer = self._call(models, work)
        if work.has_changes and self.route.in_ledger:
            detail = {"operation": f"{self.route.method} {self.route.path}", "status": answer.status}
            latency = (time.perf_counter() - started) * 1000
            work.audit("request.handled", latency_ms=latency, detail=detail)
        return answer

    def _call(self, models: dict[type, Any], work: UnitOfWork | None) -> Answer:
        """Encoded here: an answer that cannot be written must not be found out after the commit."""
        by_type = {
            **models,
            UnitOfWork: work,
            Caller: self.caller,
            Platform: self.platform,
            Tenant: self.platform.tenant(self.caller.tenant_id),
            RawBody: self.request.body,
            Request: self.request,
        }
        answer = as_answer(self.signature.call(by_type, self.path_values))
        return replace(answer, body=answer.encoded())


def _recorded(done: Done, digest: str) -> Answer:
    if done.result["request"] != digest:
        raise InvalidInput("the header Idempotency-Key was used before with another body")
    return Answer(done.result["status"], done.result["body"], {"Idempotent-Replayed": "true"})


def _replayed(raw: RawBody, content: bytes) -> RawBody:
    import io

    return RawBody(raw.content_type, io.BytesIO(content), raw.limit, len(content))
