"""The whole product on a temporary folder, for tests: call it, deliver to it, break it, look inside."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

from shared.events.base import Envelope, Event
from shared.local.product import LocalProduct
from shared.local.tenants import DEVELOPMENT_KEYS, seed_tenants
from shared.local.wsgi_call import Response
from shared.manifest import ROOT
from shared.platform import Factory, Tenant
from shared.ports import Message
from shared.settings import Settings, load


class Harness:
    """A running product with the sample tenants and no other data."""

    def __init__(self, product: LocalProduct) -> None:
        self.product = product
        self.platform = product.platform

    def call(
        self,
        method: str,
        target: str,
        *,
        json: Any = None,
        body: bytes | None = None,
        content_type: str = "application/json",
        tenant: str = "autohaus",
        api_key: bool | str = False,
        persona: str = "",
        headers: Mapping[str, str] | None = None,
    ) -> Response:
        """One request as an API key (`api_key=True`: the tenant's own), as a persona, or as nobody."""
        sent = dict(headers or {})
        if api_key:
            sent["X-API-Key"] = DEVELOPMENT_KEYS[tenant] if api_key is True else api_key
        if persona:
            sent["Authorization"] = f"Bearer {self.product.token(persona, tenant)}"
        content = body if body is not None else b"" if json is None else _dumps(json)
        if content:
            sent.setdefault("Content-Type", content_type)
        return self.product.request(method, target, headers=sent, body=content)

    def deliver(
        self, function: str, event: Event, *, tenant: str = "autohaus", cause: str = "test", attempt: int = 1
    ) -> Response:
        """Pushes the event to one consumer; the same event and cause is the same delivery again."""
        envelope = envelope_of(event, tenant=tenant, cause=cause, now=self.platform.clock.now())
        return self.product.deliver(function, push_of(envelope.to_message(), attempt=attempt))

    def settle(self, timeout_s: float = 20) -> None:
        self.product.settle(timeout_s)

    def tenant(self, tenant_id: str = "autohaus") -> Tenant:
        return self.platform.tenant(tenant_id)

    def events(self, topic: str | None = None, limit: int = 1000) -> list[dict[str, Any]]:
        """What was published, oldest first: `{id, type, tenantid, data}`."""
        stored = self.platform.bus_operations.recent(topic, limit)
        return [
            {
                "id": s.message.attributes["ce-id"],
                "type": s.message.attributes["ce-type"],
                "tenantid": s.message.attributes["ce-tenantid"],
                "data": json.loads(s.message.data),
            }
            for s in stored
        ]


def model_folder() -> Path:
    """The built sentence model is shared by all tests; `make test` builds it once."""
    return ROOT / ".cos" / "models" / "minilm-int8"


def settings_for(folder: Path, **changes: Any) -> Settings:
    return load({}).model_copy(update={"data_dir": folder, "model_dir": model_folder(), **changes})


@contextmanager
def running(
    folder: Path,
    *,
    replaced: Mapping[str, Factory] | None = None,
    delivering: bool = True,
    **changes: Any,
) -> Iterator[Harness]:
    """Opens the product on `folder`; opening the same folder again is a restart.

    Not `delivering`: what is published waits on the bus, so one capability is seen alone.
    """
    product = LocalProduct(settings_for(folder, **changes), replaced)
    try:
        seed_tenants(product.platform)
        yield Harness(product.start(delivering=delivering))
    finally:
        product.close()


def envelope_of(event: Event, *, tenant: str, cause: str, now: datetime) -> Envelope:
    """An envelope whose id is that of `cause`."""
    return Envelope(
        id=f"event-{cause}",
        source="//autohaus/test",
        type=event.topic,
        time=now,
        subject=event.about(),
        tenantid=tenant,
        correlationid=f"correlation-{cause}",
        causationid=cause,
        data=event.model_dump(mode="json"),
    )


def push_of(message: Message, *, attempt: int = 1) -> bytes:
    """The raw Pub/Sub push body of a message."""
    return _dumps(
        {
            "message": {
                "data": base64.b64encode(message.data).decode(),
                "attributes": dict(message.attributes),
                "messageId": "1",
                "publishTime": "2026-11-20T09:00:00Z",
            },
            "subscription": "test",
            "deliveryAttempt": attempt,
        }
    )


def _dumps(value: Any) -> bytes:
    return json.dumps(value).encode()
