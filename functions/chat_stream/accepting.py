"""A message from a socket becomes one unit of work, as a request to `POST /api/chat` does."""

from __future__ import annotations

import time
import uuid

from functions.chat_stream.said import Said
from shared.domain.chat_message import Accepted, accept_message
from shared.observability import current_traceparent, log_fields, span
from shared.platform import Platform
from shared.runtime.auth import Caller
from shared.runtime.cause import Cause
from shared.runtime.unit import run_unit
from shared.runtime.work import UnitOfWork

OPERATION = {"operation": "WS /ws/chat"}


def accept(platform: Platform, caller: Caller, said: Said) -> Accepted:
    """Raises `NotFound` for a session that is not this user's, `Transient` when the store fails."""
    started = time.perf_counter()
    with log_fields(function="chat_stream"), span("WS chat_stream", function="chat_stream"):
        message_cause = str(uuid.uuid4())
        cause = Cause(
            id=message_cause,
            function="chat_stream",
            tenant_id=caller.tenant_id,
            correlation_id=message_cause,
            traceparent=current_traceparent(),
            auth_id=caller.id,
        )

        def handle(work: UnitOfWork) -> Accepted:
            accepted = accept_message(work, caller, said)
            latency = (time.perf_counter() - started) * 1000
            work.audit("request.handled", latency_ms=latency, detail=OPERATION)
            return accepted

        return run_unit(platform, cause, handle)
