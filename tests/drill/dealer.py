"""What a dealership does with the product in the drill, and what it sees of it."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from shared.local.wsgi_call import Response
from shared.ports import Claims
from tests.journeys.google.google_product import GoogleProduct
from tests.journeys.product import eventually

TENANT = "harbor"
QUESTION = "Show me the financials for Lane A"
LEADS, ENTRIES = 12, 240


def name_of(number: int) -> str:
    """Letters alone, and none like another: these are twelve people."""
    return "".join(chr(ord("A") + int(digit)) for digit in f"{number * 7919:05d}").title()


def lead(number: int) -> dict[str, Any]:
    name = name_of(number)
    return {
        "source": "WEB_LEAD",
        "name": f"{name} {name[::-1].title()}son",
        "email": f"{name.lower()}@example.com",
        "comments": f"drill {number}",
    }


def entry(number: int) -> dict[str, Any]:
    day = date.today().isoformat()
    amount = f"{100 + number}.25"
    return {
        "entry_id": f"GL-{number:05d}",
        "occurred_on": day,
        "lane": "A",
        "category": "sales",
        "amount": amount,
    }


@dataclass
class Dealer:
    """Signed in as the CEO, and with the key of the website."""

    product: GoogleProduct
    key: str
    uid: str
    answers: dict[str, Any] = field(default_factory=dict)

    def with_key(self, path: str, body: Any, **headers: str) -> Response:
        sent = {"X-API-Key": self.key, **headers}
        return self.product.call("POST", path, json=body, headers=sent)

    def signed_in(self, method: str, path: str, body: Any = None) -> Response:
        return self.product.call(method, path, json=body, headers=self.authorization())

    def authorization(self) -> dict[str, str]:
        claims = Claims("user", self.uid, TENANT, ("ceo",), "Ann")
        return {"Authorization": f"Bearer {self.product.cloud.signer.user(claims)}"}

    def send_lead(self, number: int) -> Response:
        """With the same idempotency key whenever it is sent."""
        return self.with_key("/api/crm/intake", lead(number), **{"Idempotency-Key": f"lead-{number}"})

    def send_entries(self, first: int, last: int) -> None:
        report = self.with_key("/api/records/ledger_entries", [entry(n) for n in range(first, last)])
        assert report.status == 200, report.text

    def ask(self, text: str, session_id: str = "") -> dict[str, Any]:
        body = {"text": text, **({"session_id": session_id} if session_id else {})}
        response = self.signed_in("POST", "/api/chat", body)
        assert response.status == 202, response.text
        accepted: dict[str, Any] = response.json()
        return accepted

    def frames(self, accepted: dict[str, Any]) -> list[dict[str, Any]]:
        response = self.signed_in("GET", f"/api/chat/{accepted['session_id']}")
        assert response.status == 200, response.text
        return [one for one in response.json()["frames"] if one["message_id"] == accepted["message_id"]]

    def answer(self, accepted: dict[str, Any]) -> dict[str, Any]:
        return eventually(lambda: self.frames(accepted), f"an answer to {accepted}")[0]

    def plate(self, entries: int) -> dict[str, Any]:
        """The plate of the question, once it shows that many entries."""

        def complete() -> dict[str, Any] | None:
            frame = self.answer(self.ask(QUESTION))
            shown = sum(row["income"] for row in frame["dataset"])
            return frame if shown == sum(float(entry(n)["amount"]) for n in range(entries)) else None

        return eventually(complete, f"{entries} entries in the plate", 90)


def content(frame: dict[str, Any]) -> str:
    """What a person sees of a plate, without the ids of this one asking."""
    shown = {name: frame.get(name) for name in ("type", "plate_id", "title", "dataset", "newest_at")}
    return json.dumps(shown, sort_keys=True)
