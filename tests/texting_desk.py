"""A dealership with staff, customers and a phone that texts it, for tests of texts coming in."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from shared.inbox.thread import Thread, sender_path
from shared.local.wsgi_call import Response
from shared.platform import Factory
from shared.ports import Clock, Query
from shared.testing.harness import Harness, running
from shared.testing.twilio_webhooks import AUTOHAUS, Twilio, Webhook, new_sid

ANN, BOB = "+13125550171", "+13125550172"
ADVISOR, ADVISOR_2, SELLER, CEO = "+13125550102", "+13125550103", "+13125550107", "+13125550101"
OPERATOR = "+13125550125"
ACCORD, CIVIC = "1HGCM82633A004352", "1M8GDM9AXKP042788"
A_TUESDAY = datetime(2026, 11, 17, 16, 0, tzinfo=UTC)
"""Ten in the morning in Chicago."""

STAFF: list[dict[str, Any]] = [
    {
        "staff_id": "advisor",
        "name": "Ada Advisor",
        "role": "advisor",
        "phone": ADVISOR,
        "departments": ["service"],
    },
    {
        "staff_id": "advisor-2",
        "name": "Abe Advisor",
        "role": "advisor",
        "phone": ADVISOR_2,
        "departments": ["service"],
    },
    {"staff_id": "sales", "name": "Sal Sales", "role": "sales", "phone": SELLER, "departments": ["sales"]},
    {"staff_id": "ceo", "name": "Cleo Chief", "role": "ceo", "phone": CEO, "departments": ["management"]},
    {
        "staff_id": "operator",
        "name": "Ole Operator",
        "role": "operator",
        "phone": OPERATOR,
        "departments": ["office"],
    },
]
VEHICLES: list[dict[str, Any]] = [
    {"vin": ACCORD, "year": 2003, "make": "Honda", "model": "Accord", "status": "in_service"},
    {"vin": CIVIC, "year": 2019, "make": "Toyota", "model": "Camry", "status": "in_stock"},
]


class MovedClock(Clock):
    """A clock that is moved by hand and ticks a millisecond at each look, as time does."""

    def __init__(self, now: datetime = A_TUESDAY) -> None:
        self._now = now

    def now(self) -> datetime:
        self._now += timedelta(milliseconds=1)
        return self._now

    def wait(self, **span: float) -> None:
        self._now += timedelta(**span)

    def set(self, now: datetime) -> None:
        self._now = now


class Desk:
    """Texts come in, staff answer; what became of it can be looked at."""

    def __init__(self, product: Harness, clock: MovedClock) -> None:
        self.product, self.clock, self.twilio = product, clock, Twilio()

    # what happens

    def records(self, kind: str, *rows: dict[str, Any], tenant: str = "autohaus") -> None:
        response = self.product.call(
            "POST", f"/api/records/{kind}", json=list(rows), persona="operator", tenant=tenant
        )
        assert response.status == 200 and not response.json()["errors"], response.text

    def post(self, webhook: Webhook) -> Response:
        return self.product.call("POST", webhook.target, body=webhook.body, headers=webhook.headers)

    def text(self, body: str, *, sender: str = ANN, **more: Any) -> str:
        """A text comes in; answers its sid. With the bus running it is routed once it is `settled`."""
        sid = more.pop("sid", "") or new_sid()
        response = self.post(self.twilio.text(body, sender=sender, sid=sid, **more))
        assert (response.status, response.text) == (200, "<Response></Response>"), response.text
        return sid

    def said(self, body: str, *, sender: str = ANN, **more: Any) -> dict[str, Any]:
        """A text comes in and is routed; answers its document."""
        sid = self.text(body, sender=sender, **more)
        self.product.settle()
        return self.inbound(sid)

    def call(
        self, method: str, path: str, body: Any = None, *, persona: str = "advisor", status: int = 200
    ) -> Any:
        response = self.product.call(method, path, json=body, persona=persona)
        assert response.status == status, response.text
        return response.json() if response.body else None

    def watch(self) -> dict[str, int]:
        response = self.product.product.run("unanswered_watch")
        assert response.status == 200, response.text
        self.product.settle()
        found: dict[str, int] = response.json()["result"]["autohaus"]
        return found

    # what is there

    def stored(
        self, collection: str, *where: tuple[str, str, Any], tenant: str = "autohaus"
    ) -> list[dict[str, Any]]:
        found = self.product.tenant(tenant).documents.query(Query(collection, where))
        return [dict(one.data) for one in found]

    def one(self, path: str) -> dict[str, Any]:
        found = self.product.tenant().documents.get(path)
        assert found is not None, path
        return dict(found.data)

    def inbound(self, sid: str) -> dict[str, Any]:
        return self.one(f"inbound_texts/{sid}")

    def threads(self, sender: str = ANN) -> list[Thread]:
        """Of this number, the newest first."""
        known = self.product.tenant().documents.get(sender_path(sender))
        return [self.thread(one) for one in known.data["thread_ids"]] if known else []

    def thread(self, thread_id: str) -> Thread:
        return Thread.from_data(self.one(f"threads/{thread_id}"))

    def messages(self, thread_id: str) -> list[dict[str, Any]]:
        found = self.stored(f"threads/{thread_id}/messages")
        return sorted(found, key=lambda one: one["at"])

    def texts_to(self, phone: str, purpose: str = "") -> list[str]:
        """Bodies of texts asked for, oldest first."""
        found = sorted(self.stored("texts", ("to", "==", phone)), key=lambda one: one["requested_at"])
        return [one["body"] for one in found if purpose in ("", one["purpose"])]

    def attention(self) -> list[dict[str, Any]]:
        return [one["data"] for one in self.product.events("attention-requested")]


@contextmanager
def open_desk(
    folder: Path,
    *,
    replaced: Mapping[str, Factory] | None = None,
    delivering: bool = True,
    now: datetime = A_TUESDAY,
) -> Iterator[Desk]:
    clock = MovedClock(now)
    factories: dict[str, Factory] = {"clock": lambda _: clock, **(replaced or {})}
    with running(folder, replaced=factories, delivering=delivering) as product:
        desk = Desk(product, clock)
        desk.records("staff", *STAFF)
        desk.records("vehicles", *VEHICLES)
        yield desk


def repair_order(number: str = "RO-1", **changes: Any) -> dict[str, Any]:
    order = {"ro_number": number, "vin": ACCORD, "status": "in_progress", "opened_at": "2026-11-16T15:00:00Z"}
    return {
        **order,
        "customer_name": "Ann Smith",
        "customer_phone": ANN,
        "advisor_staff_id": "advisor",
        **changes,
    }


def deal(number: str = "D-1", **changes: Any) -> dict[str, Any]:
    base = {"deal_number": number, "vin": CIVIC, "stage": "negotiation", "opened_on": "2026-11-10"}
    return {**base, "customer_name": "Ann Smith", "customer_phone": ANN, "owner_staff_id": "sales", **changes}


__all__ = [
    "ACCORD",
    "ADVISOR",
    "ADVISOR_2",
    "ANN",
    "AUTOHAUS",
    "A_TUESDAY",
    "BOB",
    "CEO",
    "CIVIC",
    "OPERATOR",
    "SELLER",
    "Desk",
    "MovedClock",
    "deal",
    "open_desk",
    "repair_order",
]
