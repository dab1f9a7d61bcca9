"""A dealership whose clock stands still until it is moved, with staff, matters and what was sent."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from shared.attention.item import Item, from_document
from shared.domain.session import new_session
from shared.events.conversation import AttentionRequested
from shared.local.wsgi_call import Response
from shared.platform import Factory
from shared.ports import Query, Write
from shared.testing.harness import Harness, running

NOON = datetime(2026, 11, 20, 18, tzinfo=UTC)
"""Noon in Chicago, a Friday."""

NIGHT = datetime(2026, 11, 21, 5, tzinfo=UTC)
"""Eleven at night there."""


class StandingClock:
    def __init__(self, now: datetime = NOON) -> None:
        self.time = now

    def now(self) -> datetime:
        return self.time


@dataclass
class Desk:
    harness: Harness
    clock: StandingClock

    # who works here

    def hire(
        self,
        staff_id: str,
        role: str,
        *,
        name: str = "",
        phone: str | None = "",
        tenant: str = "autohaus",
    ) -> None:
        number = f"+1312555{sum(map(ord, staff_id + tenant)) % 10_000:04d}" if phone == "" else phone
        known = {"staff_id": staff_id, "name": name or staff_id, "role": role}
        member = {**known, "phone": number, "active": True}
        self._put(f"staff/{staff_id}", member, tenant)

    def open_session(self, staff_id: str, session_id: str, *, channel: str = "chat") -> None:
        self._put(
            f"sessions/{session_id}", new_session(user_id=staff_id, channel=channel, now=self.clock.time)
        )

    def _put(self, path: str, data: dict[str, Any], tenant: str = "autohaus") -> None:
        self.harness.tenant(tenant).documents.commit([Write(path, data)])

    # what happens

    def request(self, cause: str = "test", *, tenant: str = "autohaus", **fields: Any) -> Response:
        """One `attention-requested`; the same cause is the same delivery again."""
        request = {"subject": "sessions/s1", "kind": "handoff", "summary": "A conversation waits", **fields}
        event = AttentionRequested.model_validate(request)
        return self.harness.deliver("attention_dispatcher", event, tenant=tenant, cause=cause)

    def tick(self) -> dict[str, Any]:
        answer = self.harness.product.run("attention_clock")
        assert answer.status == 200, answer.text
        result: dict[str, Any] = answer.json()["result"]["autohaus"]
        return result

    def wait(self, **span: float) -> None:
        """Moves the clock on, and lets it tick as often as it would have."""
        until = self.clock.time + timedelta(**span)
        while self.clock.time < until:
            due = self.next_look()
            self.clock.time = min(until, max(due, self.clock.time + timedelta(minutes=1)) if due else until)
            self.tick()

    def next_look(self) -> datetime | None:
        moments = [at for item in self.items() for at in (item.next_at, item.digest_at) if at is not None]
        return min(moments, default=None)

    # what came of it

    def items(self, tenant: str = "autohaus") -> list[Item]:
        found = self.harness.tenant(tenant).documents.query(Query("attention_items"))
        return [from_document(document.data) for document in found]

    def item(self) -> Item:
        (item,) = self.items()
        return item

    def texts(self, tenant: str = "autohaus") -> list[dict[str, Any]]:
        """What was asked to be texted, oldest first."""
        found = self.harness.tenant(tenant).documents.query(Query("texts"))
        return sorted((dict(one.data) for one in found), key=lambda text: (text["requested_at"], text["key"]))

    def texted(self) -> list[str]:
        return [text["staff_id"] for text in self.texts()]

    def posts(self) -> list[dict[str, Any]]:
        return [dict(one.data) for one in self.harness.tenant().documents.query(Query("staff_posts"))]

    def decisions(self) -> list[tuple[str, str, str]]:
        found = self.harness.tenant().documents.query(Query(f"{self.item().path}/decisions"))
        return [(one.data["way"], one.data["outcome"], one.data["reason"]) for one in found]

    def latest_frame(self, session_id: str) -> dict[str, Any] | None:
        session = self.harness.tenant().documents.get(f"sessions/{session_id}")
        assert session is not None
        latest: dict[str, Any] | None = session.data["latest"]
        return latest

    def ledger(self, type: str) -> list[dict[str, Any]]:
        return [
            event["data"] for event in self.harness.events("audit-recorded") if event["data"]["type"] == type
        ]

    def call(self, method: str, path: str, persona: str = "operator", **how: Any) -> Response:
        return self.harness.call(method, path, persona=persona, **how)


@contextmanager
def desk_at(
    folder: Path,
    now: datetime = NOON,
    *,
    replaced: dict[str, Factory] | None = None,
    delivering: bool = False,
) -> Iterator[Desk]:
    clock = StandingClock(now)
    ports: dict[str, Factory] = {"clock": lambda _: clock, **(replaced or {})}
    with running(folder, replaced=ports, delivering=delivering) as harness:
        yield Desk(harness, clock)
