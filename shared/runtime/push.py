"""The only place that decides whether a delivered event is acknowledged."""

from __future__ import annotations

import base64
import binascii
import json
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from shared.errors import CosError, Malformed, Rejected, Transient
from shared.events.base import Envelope, Event, parse_event, read_envelope
from shared.manifest import Manifest
from shared.observability import current_traceparent, log, log_fields, span
from shared.platform import Platform, Tenant
from shared.runtime.cause import Cause
from shared.runtime.failures import record_failure, record_rejected
from shared.runtime.inject import Signature
from shared.runtime.lease import Done, Lease, acquire, release
from shared.runtime.unit import run_unit
from shared.runtime.work import UnitOfWork

REPLAY_ATTRIBUTE = "replay-for"
"""Names the one consumer a replayed message is meant for; the others acknowledge and ignore it."""


@dataclass(frozen=True)
class Delivery:
    """One push: the event, when it was published, and how often it has been tried."""

    envelope: Envelope
    published_at: datetime | None
    attempt: int
    replay_for: str


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
        attributes: Mapping[str, str] = message.get("attributes") or {}
        published = message.get("publishTime") or message.get("publish_time")
        published_at = datetime.fromisoformat(published) if published else None
        attempt = int(pushed.get("deliveryAttempt", 1))
    except (ValueError, KeyError, TypeError, AttributeError, binascii.Error) as error:
        raise Malformed(f"this is no Pub/Sub push body: {error!r}") from error
    return Delivery(
        read_envelope(attributes, data), published_at, attempt, attributes.get(REPLAY_ATTRIBUTE, "")
    )


def handle_event(platform: Platform, manifest: Manifest, signature: Signature, body: bytes) -> Verdict:
    """Decode → lease → handler → commit → publish → acknowledge.

    What can never succeed is recorded and acknowledged; everything else is delivered again with
    back-off until the subscription gives up and the message goes to the dead letters.
    """
    try:
        delivery = read_push(body)
        event = parse_event(delivery.envelope, signature.event_type())
    except Malformed as error:
        record_rejected(platform, manifest.name, body, str(error))
        return Verdict(200, f"rejected: {error}")
    if delivery.replay_for not in ("", manifest.name):
        return Verdict(200, "not for this consumer")
    envelope = delivery.envelope
    with (
        log_fields(event=envelope.id, function=manifest.name, tenant=envelope.tenantid),
        span(manifest.name, parent=envelope.traceparent, event=envelope.id, topic=envelope.type),
    ):
        return _leased(platform, manifest, signature, delivery, event, body)


def _leased(
    platform: Platform,
    manifest: Manifest,
    signature: Signature,
    delivery: Delivery,
    event: Event,
    body: bytes,
) -> Verdict:
    envelope = delivery.envelope
    path = f"tenants/{envelope.tenantid}/leases/{manifest.name}:{envelope.id}"
    try:
        lease = acquire(
            platform.documents, path, now=platform.clock.now(), seconds=manifest.timeout_seconds + 5
        )
    except Transient as error:
        return Verdict(503, str(error))
    if isinstance(lease, Done):
        return Verdict(200, "done before")
    try:
        _run(platform, manifest, signature, delivery, event, lease)
    except Rejected as error:
        record_rejected(platform, manifest.name, body, str(error), lease=lease, tenant_id=envelope.tenantid)
        return Verdict(200, f"rejected: {error}")
    except Transient as error:
        release(platform.documents, lease)
        log("INFO", "will be tried again", reason=type(error).__name__, attempt=delivery.attempt)
        return Verdict(503, f"{type(error).__name__}: {error}")
    except Exception as error:  # noqa: BLE001 - a bug in one event must not take the consumer down
        release(platform.documents, lease)
        record_failure(
            platform, manifest.name, envelope.tenantid, envelope.correlationid, "event.failed", error
        )
        return Verdict(500, failure_words(error))
    return Verdict(200, "done")


def _run(
    platform: Platform,
    manifest: Manifest,
    signature: Signature,
    delivery: Delivery,
    event: Event,
    lease: Lease,
) -> None:
    envelope = delivery.envelope
    cause = Cause(
        id=envelope.id,
        function=manifest.name,
        tenant_id=envelope.tenantid,
        correlation_id=envelope.correlationid,
        traceparent=current_traceparent(),
        auth_id=envelope.authid,
    )
    started = time.perf_counter()
    attempt = delivery.attempt

    def handle(work: UnitOfWork) -> None:
        by_type: dict[type, Any] = {
            type(event): event,
            UnitOfWork: work,
            Tenant: work.tenant,
            Platform: platform,
            Envelope: envelope,
            Delivery: delivery,
        }
        signature.call(by_type, {})
        latency = (time.perf_counter() - started) * 1000
        work.audit("event.handled", subject=envelope.subject, latency_ms=latency, detail={"attempt": attempt})

    run_unit(platform, cause, handle, extra=lambda _: [lease.done(platform.clock.now(), {})])


def failure_words(error: Exception) -> str:
    """Our own errors speak; a foreign one may quote personal data, so only its kind is told."""
    return f"{type(error).__name__}: {error}" if isinstance(error, CosError) else type(error).__name__
