"""Receipts are proved by anybody, and a forged or changed one by nobody."""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from functions.quotes.verify_receipt import canonical, chain, content_hash, examine, signed_message
from shared.domain.components import catalogue
from shared.local.sample_dealership.price_list import price_items
from shared.local.sample_dealership.profiles import AUTOHAUS
from shared.local.wsgi_call import Response
from tests.functions.quotes.desk import VIN, Desk, flag

VERIFY = "/api/public/receipt/verify"


def signed(desk: Desk, tenant: str = "autohaus") -> tuple[dict[str, Any], bytes]:
    """A decided quote and its receipt's bytes."""
    made = desk.ask_quote(tenant=tenant).json()
    found = desk.product.call("POST", f"/api/public/quote/{made['uuid']}/otp")
    assert found.status == 202
    code = str(desk.texts("otp", tenant)[-1]["body"])[:6]
    assert desk.send(made["uuid"], desk.decision(made["uuid"], code)).status == 200
    return made, desk.page(made["uuid"], "/receipt").body


def check(desk: Desk, raw: bytes) -> dict[str, Any]:
    answer = desk.product.call("POST", VERIFY, body=raw, content_type="application/json")
    assert answer.status == 200, answer.text
    return dict(answer.json())


def get(desk: Desk, query: str = "") -> Response:
    return desk.product.call("GET", VERIFY + query)


def test_a_receipt_is_proved_by_its_file_and_by_its_id(desk: Desk) -> None:
    _, raw = signed(desk)
    by_file = check(desk, raw)
    assert by_file["valid"] is True and by_file["sequence"] == 1
    by_id = get(desk, f"?receipt={by_file['receipt_id']}").json()
    assert by_id == by_file and by_id["dealership"] == "AutoHaus Chicago"
    assert "Miller" not in str(by_id) and VIN not in str(by_id), "anybody may ask, so nothing personal"


def test_without_a_receipt_the_keys_are_published(desk: Desk) -> None:
    published = get(desk).json()
    assert published["valid"] is None and len(published["keys"][0]) == 64
    _, raw = signed(desk)
    assert json.loads(raw)["content"]["key"]["public_key"] == published["keys"][0]


def test_every_figure_names_its_records(desk: Desk) -> None:
    _, raw = signed(desk)
    rotor = json.loads(raw)["content"]["lines"][0]
    assert (rotor["price_item"], rotor["flag_id"]) == ("price_items/brake_pads_rotors", "f1")
    assert rotor["flags"][0]["summary"] == "metal on metal"
    assert b"rotors are metal on metal" not in raw, "what was said to a camera was not said to the customer"


def test_the_pdf_is_the_one_the_receipt_names(desk: Desk) -> None:
    made, raw = signed(desk)
    pdf = desk.page(made["uuid"], "/receipt.pdf")
    assert pdf.headers["Content-Type"] == "application/pdf"
    assert hashlib.sha256(pdf.body).hexdigest() == json.loads(raw)["content"]["pdf_sha256"]
    assert examine(raw, pdf=pdf.body).holds and not examine(raw, pdf=pdf.body + b"\n").holds


def test_the_script_that_comes_with_it_proves_it_offline(desk: Desk, tmp_path: Path) -> None:
    made, raw = signed(desk)
    script = desk.product.call("GET", "/api/public/receipt/verify_receipt.py")
    assert script.status == 200 and script.headers["Content-Type"].startswith("text/x-python")
    files = {"verify_receipt.py": script.body, "receipt.json": raw}
    files["receipt.pdf"] = desk.page(made["uuid"], "/receipt.pdf").body
    for name, content in files.items():
        (tmp_path / name).write_bytes(content)
    key = get(desk).json()["keys"][0]
    command = [
        sys.executable,
        "-I",
        "-S",
        "verify_receipt.py",
        "receipt.json",
        "--pdf",
        "receipt.pdf",
        "--key",
        key,
    ]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0 and done.stdout.endswith("VALID\n"), done.stdout + done.stderr
    (tmp_path / "receipt.json").write_bytes(raw.replace(b"646.00", b"446.00"))
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 1 and "CHANGED" in done.stdout


def test_every_single_changed_byte_of_a_real_receipt_is_found(desk: Desk) -> None:
    _, raw = signed(desk)
    keys = get(desk).json()["keys"]
    assert examine(raw, keys).holds
    for place in range(len(raw)):
        changed = raw[:place] + bytes([raw[place] ^ 1]) + raw[place + 1 :]
        assert not examine(changed, keys).holds, f"byte {place}: {changed[place - 20 : place + 20]!r}"


@pytest.mark.parametrize("place", [40, 400, 1400, -3])
def test_a_changed_byte_is_found_online_too(desk: Desk, place: int) -> None:
    _, raw = signed(desk)
    changed = bytearray(raw)
    changed[place] ^= 1
    assert check(desk, bytes(changed))["valid"] is False


def test_a_receipt_signed_with_our_key_that_we_never_issued_is_not_valid(desk: Desk) -> None:
    """As somebody who got at the key, or a backup's leftover."""
    _, raw = signed(desk)
    content = {**json.loads(raw)["content"], "receipt_id": "another"}
    seals = desk.product.tenant().seals
    found = content_hash(content)
    signature = seals.sign(signed_message(found)).hex()
    said = check(desk, canonical({"content": content, "hash": found, "signature": signature}))
    assert said["valid"] is False
    assert [one["name"] for one in said["checks"] if not one["holds"]] == ["issued"]


def test_a_receipt_of_ours_changed_and_signed_anew_with_our_key_is_not_as_it_was_issued(desk: Desk) -> None:
    _, raw = signed(desk)
    content = json.loads(raw)["content"]
    content["approved"] = {**content["approved"], "total_usd": "1801.06"}
    found = content_hash(content)
    signature = desk.product.tenant().seals.sign(signed_message(found)).hex()
    said = check(desk, canonical({"content": content, "hash": found, "signature": signature}))
    assert [one["says"] for one in said["checks"] if not one["holds"]] == ["it is NOT as it was issued"]


def test_receipts_of_one_dealership_are_a_chain_without_gaps(desk: Desk) -> None:
    made, first = signed(desk)
    desk.flag(flag("f3", "tire", "rear_left"))
    again = desk.quote()
    desk.rested(again["quote_id"])
    desk.decide(again["uuid"], version=2)
    second = desk.page(again["uuid"], "/receipt").body
    links = chain([examine(first), examine(second)])
    assert [one.holds for one in links] == [True] and "bears" in links[0].says
    checks = [one["says"] for one in check(desk, first)["checks"] if one["name"] == "chain"]
    assert len(checks) == 2 and "receipt after it bears its hash" in checks[1]
    assert made["uuid"] == again["uuid"]


def test_two_dealerships_have_a_chain_each(desk: Desk) -> None:
    desk.open_shop("northside")
    receipts = [json.loads(signed(desk, tenant)[1])["content"] for tenant in ("autohaus", "northside")]
    assert [one["sequence"] for one in receipts] == [1, 1]
    assert [one["dealership"]["id"] for one in receipts] == ["autohaus", "northside"]


def test_a_receipt_replaced_in_the_store_breaks_its_neighbours(desk: Desk) -> None:
    _, first = signed(desk)
    desk.flag(flag("f3", "tire", "rear_left"))
    again = desk.quote()
    desk.rested(again["quote_id"])
    desk.decide(again["uuid"], version=2)
    second = desk.page(again["uuid"], "/receipt").body
    desk.put(("receipts/00000001", {**desk.stored("receipts/00000001"), "hash": "0" * 64}))
    assert check(desk, second)["valid"] is False and check(desk, first)["valid"] is False


def test_many_who_sign_at_once_are_numbered_without_gaps(desk: Desk) -> None:
    from concurrent.futures import ThreadPoolExecutor

    vins = ["1M8GDM9AXKP042788", "1J9RP1A36A1644345", "1G4AH59H45G118341"]
    decisions = []
    for number, vin in enumerate(vins):
        desk.records("vehicles", {"vin": vin, "year": 2003, "make": "Honda", "model": "Accord"})
        order = {"ro_number": f"RO-1{number}", "vin": vin, "opened_at": "2026-11-20T09:00:00Z"}
        desk.records("repair_orders", {**order, "customer_phone": f"+1312555014{number}"})
        desk.flag(flag(f"g{number}", "tire", "rear_left", vin=vin))
        made = desk.quote(vin=vin)
        decisions.append((made["uuid"], desk.decision(made["uuid"], desk.code(made["uuid"]))))
    with ThreadPoolExecutor(3) as pool:
        answers = list(pool.map(lambda one: desk.send(*one), decisions))
    assert [one.status for one in answers] == [200] * 3
    found = sorted(answers, key=lambda one: int(one.json()["receipt_sequence"]))
    raws = [desk.stored(f"receipts/{number:08d}")["text"].encode() for number in (1, 2, 3)]
    assert [one.json()["receipt_sequence"] for one in found] == [1, 2, 3]
    assert [link.holds for link in chain([examine(raw) for raw in raws])] == [True, True]


@pytest.mark.parametrize("query", ["?receipt=unknown", "?receipt=" + "a" * 200])
def test_a_receipt_nobody_issued_is_not_found(desk: Desk, query: str) -> None:
    assert get(desk, query).status == 404


@pytest.mark.parametrize("raw", [b"", b"{}", b"not json", b"\xff\xff", b"[" * 50_000])
def test_what_is_no_receipt_is_not_valid(desk: Desk, raw: bytes) -> None:
    said = check(desk, raw)
    assert said["valid"] is False and "this is no receipt" in said["checks"][0]["says"]


def test_before_anything_is_signed_there_is_no_receipt(desk: Desk) -> None:
    made = desk.quote()
    assert desk.page(made["uuid"], "/receipt").status == desk.page(made["uuid"], "/receipt.pdf").status == 404


def test_a_version_that_was_not_signed_has_no_receipt(desk: Desk) -> None:
    made, _ = signed(desk)
    assert desk.page(made["uuid"], "/receipt?version=2").status == 404
    assert desk.page(made["uuid"], "/receipt?version=1").status == 200


def test_a_quote_of_everything_that_can_be_wrong_is_signed_and_proved(desk: Desk) -> None:
    desk.records("price_items", *price_items(AUTOHAUS))
    known = catalogue().components.values()
    every = [flag(f"e-{one.id}-{zone}", one.id, zone) for one in known for zone in one.zones[:3]]
    desk.flag(*every)
    made = desk.quote()
    assert made["lines"] > 90
    choices = dict.fromkeys(catalogue().operations, "decline")
    decided = desk.decide(made["uuid"], 1, **choices)
    assert decided["declined"] == made["lines"] == len(desk.every("informed_refusals"))
    receipt, pdf = desk.page(made["uuid"], "/receipt").body, desk.page(made["uuid"], "/receipt.pdf").body
    assert examine(receipt, pdf=pdf).holds and check(desk, receipt)["valid"] is True
    assert len(str(desk.stored("receipts/00000001"))) < 900_000, "a document has a megabyte at most"
