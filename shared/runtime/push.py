"""The only place that decides whether a delivered event is acknowledged."""

from __future__ import annotations

import base64
import json
import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from shared.errors import CosError, LeaseHeld, Malformed, Rejected, Transient
from shared.events.base import Envelope, Event, parse_event, read_envelope
from shared.manifest import Manifest
from shared.observability import current_traceparent, log, log_fields, span
from shared.platform import Platform, Tenant
from shared.ports import Message
from shared.runtime.cause import Cause
from shared.runtime.dead_letter_marks import mark
from shared.runtime.failures import Attempt, record_failure, record_rejected
from shared.runtime.given_up import keep_reason
from shared.runtime.inject import Signature
from shared.runtime.lease import Done, Lease, acquire, release
from shared.runtime.tenant_state import is_gone
from shared.runtime.unit import run_unit
from shared.runtime.work import UnitOfWork

REPLAY_ATTRIBUTE = "replay-for"
"""Names the one consumer a replayed message is meant for; the others acknowledge and ignore it."""
AGAIN_ATTRIBUTE = "rejected-again"
"""On the replay of a rejected message: the mark that it was rejected does not hold."""

POLL_S = 0.1


@dataclass(frozen=True)
class Delivery:
    """One push: the event, when it was published, and how often it has been tried."""

    envelope: Envelope
    published_at: datetime | None
    attempt: int
    replay_for: str
    rejected_again: bool = False


@dataclass(frozen=True)
class Verdict:
    """What the push is answered: below 300 acknowledges, all else is delivered again."""

    status: int
    reason: str


def read_push(body: bytes) -> Delivery:
    """Reads the raw Pub/Sub push body. Raises `Malformed` naming what is wrong."""
    try:
        pushed = json.loads(body)
        message = pushed["message"]
        data = base64.b64decode(message.get("data", ""), validate=True)
        attributes = _attributes(message)
        published = message.get("publishTime") or message.get("publish_time")
        published_at = datetime.fromisoformat(published) if published else None
        attempt = int(pushed.get("deliveryAttempt", 1))
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise Malformed(f"this is no Pub/Sub push body: {error!r}") from error
    return Delivery(
        read_envelope(attributes, data),
        published_at,
        attempt,
        attributes.get(REPLAY_ATTRIBUTE, ""),
        AGAIN_ATTRIBUTE in attributes,
    )


def _attributes(message: Mapping[str, Any]) -> dict[str, str]:
    return {str(name): str(value) for name, value in (message.get("attributes") or {}).items()}


def read_message(body: bytes) -> Message:
    """The message a push body carries, as it was published. Raises `Malformed`."""
    envelope = read_push(body).envelope
    message = json.loads(body)["message"]
    return Message(
        topic=envelope.type,
        data=base64.b64decode(message.get("data", "")),
        attributes=_attributes(message),
        ordering_key=str(message.get("orderingKey", "")),
    )


@dataclass(frozen=True)
class Consumer:
    """One capability's handling of its topic; `last_resort` runs when the last delivery failed."""

    platform: Platform
    manifest: Manifest
    signature: Signature
    last_resort: Signature | None = None

    def handle(self, body: bytes) -> Verdict:
        """Decode → lease → handler → commit → publish → acknowledge.

        What can never succeed is recorded and acknowledged; everything else is delivered again with
        back-off until the subscription gives up and the message goes to the dead letters.
        """
        try:
            return self._handled(body)
        except Exception as error:  # noqa: BLE001 - it could not even be recorded: the bus keeps it
            log(
                "ERROR", "a failure was not recorded", function=self.manifest.name, error=type(error).__name__
            )
            return Verdict(503 if isinstance(error, Transient) else 500, failure_words(error))

    def _handled(self, body: bytes) -> Verdict:
        try:
            delivery = read_push(body)
        except Malformed as error:
            unread = Attempt(self.manifest.name, topic=self.manifest.subscribes or "")
            return self._rejected(unread, body, error)
        if delivery.replay_for not in ("", self.manifest.name, self.manifest.deployed_name):
            return Verdict(200, "not for this consumer")
        envelope = delivery.envelope
        try:
            event = parse_event(envelope, self.signature.event_type())
        except Malformed as error:
            return self._rejected(self._attempt(envelope), body, error)
        with (
            log_fields(event=envelope.id, function=self.manifest.name, tenant=envelope.tenantid),
            span(
                self.manifest.name,
                parent=envelope.traceparent,
                event=envelope.id,
                topic=envelope.type,
                tenant=envelope.tenantid,
            ),
        ):
            return self._leased(delivery, event, body)

    def _leased(self, delivery: Delivery, event: Event, body: bytes) -> Verdict:
        envelope = delivery.envelope
        try:
            if is_gone(self.platform, envelope.tenantid):
                return Verdict(200, "its dealership is deleted")
            lease = self._acquire(delivery)
        except Transient as error:
            return self._failed(delivery, event, error)
        if isinstance(lease, Done):
            return Verdict(200, "done before")
        try:
            self._run(delivery, event, lease)
        except Rejected as error:
            verdict = self._rejected(self._attempt(envelope), body, error, lease=lease)
            if verdict.status < 300:
                return verdict
            release(self.platform.documents, lease)
            return self._failed(delivery, event, error)
        except Exception as error:  # noqa: BLE001 - a bug in one event must not take the consumer down
            release(self.platform.documents, lease)
            return self._failed(delivery, event, error)
        return Verdict(200, "done")

    def _rejected(
        self, attempt: Attempt, body: bytes, error: Rejected, *, lease: Lease | None = None
    ) -> Verdict:
        """Acknowledged once it is kept; what is too large to be kept is left to the dead letters."""
        if record_rejected(self.platform, attempt, body, error, lease=lease):
            return Verdict(200, f"rejected: {error}")
        return Verdict(500, f"rejected, and too large to be kept: {error}")

    def _acquire(self, delivery: Delivery) -> Lease | Done:
        """Waits a while for a lease that is held.

        The deliveries after a first together wait longer than a lease lasts: else a process killed at
        work would leave a lease that outlives the event's attempts, and the event would be given up.
        """
        path = f"tenants/{delivery.envelope.tenantid}/leases/{self.manifest.name}:{delivery.envelope.id}"
        seconds = self.manifest.timeout_seconds + 5
        patience = time.monotonic() + seconds / (self.manifest.max_attempts - 1) + POLL_S
        again = delivery.rejected_again
        while True:
            now = self.platform.clock.now()
            try:
                return acquire(self.platform.documents, path, now=now, seconds=seconds, rejected_again=again)
            except LeaseHeld:
                if time.monotonic() > patience:
                    raise
            time.sleep(POLL_S)

    def _run(self, delivery: Delivery, event: Event, lease: Lease) -> None:
        started = time.perf_counter()

        def handle(work: UnitOfWork) -> None:
            self.signature.call(self._by_type(delivery, event, work), {})
            latency = (time.perf_counter() - started) * 1000
            detail = {"attempt": delivery.attempt}
            work.audit("event.handled", subject=delivery.envelope.subject, latency_ms=latency, detail=detail)

        run_unit(
            self.platform,
            self._cause(delivery.envelope),
            handle,
            extra=lambda _: [lease.done(self.platform.clock.now(), {})],
            fence=lambda: lease.check(self.platform.documents),
        )

    def _failed(self, delivery: Delivery, event: Event, error: Exception) -> Verdict:
        """Order and contention are no failures; only the last delivery of a transient one is."""
        attempt = self._attempt(delivery.envelope)
        if delivery.attempt >= self.manifest.max_attempts:
            record_failure(self.platform, attempt, "event.dead_lettered", error, outcome="dead_lettered")
            mark(self.platform, self.manifest.name)
            keep_reason(self.platform, self.manifest.name, delivery.envelope, failure_words(error))
            self._give_up(delivery, event)
        elif not isinstance(error, Transient):
            record_failure(self.platform, attempt, "event.failed", error)
        else:
            log("INFO", "will be tried again", reason=type(error).__name__, attempt=delivery.attempt)
        return Verdict(503 if isinstance(error, Transient) else 500, failure_words(error))

    def _give_up(self, delivery: Delivery, event: Event) -> None:
        last_resort = self.last_resort
        if last_resort is None:
            return
        envelope = delivery.envelope
        # An id of its own: what it emits must not be taken for what the handler would have emitted.
        own = {"id": f"{envelope.id}-given-up", "answers": envelope.id}
        cause = replace(self._cause(envelope), **own, is_attempt=False)
        try:
            run_unit(
                self.platform,
                cause,
                lambda work: last_resort.call(self._by_type(delivery, event, work), {}),
            )
        except Exception as error:  # noqa: BLE001 - the message goes to the dead letters either way
            record_failure(self.platform, self._attempt(envelope), "event.unanswered", error)

    def _by_type(self, delivery: Delivery, event: Event, work: UnitOfWork) -> dict[type, Any]:
        return {
            type(event): event,
            UnitOfWork: work,
            Tenant: work.tenant,
            Platform: self.platform,
            Envelope: delivery.envelope,
            Delivery: delivery,
        }

    def _cause(self, envelope: Envelope) -> Cause:
        return Cause(
            id=envelope.id,
            function=self.manifest.name,
            tenant_id=envelope.tenantid,
            correlation_id=envelope.correlationid,
            traceparent=current_traceparent(),
            auth_id=envelope.authid,
        )

    def _attempt(self, envelope: Envelope) -> Attempt:
        return Attempt(
            self.manifest.name,
            envelope.tenantid,
            envelope.correlationid,
            envelope.id,
            self.manifest.subscribes or "",
        )


def failure_words(error: Exception) -> str:
    """Our own errors speak; a foreign one may quote personal data, so only its kind is told."""
    return f"{type(error).__name__}: {error}" if isinstance(error, CosError) else type(error).__name__
