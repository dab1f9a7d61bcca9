"""What went wrong is kept: rejected messages whole, failures as ledger rows."""

from __future__ import annotations

import traceback
import uuid
from dataclasses import dataclass
from typing import Any

from shared.errors import Conflict
from shared.events.base import EVENT_NAMESPACE
from shared.observability import current_traceparent, log
from shared.platform import Platform
from shared.ports import Expect, Write
from shared.runtime.cause import Cause
from shared.runtime.lease import Lease
from shared.runtime.unit import run_unit
from shared.runtime.work import UnitOfWork


@dataclass(frozen=True)
class Attempt:
    """Whose attempt went wrong; `answers` is the event it was at, empty for a request or a tick.

    `topic` is what the function subscribes to: a replay goes there, whatever the message calls itself.
    """

    function: str
    tenant_id: str = ""
    correlation_id: str = ""
    answers: str = ""
    topic: str = ""


def record_rejected(
    platform: Platform, attempt: Attempt, body: bytes, error: Exception, *, lease: Lease | None = None
) -> None:
    """Keeps the raw push body under `rejected/`, once however often it is delivered.

    With a lease, the same commit marks the event as done. Log and ledger get the kind of the error
    alone: its words may quote what somebody wrote.
    """
    now = platform.clock.now()
    text = body.decode("utf-8", "replace")
    record = {
        "function": attempt.function,
        "topic": attempt.topic,
        "tenant_id": attempt.tenant_id,
        "reason": str(error),
        "rejected_at": now,
        "body": text,
    }
    path = f"rejected/{uuid.uuid5(EVENT_NAMESPACE, f'{attempt.function}|{text}').hex}"
    writes = [Write(path, record, Expect.ABSENT)]
    if lease:
        writes = [Write(path, record), lease.done(now, {"rejected": type(error).__name__})]
    try:
        platform.documents.commit(writes)
    except Conflict:
        return  # the same message was rejected before, or another delivery marked it
    kind = type(error).__name__
    log("WARNING", "event.rejected", function=attempt.function, error=kind, record=path)
    if attempt.tenant_id:
        detail = {"reason": kind}
        record_row(platform, attempt, "event.rejected", subject=path, outcome="rejected", detail=detail)


def record_failure(
    platform: Platform, attempt: Attempt, type: str, error: Exception, *, outcome: str = "failed"
) -> None:
    """Logs the failure with its place and adds a ledger row; never raises a second error."""
    frames = traceback.extract_tb(error.__traceback__)[-3:]
    place = " > ".join(f"{frame.filename.rsplit('/', 1)[-1]}:{frame.lineno}" for frame in frames)
    kind = error.__class__.__name__
    log("ERROR", type, function=attempt.function, error=kind, place=place, tenant=attempt.tenant_id)
    if attempt.tenant_id:
        record_row(platform, attempt, type, outcome=outcome, detail={"reason": kind, "at": place})


def record_row(platform: Platform, attempt: Attempt, type: str, **columns: Any) -> None:
    """One ledger row outside any handler's own commit; never raises a second error."""
    cause = Cause(
        id=platform.ids.new(),
        function=attempt.function,
        tenant_id=attempt.tenant_id,
        correlation_id=attempt.correlation_id,
        traceparent=current_traceparent(),
        answers=attempt.answers,
    )

    def row(work: UnitOfWork) -> None:
        work.audit(type, **columns)

    try:
        run_unit(platform, cause, row)
    except Exception as error:  # noqa: BLE001 - the first error must reach its own handling
        log("ERROR", "a ledger row could not be written", type=type, error=error.__class__.__name__)
