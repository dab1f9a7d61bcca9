"""A fake fee reaches the CEO's phone, once, and one tap retunes the watch. Run on every profile."""

from __future__ import annotations

import json
import re
import uuid
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from functools import partial
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

from shared.ports import Query
from tests.journeys.attention_journeys import hire
from tests.journeys.product import Product, eventually, told

ZONE = ZoneInfo("America/Chicago")


def today(product: Product) -> date:
    return product.platform.clock.now().astimezone(ZONE).date()


def fee(entry_id: str, on: date, amount: float, category: str, **more: str) -> dict[str, Any]:
    row = {"entry_id": entry_id, "occurred_on": on.isoformat(), "lane": "C", "category": category}
    return {
        **row,
        "direction": "expense",
        "amount": f"{amount:.2f}",
        "description": "Vehicle transport",
        **more,
    }


def post(product: Product, rows: list[dict[str, Any]]) -> None:
    """By the dealership's accounting; returns once the rows are in the warehouse."""
    answer = product.call("POST", "/api/records/ledger_entries", json=rows, api_key=True)
    assert answer.status == 200 and answer.json()["rejected"] == 0, answer.text
    ids = {row["entry_id"] for row in rows}

    def arrived() -> bool:
        days = [date.fromisoformat(row["occurred_on"]) for row in rows]
        found = product.platform.tenant("autohaus").warehouse.query(
            "plates/finance_entries_v1",
            {
                "as_of": product.platform.clock.now(),
                "from_date": min(days),
                "to_date": max(days),
                "category": rows[0]["category"],
                "row_limit": 100_000,
            },
        )
        return ids <= {row["entry_id"] for row in found}

    eventually(arrived, "the postings in the warehouse")


def ordinary_fees(product: Product, category: str) -> list[dict[str, Any]]:
    """Two months of them, one to three a day."""
    random, last = Random(category), today(product)
    return [
        fee(f"{category}-{back}-{number}", last - timedelta(days=back), random.gauss(465, 60), category)
        for back in range(60, 0, -1)
        for number in range(random.choice((1, 2, 2, 3)))
    ]


def run(product: Product) -> dict[str, Any]:
    answer = product.run("anomaly_monitor")
    assert answer.status == 200, answer.text
    result: dict[str, Any] = answer.json()["result"]["autohaus"]
    return result


def finding_of(product: Product, entry_id: str) -> dict[str, Any]:
    found = product.platform.tenant("autohaus").documents.query(Query("anomalies"))
    (one,) = [dict(one.data) for one in found if entry_id in one.data["entry_ids"]]
    return one


def alerts_of(product: Product, finding: dict[str, Any]) -> list[dict[str, Any]]:
    """The text messages that carry the finding's link."""
    found = product.platform.tenant("autohaus").documents.query(Query("texts"))
    return [dict(one.data) for one in found if finding["link_uuid"] in one.data["body"]]


def _is_about(finding_id: str, data: dict[str, Any]) -> bool:
    return bool(data["finding_id"] == finding_id)


class AnomalyJourneys:
    def test_a_fake_transport_fee_is_texted_to_the_ceo_once_and_a_tap_retunes_the_series(
        self, product: Product
    ) -> None:
        hire(product)
        run_id = uuid.uuid4().hex[:8]
        post(product, ordinary_fees(product, "transport"))
        run(product)
        fake = f"FAKE-{run_id}"
        post(product, [fee(fake, today(product), 5000.0, "transport", counterparty="Jane Doe Hauling")])
        with ThreadPoolExecutor(3) as pool:  # the scheduler calls again before the first call has ended
            list(pool.map(lambda _: run(product), range(3)))
        run(product)
        finding = finding_of(product, fake)
        assert {"two_deviations", "posting"} <= set(finding["kinds"])
        events = eventually(
            partial(told, product, "anomaly-detected", partial(_is_about, finding["finding_id"])), "the event"
        )
        assert len(events) == 1 and "Jane" not in events[0].message.data.decode()
        text = eventually(lambda: alerts_of(product, finding), "the alert's text")
        assert len(text) == 1
        body = text[0]["body"]
        assert text[0]["staff_id"] == "ceo" and text[0]["to"] == "+13125550173"
        assert "$5,000.00" in body and f"row {fake}" in body and "Usually $" in body and "Jane" not in body
        link = re.search(r"/alert/([0-9a-f-]{36})", body)
        assert link is not None
        self._sent(product, text[0]["text_id"])
        self._tap(product, link[1])
        post(product, [fee(f"LIKE-{run_id}", today(product) - timedelta(days=1), 4900.0, "transport")])
        assert run(product)["new"] == 0

    def _sent(self, product: Product, text_id: str) -> None:
        def state() -> bool:
            text = product.platform.tenant("autohaus").documents.get(f"texts/{text_id}")
            return text is not None and text.data["state"] in ("sent", "queued", "delivered")

        eventually(state, "the text at the provider")

    def _tap(self, product: Product, uuid_: str) -> None:
        page = product.call("GET", f"/alert/{uuid_}")
        assert page.status == 200 and "$5,000.00" in page.text and "<script" not in page.text
        tapped = product.call("POST", f"/api/public/alert/{uuid_}/expected")
        assert tapped.status == 200 and tapped.json()["state"] == "expected"

        def audited() -> bool:
            rows = told(product, "audit-recorded", lambda data: data["type"] == "anomaly.expected")
            return any(json.loads(row.message.data)["actor"].startswith("public_links/") for row in rows)

        eventually(audited, "the tap in the ledger")

    def test_what_was_approved_beforehand_is_told_to_nobody(self, product: Product) -> None:
        run_id = uuid.uuid4().hex[:8]
        post(product, ordinary_fees(product, "fuel"))
        on = today(product)
        approval = {
            "document_number": f"PO-{run_id}",
            "amount_usd": "7000.00",
            "valid_from": (on - timedelta(days=1)).isoformat(),
            "valid_to": (on + timedelta(days=1)).isoformat(),
            "reason": "a tank for the yard",
        }
        made = product.call("POST", "/api/approved-expenses", json=approval, persona="ceo")
        assert made.status == 200, made.text
        post(product, [fee(f"TANK-{run_id}", on, 7000.0, "fuel", document_number=f"PO-{run_id}")])
        run(product)
        found = product.platform.tenant("autohaus").documents.query(Query("anomalies"))
        assert not [one for one in found if f"TANK-{run_id}" in one.data["entry_ids"]]
        taken_back = product.call(
            "POST", f"/api/approved-expenses/{made.json()['approval_id']}/withdraw", json={}, persona="ceo"
        )
        assert taken_back.status == 200
        run(product)
        assert finding_of(product, f"TANK-{run_id}")["kinds"]

    def test_a_quiet_day_has_its_sign_of_life(self, product: Product) -> None:
        run(product)
        state = product.platform.tenant("autohaus").documents.get("monitor_state/anomaly_monitor")
        assert state is not None and state.data["postings"] >= 0
        assert product.run("monitor_watch").json()["result"]["autohaus"] == {"watch": "runs"}
