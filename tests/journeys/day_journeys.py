"""A customer's day through every capability, each told only what those before it found. On every profile."""

from __future__ import annotations

import json
import uuid
from datetime import UTC, datetime
from functools import partial
from typing import Any

from shared.ports import Query
from tests.journeys import quote_journeys as quotes
from tests.journeys import scribe_journeys as scribe
from tests.journeys import text_journeys as texts
from tests.journeys import trip_journeys as trips
from tests.journeys.product import Product, answer_to, ask, eventually, told

ADVISOR = {"staff_id": "advisor", "name": "Dana Reyes", "role": "advisor", "departments": ["service"]}
ACCORD = scribe.ACCORD
"""The car the film shows."""

PRICES = [
    {"operation": name, "description": name.replace("_", " "), "labour_hours": "0.5", "parts_usd": "90"}
    for name in ("headlight", "tire_replace", "bumper_repair")
]


def threads_of(product: Product, phone: str) -> list[dict[str, Any]]:
    answer = product.call("GET", f"/api/inbox/threads?phone={phone.replace('+', '%2B')}", persona="advisor")
    assert answer.status == 200, answer.text
    found: list[dict[str, Any]] = answer.json()["threads"]
    return found


def texts_of(product: Product, phone: str) -> list[dict[str, Any]]:
    """Everything anybody wanted to text to the number, whatever became of it."""
    query = Query("texts", (("to", "==", phone),))
    return [dict(one.data) for one in product.platform.tenant("autohaus").documents.query(query)]


class DayJourneys:
    def shows(self, product: Product, name: str) -> None:
        """Says what a language model would make of the file, where one is asked."""

    def test_a_text_becomes_a_repair_a_quote_a_signature_a_drive_home_and_a_stop(
        self, product: Product
    ) -> None:
        phone, order = texts.number(), f"RO-{uuid.uuid4().int % 10**9}"
        desk = texts.number()
        quotes.records(product, "staff", {**ADVISOR, "phone": desk})

        texts.webhook(product, "My brakes grind, can the workshop look at them?", sender=phone)
        thread = eventually(partial(threads_of, product, phone), "a thread")[0]
        assert (thread["department"], thread["assigned_staff_id"]) == ("service", "advisor")
        asked = eventually(lambda: texts_of(product, desk), "the advisor is told")
        assert "brakes grind" in asked[0]["body"]

        texts.webhook(product, f"#{thread['number']} Yes, bring it in today", sender=desk)
        eventually(lambda: "Yes, bring it in today" in texts.to(product, phone), "the advisor's answer")

        flag = self.filmed(product, phone, order)
        made = product.call("POST", "/api/quotes", json={"repair_order": order}, persona="advisor").json()
        quoted = [line for line in quotes.page(product, made).json()["lines"] if line["severity"] == "red"]
        assert quoted and any(made["uuid"] in text["body"] for text in texts_of(product, phone))

        code = quotes.code_of(product, made, phone)
        decided = quotes.decide(product, made, quotes.decision(product, made, code))
        assert decided.status == 200, decided.text
        assert quotes.state_of(product, flag["flag_id"]) == "approved"
        receipt = quotes.page(product, made, "/receipt").json()
        verified = product.call("POST", "/api/public/receipt/verify", json=receipt)
        assert verified.status == 200 and verified.json()["valid"], verified.text
        changed = json.loads(json.dumps(receipt).replace("approve", "decline"))
        assert changed != receipt
        assert not product.call("POST", "/api/public/receipt/verify", json=changed).json()["valid"]

        self.driven_home(product, phone)
        texts.webhook(product, "STOP", sender=phone)
        later = trips.plan(product, customer_phone=phone, vin=ACCORD)
        refused = eventually(
            lambda: [t for t in texts_of(product, phone) if t["state"] == "refused"], "no text any more"
        )
        assert all("/track/" in text["body"] or "link" in text for text in refused)
        assert not any(later["url"] in body for body in texts.to(product, phone))

    def filmed(self, product: Product, phone: str, order: str) -> dict[str, Any]:
        """The mechanic's video of the customer's car; answers the red flag of its brakes."""
        quotes.records(product, "pricing_rules", quotes.RULES)
        quotes.records(product, "price_items", *quotes.PRICES, *PRICES)
        quotes.records(product, "vehicles", {"vin": ACCORD, "year": 2003, "make": "Honda", "model": "Accord"})
        written = {"ro_number": order, "vin": ACCORD, "opened_at": datetime.now(UTC).isoformat()}
        quotes.records(
            product, "repair_orders", {**written, "customer_name": "Ann Lee", "customer_phone": phone}
        )
        self.shows(product, "walk_around.mp4")
        scribe.looked_at(product, scribe.send(product, "walk_around.mp4", repair_order=order))
        flag = scribe.flags(product, ACCORD)["brake_rotor", "front_left"]
        assert flag["severity"] == "red"
        return flag

    def driven_home(self, product: Product, phone: str) -> None:
        trip = trips.plan(product, customer_phone=phone, vin=ACCORD)
        assert any(trip["url"] in text["body"] for text in texts_of(product, phone))
        trips.send(product, trip, (datetime.now(UTC), trips.LOT))
        assert trips.seen(product, trip)["state"] in ("waiting", "moving")
        assert trips.seen(product, trip)["position"]
        trips.act(product, trip, "stop")
        shown = trips.look(product, trip)
        assert shown.status == 410 or "position" not in shown.json() or not shown.json()["position"]

    def test_what_happened_can_be_followed_by_its_correlation(self, product: Product) -> None:
        """Every text that left was decided about, and the ledger has both."""
        phone = texts.number()
        text_id = texts.ask_for(product, phone)
        text = texts.text_in(product, text_id, "sent", "queued")
        decided = text["decision"]["decision_id"]

        def rows() -> list[dict[str, Any]]:
            found = told(product, "audit-recorded", lambda row: decided in str(row) or text_id in str(row))
            return [json.loads(one.message.data) for one in found]

        kinds = {row["type"] for row in eventually(rows, "the ledger's rows of the text")}
        assert any("decided" in kind for kind in kinds), kinds

    def test_the_ceo_asks_how_the_system_does(self, product: Product) -> None:
        frame = answer_to(product, ask(product, "What is our error rate today?"))
        assert frame["plate_id"] == "SYSTEM_HEALTH_DASHBOARD"
        assert {"deliveries", "steps"} & set(frame["details"]), sorted(frame["details"])
