"""A running product with one session, and a way to ask it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from shared.domain.session import new_session
from shared.events.conversation import Hop, IntentResolved
from shared.ports import Query, Write
from shared.testing.harness import Harness, running

ROLES = ("ceo",)


class Asking:
    """Asks as a user of one session, message after message."""

    def __init__(self, harness: Harness, session_id: str, tenant: str = "autohaus") -> None:
        self.harness, self.session_id, self.tenant, self.seq = harness, session_id, tenant, 0
        now = harness.platform.clock.now()
        session = new_session(user_id="ceo", channel="chat", now=now)
        harness.tenant(tenant).documents.commit([Write(f"sessions/{session_id}", session)])

    def event(
        self, intent: str, *, roles: tuple[str, ...] = ROLES, seq: int = 0, **entities: Any
    ) -> IntentResolved:
        if not seq:
            self.seq += 1
        return IntentResolved(
            session_id=self.session_id,
            message_id=f"m{seq or self.seq}",
            seq=seq or self.seq,
            user_id="ceo",
            received_at=datetime.now(UTC) - timedelta(milliseconds=20),
            intent=intent,
            entities=entities,
            confidence=0.9,
            provider="embedded",
            roles=roles,
            hops=(Hop(name="membrane", queued_ms=1.0, handled_ms=2.0),),
        )

    def deliver(self, event: IntentResolved, *, attempt: int = 1) -> Any:
        cause = f"{self.session_id}-{event.seq}"
        return self.harness.deliver("plate_composer", event, tenant=self.tenant, cause=cause, attempt=attempt)

    def ask(self, intent: str, *, roles: tuple[str, ...] = ROLES, **entities: Any) -> dict[str, Any]:
        """The frame that answers."""
        response = self.deliver(self.event(intent, roles=roles, **entities))
        assert response.status == 200, response.text
        return self.frames()[-1]

    def frames(self) -> list[dict[str, Any]]:
        query = Query(f"sessions/{self.session_id}/frames", order_by=("seq",))
        return [dict(d.data) for d in self.harness.tenant(self.tenant).documents.query(query)]

    def session(self) -> dict[str, Any]:
        found = self.harness.tenant(self.tenant).documents.get(f"sessions/{self.session_id}")
        assert found
        return dict(found.data)

    def ledger(self, type: str) -> list[dict[str, Any]]:
        events = self.harness.events("audit-recorded")
        return [e["data"] for e in events if e["data"]["type"] == type and e["tenantid"] == self.tenant]


@pytest.fixture(scope="module")
def harness(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Harness]:
    with running(tmp_path_factory.mktemp("product")) as product:
        yield product


def take_in(harness: Harness, kind: str, *rows: dict[str, Any], tenant: str = "autohaus") -> None:
    response = harness.call("POST", f"/api/records/{kind}", json=list(rows), api_key=True, tenant=tenant)
    assert response.status == 200 and not response.json()["rejected"], response.text
    harness.settle()
