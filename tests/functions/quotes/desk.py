"""A service desk for tests: a shop with prices, a vehicle with flags, a customer with a phone."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from shared.local.wsgi_call import Response
from shared.ports import Data, Query, Write
from shared.testing.harness import Harness

VIN, OTHER_VIN = "1HGCM82633A004352", "5GZCZ43D13S812715"
PHONE = "+13125550142"
RULES: dict[str, Any] = {
    "labour_rate_usd": "160.00",
    "shop_supplies_percent": "10",
    "shop_supplies_cap_usd": "40.00",
    "taxes": [{"name": "Sales tax", "percent": "10.25", "on": ["parts", "shop_supplies"]}],
}
PRICES: list[dict[str, Any]] = [
    {
        "operation": "brake_pads_rotors",
        "description": "Replace brake pads and rotors",
        "labour_hours": "2.1",
        "parts_usd": "310.00",
    },
    {
        "operation": "brake_pads",
        "description": "Replace brake pads",
        "labour_hours": "1.2",
        "parts_usd": "95.00",
    },
    {
        "operation": "wiper_blades",
        "description": "Replace wiper blades",
        "labour_hours": "0.2",
        "parts_usd": "46.00",
    },
    {
        "operation": "tire_replace",
        "description": "Replace tire",
        "labour_hours": "0.5",
        "parts_usd": "155.00",
    },
]
ROTOR, WIPER = "brake_pads_rotors:front_axle", "wiper_blades:vehicle"
SIGNATURE: dict[str, Any] = {
    "name": "Ann Miller",
    "strokes": [{"points": [100, 200, 300, 120, 500, 260]}, {"points": [520, 200, 700, 210]}],
}
"""The total of everything a shop opened by `open_shop` quotes: labour 336 + 32, parts 310 + 46, shop supplies
36.80, tax 10.25 % of 392.80 = 40.26."""
TOTAL = "801.06"


def flag(flag_id: str, component: str, zone: str, severity: str = "red", **more: Any) -> dict[str, Any]:
    return {
        "flag_id": flag_id,
        "vin": VIN,
        "repair_order": "RO-1",
        "media_id": "m1",
        "component": component,
        "zone": zone,
        "severity": severity,
        "summary": "metal on metal",
        "evidence": [
            {"kind": "words", "at_seconds": 4.2, "text": "rotors are metal on metal", "blob_key": ""}
        ],
        "confidence": 0.9,
        "state": "open",
        "history": [],
        "pre_existing": False,
        **more,
    }


class Desk:
    """Calls the product as staff and as a customer, and looks at what became of it."""

    def __init__(self, product: Harness) -> None:
        self.product = product

    def open_shop(self, tenant: str = "autohaus") -> None:
        """Prices, a customer's car with an open repair order, a red and a yellow flag on it."""
        self.records("pricing_rules", RULES, tenant=tenant)
        self.records("price_items", *PRICES, tenant=tenant)
        self.records(
            "vehicles", {"vin": VIN, "year": 2003, "make": "Honda", "model": "Accord"}, tenant=tenant
        )
        order = {
            "ro_number": "RO-1",
            "vin": VIN,
            "opened_at": "2026-11-20T09:00:00Z",
            "advisor_staff_id": "S1",
        }
        self.records(
            "repair_orders", {**order, "customer_name": "Ann Miller", "customer_phone": PHONE}, tenant=tenant
        )
        self.flag(
            flag("f1", "brake_rotor", "front_left"), flag("f2", "wiper", "front", "yellow"), tenant=tenant
        )

    def records(self, kind: str, *rows: dict[str, Any], tenant: str = "autohaus") -> None:
        answer = self.product.call(
            "POST", f"/api/records/{kind}", json=list(rows), api_key=True, tenant=tenant
        )
        assert answer.status == 200 and answer.json()["rejected"] == 0, answer.text

    def flag(self, *flags: dict[str, Any], tenant: str = "autohaus") -> None:
        now = self.product.platform.clock.now()
        stamped = [{"first_seen_at": now, "updated_at": now, **one} for one in flags]
        self.put(*((f"twin_flags/{one['flag_id']}", one) for one in stamped), tenant=tenant)

    def put(self, *documents: tuple[str, Data], tenant: str = "autohaus") -> None:
        self.product.tenant(tenant).documents.commit([Write(path, data) for path, data in documents])

    def stored(self, path: str, tenant: str = "autohaus") -> Data:
        found = self.product.tenant(tenant).documents.get(path)
        assert found, path
        return found.data

    def every(self, collection: str, tenant: str = "autohaus") -> list[Data]:
        return [one.data for one in self.product.tenant(tenant).documents.query(Query(collection))]

    def state_of(self, flag_id: str) -> str:
        return str(self.stored(f"twin_flags/{flag_id}")["state"])

    def texts(self, purpose: str, tenant: str = "autohaus") -> list[Data]:
        found = [text for text in self.every("texts", tenant) if text["purpose"] == purpose]
        return sorted(found, key=lambda text: text["requested_at"])

    def says_stop(self, phone: str = PHONE) -> None:
        """As if a text of theirs had said so."""
        self.put((f"consents/{phone.removeprefix('+')}", {"phone": phone, "state": "denied", "topics": {}}))

    def arrived(self) -> None:
        """As if every text so far had reached its phone."""
        self.put(*((f"texts/{one['text_id']}", {**one, "state": "delivered"}) for one in self.every("texts")))

    def ask_quote(self, *, tenant: str = "autohaus", **asked: Any) -> Response:
        body = asked or {"repair_order": "RO-1"}
        return self.product.call("POST", "/api/quotes", json=body, persona="advisor", tenant=tenant)

    def quote(self, **asked: Any) -> dict[str, Any]:
        answer = self.ask_quote(**asked)
        assert answer.status in (200, 201), answer.text
        return dict(answer.json())

    def page(self, uuid: str, what: str = "", method: str = "GET", **how: Any) -> Response:
        return self.product.call(method, f"/api/public/quote/{uuid}{what}", **how)

    def shown(self, uuid: str) -> dict[str, Any]:
        answer = self.page(uuid)
        assert answer.status == 200, answer.text
        return dict(answer.json())

    def code(self, uuid: str) -> str:
        """Asks for a code and reads the text message."""
        answer = self.page(uuid, "/otp", "POST")
        assert answer.status == 202, answer.text
        found = re.search(r"\b\d{6}\b", str(self.texts("otp")[-1]["body"]))
        assert found
        return found[0]

    def send(self, uuid: str, decision: Mapping[str, Any], **headers: str) -> Response:
        return self.page(uuid, "/decision", "POST", json=dict(decision), headers=headers)

    def decision(self, uuid: str, code: str, version: int = 1, **choices: str) -> dict[str, Any]:
        """Everything approved, but what `choices` says of an operation, e.g. `wiper_blades="defer"`."""
        lines = []
        for line in self.shown(uuid)["lines"]:
            made = choices.get(line["line_id"].partition(":")[0], "approve")
            reason = {} if made == "approve" else {"reason": "too dear for now"}
            lines.append({"line_id": line["line_id"], "decision": made, **reason})
        return {"version": version, "code": code, "lines": lines, "signature": SIGNATURE}

    def decide(self, uuid: str, version: int = 1, **choices: str) -> dict[str, Any]:
        answer = self.send(uuid, self.decision(uuid, self.code(uuid), version, **choices))
        assert answer.status == 200, answer.text
        return dict(answer.json())

    def rested(self, quote_id: str) -> None:
        """As if the last code had been texted long ago."""
        path = f"quote_codes/{quote_id}"
        self.put((path, {**self.stored(path), "texted_at": []}))

    def later(self, quote_id: str, **moved: timedelta) -> None:
        """As if the quote's times were so much earlier, e.g. `valid_until=timedelta(days=15)`."""
        quote = dict(self.stored(f"quotes/{quote_id}"))
        for name, by in moved.items():
            moment = quote[name]
            assert isinstance(moment, datetime)
            quote[name] = moment - by
        self.put((f"quotes/{quote_id}", quote))
