"""What is wrong with a car becomes a quote, a signed decision and a receipt to prove it. On every profile."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import uuid
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from shared.domain.vin import check_digit
from shared.local.wsgi_call import Response
from shared.ports import Data, Query, Write
from tests.journeys.product import Product, eventually, told

RULES = {
    "labour_rate_usd": "160",
    "shop_supplies_percent": "10",
    "shop_supplies_cap_usd": "40",
    "taxes": [{"name": "Sales tax", "percent": "10.25", "on": ["parts", "shop supplies"]}],
}
PRICES = [
    {
        "operation": "brake_pads_rotors",
        "description": "Brake pads and rotors",
        "labour_hours": "2.1",
        "parts_usd": "310",
    },
    {"operation": "wiper_blades", "description": "Wiper blades", "labour_hours": "0.2", "parts_usd": "46"},
]
SIGNATURE = {"name": "Ann Miller", "strokes": [{"points": [100, 200, 300, 120, 500, 260]}]}


def records(product: Product, kind: str, *rows: dict[str, Any]) -> None:
    answer = product.call("POST", f"/api/records/{kind}", json=list(rows), api_key=True)
    assert answer.status == 200 and answer.json()["rejected"] == 0, answer.text


def flagged_vehicle(product: Product) -> dict[str, str]:
    """A car in the shop with a red and a yellow flag, of a customer with a phone."""
    number = uuid.uuid4().int
    start = "1HGCM8260" + "".join("ABCDEFGH"[number >> 3 * n & 7] for n in range(8))
    vin = f"{start[:8]}{check_digit(start)}{start[9:]}"
    phone, order = f"+1555{2_000_000 + number % 7_999_999}", f"RO-{number % 10**9}"
    records(product, "pricing_rules", RULES)
    records(product, "price_items", *PRICES)
    records(product, "vehicles", {"vin": vin, "year": 2003, "make": "Honda", "model": "Accord"})
    written_up = {"ro_number": order, "vin": vin, "opened_at": "2026-11-20T09:00:00Z"}
    records(product, "repair_orders", {**written_up, "customer_name": "Ann Miller", "customer_phone": phone})
    red = seen(product, vin, "brake_rotor", "front_left", "red")
    yellow = seen(product, vin, "wiper", "front", "yellow")
    return {"vin": vin, "order": order, "phone": phone, "red": red, "yellow": yellow}


def seen(product: Product, vin: str, component: str, zone: str, severity: str) -> str:
    """What a mechanic saw; the flag's id."""
    said = {"component": component, "zone": zone, "severity": severity, "summary": "metal on metal"}
    answer = product.call("POST", f"/api/twins/{vin}/flags", json=said, persona="mechanic")
    assert answer.status in (200, 201), answer.text
    return str(answer.json()["flag_id"])


def make(product: Product, car: Mapping[str, str]) -> dict[str, Any]:
    answer = product.call("POST", "/api/quotes", json={"vin": car["vin"]}, persona="advisor")
    assert answer.status in (200, 201), answer.text
    made: dict[str, Any] = answer.json()
    return made


def page(
    product: Product, made: Mapping[str, Any], what: str = "", method: str = "GET", **how: Any
) -> Response:
    return product.call(method, f"/api/public/quote/{made['uuid']}{what}", **how)


def texts_to(product: Product, phone: str) -> list[Data]:
    found = product.platform.tenant("autohaus").documents.query(Query("texts", (("to", "==", phone),)))
    return [document.data for document in found]


def code_of(product: Product, made: Mapping[str, Any], phone: str) -> str:
    """The code of the text message that reached the phone."""
    answer = page(product, made, "/otp", "POST")
    assert answer.status == 202, answer.text

    def look() -> str | None:
        reached = [str(text["body"]) for text in product.texts_out() if text["to"] == phone]
        found = [match[0] for body in reached if (match := re.match(r"\d{6}\b", body))]
        return found[-1] if found else None

    return eventually(look, "a text with the code")


def decision(product: Product, made: Mapping[str, Any], code: str, **choices: str) -> dict[str, Any]:
    lines = []
    for line in page(product, made).json()["lines"]:
        choice = choices.get(line["line_id"].partition(":")[0], "approve")
        reason = {} if choice == "approve" else {"reason": "not this month"}
        lines.append({"line_id": line["line_id"], "decision": choice, **reason})
    return {"version": made["version"], "code": code, "lines": lines, "signature": SIGNATURE}


def decide(product: Product, made: Mapping[str, Any], sent: dict[str, Any]) -> Response:
    return page(product, made, "/decision", "POST", json=sent)


def state_of(product: Product, flag_id: str) -> str:
    found = product.platform.tenant("autohaus").documents.get(f"twin_flags/{flag_id}")
    assert found
    return str(found.data["state"])


def _is_of(made: Mapping[str, Any], data: dict[str, Any]) -> bool:
    return bool(data.get("quote_id") == made["quote_id"])


class QuoteJourneys:
    def test_a_red_flag_becomes_a_quote_a_signature_and_a_receipt_proved_online_and_offline(
        self, product: Product, tmp_path: Path
    ) -> None:
        car = flagged_vehicle(product)
        made = make(product, car)
        assert (made["version"], made["total_usd"]) == (1, "801.06")
        [text] = [one for one in texts_to(product, car["phone"]) if one["purpose"] == "service"]
        assert made["uuid"] in text["body"] and "$801.06 with tax" in text["body"]
        shown = page(product, made).json()
        assert [line["severity"] for line in shown["lines"]] == ["red", "yellow"]
        sent = decision(product, made, code_of(product, made, car["phone"]), wiper_blades="decline")
        answer = decide(product, made, sent)
        assert answer.status == 200 and answer.json()["total_usd"] == "714.82", answer.text
        assert (state_of(product, car["red"]), state_of(product, car["yellow"])) == ("approved", "declined")
        for topic in ("quote-sent", "quote-decided"):
            assert len(eventually(partial(told, product, topic, partial(_is_of, made)), topic)) == 1
        self._prove(product, made, tmp_path)

    def _prove(self, product: Product, made: Mapping[str, Any], folder: Path) -> None:
        receipt, paper = page(product, made, "/receipt").body, page(product, made, "/receipt.pdf").body
        online = product.call("POST", "/api/public/receipt/verify", body=receipt).json()
        assert online["valid"] is True, online
        by_id = product.call("GET", f"/api/public/receipt/verify?receipt={online['receipt_id']}").json()
        assert by_id["valid"] is True and by_id["hash"] == json.loads(receipt)["hash"]
        script = product.call("GET", "/api/public/receipt/verify_receipt.py").body
        changed = receipt.replace(b'"646.00"', b'"046.00"')
        files = {"receipt.json": receipt, "receipt.pdf": paper, "changed.json": changed, "verify.py": script}
        for name, content in files.items():
            (folder / name).write_bytes(content)
        key = product.call("GET", "/api/public/receipt/verify").json()["keys"][0]
        check = [sys.executable, "-I", "-S", "verify.py"]
        good = [*check, "receipt.json", "--pdf", "receipt.pdf", "--key", key]
        assert subprocess.run(good, cwd=folder, check=False, capture_output=True).returncode == 0
        bad = subprocess.run([*check, "changed.json"], cwd=folder, check=False, capture_output=True)
        assert bad.returncode == 1 and b"NOT VALID" in bad.stdout
        assert product.call("POST", "/api/public/receipt/verify", body=changed).json()["valid"] is False

    def test_a_declined_red_item_is_an_informed_refusal_with_a_day(self, product: Product) -> None:
        car = flagged_vehicle(product)
        made = make(product, car)
        sent = decision(product, made, code_of(product, made, car["phone"]), brake_pads_rotors="decline")
        assert decide(product, made, sent).status == 200
        refusals = product.platform.tenant("autohaus").documents.query(Query("informed_refusals"))
        [refusal] = [one.data for one in refusals if one.data["quote_id"] == made["quote_id"]]
        assert refusal["flag_ids"] == [car["red"]] and refusal["follow_up_at"] > refusal["signed_at"]
        assert "Found RED" in refusal["statement"] and state_of(product, car["red"]) == "declined"

    def test_on_its_day_a_declined_red_item_comes_back_to_the_staff_once(self, product: Product) -> None:
        car = flagged_vehicle(product)
        made = make(product, car)
        sent = decision(product, made, code_of(product, made, car["phone"]), brake_pads_rotors="decline")
        assert decide(product, made, sent).status == 200
        documents = product.platform.tenant("autohaus").documents
        found = documents.query(Query("informed_refusals"))
        [refusal] = [one for one in found if one.data["quote_id"] == made["quote_id"]]
        now = product.platform.clock.now()
        documents.commit([Write(refusal.path, {**refusal.data, "next_step_at": now})])
        for _ in range(2):
            assert product.run("quote_expiry").status == 200
        told_of = partial(told, product, "attention-requested", lambda data: data["subject"] == refusal.path)
        assert len(eventually(told_of, "the follow-up")) == 1

    def test_an_old_version_cannot_be_approved(self, product: Product) -> None:
        car = flagged_vehicle(product)
        made = make(product, car)
        code = code_of(product, made, car["phone"])
        old = decision(product, made, code)
        documents = product.platform.tenant("autohaus").documents
        flag = documents.get(f"twin_flags/{car['yellow']}")
        assert flag
        documents.commit([Write(flag.path, {**flag.data, "severity": "red"})])
        refused = decide(product, made, old)
        assert (refused.status, refused.json()["version"]) == (409, 2), refused.text
        assert decide(product, made, {**old, "version": 2}).status == 200

    def test_a_decision_sent_many_times_at_once_has_one_effect(self, product: Product) -> None:
        car = flagged_vehicle(product)
        made = make(product, car)
        sent = decision(product, made, code_of(product, made, car["phone"]))
        with ThreadPoolExecutor(4) as pool:
            answers = list(pool.map(lambda _: decide(product, made, sent), range(4)))
        assert {one.status for one in answers} == {200}
        assert len({one.json()["receipt_hash"] for one in answers}) == 1
        found = eventually(partial(told, product, "quote-decided", partial(_is_of, made)), "the decision")
        assert len(found) == 1

    @pytest.mark.parametrize("what", ["", "/receipt"])
    def test_a_link_with_another_letter_opens_nothing(self, product: Product, what: str) -> None:
        made = make(product, flagged_vehicle(product))
        last = "0" if made["uuid"][-1] != "0" else "1"
        assert page(product, {"uuid": made["uuid"][:-1] + last}, what).status == 404

    def test_somebody_elses_link_decides_nothing_of_mine(self, product: Product) -> None:
        mine, theirs = flagged_vehicle(product), flagged_vehicle(product)
        my_quote, their_quote = make(product, mine), make(product, theirs)
        code = code_of(product, my_quote, mine["phone"])
        refused = decide(product, their_quote, decision(product, their_quote, code))
        assert refused.status == 403 and state_of(product, theirs["red"]) == "quoted"
