"""What went wrong is kept: rejected messages whole, failures as ledger rows."""

from __future__ import annotations

import traceback
import uuid
from typing import Any

from shared.errors import Conflict, Transient
from shared.events.base import EVENT_NAMESPACE
from shared.observability import current_traceparent, log
from shared.platform import Platform
from shared.ports import Expect, Write
from shared.runtime.cause import Cause
from shared.runtime.lease import Lease
from shared.runtime.unit import run_unit
from shared.runtime.work import UnitOfWork


def record_rejected(
    platform: Platform,
    function: str,
    body: bytes,
    reason: str,
    *,
    lease: Lease | None = None,
    tenant_id: str = "",
) -> None:
    """Keeps the raw push body under `rejected/`, once however often it is delivered.

    With a lease, the same commit marks the event as done.
    """
    now = platform.clock.now()
    text = body.decode("utf-8", "replace")
    record = {
        "function": function,
        "tenant_id": tenant_id,
        "reason": reason,
        "rejected_at": now,
        "body": text,
    }
    path = f"rejected/{uuid.uuid5(EVENT_NAMESPACE, f'{function}|{text}').hex}"
    writes = [Write(path, record, Expect.ABSENT)]
    if lease:
        writes = [Write(path, record), lease.done(now, {"rejected": reason})]
    try:
        platform.documents.commit(writes)
    except Conflict:
        return  # the same message was rejected before, or another delivery marked it
    log("WARNING", "rejected for good", function=function, reason=reason)
    if tenant_id:
        record_row(platform, function, tenant_id, path, "event.rejected", outcome="rejected")


def record_failure(
    platform: Platform, function: str, tenant_id: str, correlation_id: str, type: str, error: Exception
) -> None:
    """Logs the failure with its place and adds a ledger row; never raises a second error."""
    frames = traceback.extract_tb(error.__traceback__)[-3:]
    place = " > ".join(f"{frame.filename.rsplit('/', 1)[-1]}:{frame.lineno}" for frame in frames)
    kind = error.__class__.__name__
    log("ERROR", "failed", function=function, error=kind, place=place, tenant=tenant_id)
    if not tenant_id:
        return
    record_row(
        platform,
        function,
        tenant_id,
        correlation_id,
        type,
        outcome="failed",
        detail={"error": kind, "at": place},
    )


def record_row(
    platform: Platform, function: str, tenant_id: str, correlation_id: str, type: str, **columns: Any
) -> None:
    """One ledger row outside any handler's own commit."""
    cause = Cause(
        id=platform.ids.new(),
        function=function,
        tenant_id=tenant_id,
        correlation_id=correlation_id,
        traceparent=current_traceparent(),
    )

    def row(work: UnitOfWork) -> None:
        work.audit(type, **columns)

    try:
        run_unit(platform, cause, row)
    except Transient as error:
        log("ERROR", "a ledger row could not be written", type=type, error=error.__class__.__name__)
