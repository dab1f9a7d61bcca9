"""What went wrong is kept: rejected messages whole, failures as ledger rows."""

from __future__ import annotations

import json
import traceback
import uuid
from dataclasses import dataclass
from typing import Any

from shared.errors import Conflict, InvalidInput
from shared.events.base import EVENT_NAMESPACE
from shared.observability import current_traceparent, log
from shared.platform import Platform
from shared.ports import Expect, Write
from shared.runtime.cause import Cause
from shared.runtime.lease import Lease
from shared.runtime.outbox import hand_on
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
) -> bool:
    """Keeps the raw push body under `rejected/`, once however often it is delivered; the same commit
    writes the ledger's row and with a lease marks the event as done.

    False when the body is larger than a document: then nothing is written. Log and ledger get the kind
    of the error alone: its words may quote what somebody wrote.
    """
    kind = type(error).__name__
    text = body.decode("utf-8", "replace")
    path = f"rejected/{uuid.uuid5(EVENT_NAMESPACE, f'{attempt.function}|{_message_of(text)}').hex}"
    work = UnitOfWork(
        tenant=platform.tenant(attempt.tenant_id), cause=_cause(platform, attempt), now=platform.clock.now()
    )
    record = {
        "function": attempt.function,
        "topic": attempt.topic,
        "tenant_id": attempt.tenant_id,
        # A quoted value may hold half a character, which no store takes.
        "reason": str(error).encode("utf-8", "replace").decode(),
        "rejected_at": work.now,
        "body": text,
    }
    writes = [Write(path, record, Expect.ANYTHING if lease else Expect.ABSENT)]
    if lease:
        writes.append(lease.done(work.now, {"rejected": kind}))
    if attempt.tenant_id:
        work.audit("event.rejected", subject=path, outcome="rejected", detail={"reason": kind})
    try:
        messages = work.commit(writes)
    except Conflict:
        return True  # the same message was rejected before, or another delivery marked it
    except InvalidInput:
        return False
    hand_on(platform, work.outbox_id, messages)
    log("WARNING", "event.rejected", function=attempt.function, error=kind, record=path)
    return True


def _message_of(text: str) -> str:
    """What every delivery of a message has in common: around it stands how often it was tried."""
    try:
        return json.dumps(json.loads(text)["message"], sort_keys=True)
    except (ValueError, KeyError, TypeError, RecursionError):
        return text


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
    cause = _cause(platform, attempt)

    def row(work: UnitOfWork) -> None:
        work.audit(type, **columns)

    try:
        run_unit(platform, cause, row)
    except Exception as error:  # noqa: BLE001 - the first error must reach its own handling
        log("ERROR", "a ledger row could not be written", type=type, error=error.__class__.__name__)


def _cause(platform: Platform, attempt: Attempt) -> Cause:
    return Cause(
        id=platform.ids.new(),
        function=attempt.function,
        tenant_id=attempt.tenant_id,
        correlation_id=attempt.correlation_id,
        traceparent=current_traceparent(),
        answers=attempt.answers,
    )
