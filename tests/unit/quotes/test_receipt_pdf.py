"""A receipt on paper."""

from __future__ import annotations

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from functions.quotes.receipt_pdf import draw

CHICAGO = ZoneInfo("America/Chicago")


def line(number: int = 1, **changes: Any) -> dict[str, Any]:
    whole = {
        "decision": "approve",
        "title": f"Replace brake pads and rotors, front axle {number}",
        "severity": "red",
        "price_usd": "646.00",
        "labour_hours": "2.10",
        "labour_rate_usd": "160.00",
        "labour_usd": "336.00",
        "parts_usd": "310.00",
        "operation": "brake_pads_rotors",
        "flag_id": "f1",
        "reason": "",
    }
    return {**whole, **changes}


def content(**changes: Any) -> dict[str, Any]:
    amounts = ("labour_usd", "parts_usd", "shop_supplies_usd", "total_usd")
    tax = {"name": "Sales tax", "percent": "10.25", "base_usd": "346.00", "amount_usd": "35.47"}
    whole: dict[str, Any] = {
        "dealership": {"id": "autohaus", "name": "AutoHaus Chicago"},
        "sequence": 7,
        "receipt_id": "r7",
        "issued_at": "2026-11-20T15:30:00Z",
        "quote": {
            "quote_id": "q1",
            "version": 2,
            "made_at": "2026-11-20T15:00:00Z",
            "valid_until": "2026-12-04T15:00:00Z",
        },
        "repair_order": "RO-1",
        "vehicle": {"vin": "1HGCM82633A004352", "year": 2003, "make": "Honda", "model": "Accord"},
        "lines": [line()],
        "approved": {**dict.fromkeys(amounts, "12.00"), "taxes": [tax]},
        "refusals": [{"statement": "Found RED.", "line_id": "x"}],
        "signature": {
            "name": "Ann Miller",
            "strokes": [[0, 0, 1000, 1000], [500, 20, 20, 500]],
            "signed_at": "2026-11-20T15:30:00Z",
            "code_texted_to": "number ending 0142",
            "address_digest": "ab" * 16,
            "user_agent": "Mozilla/5.0",
        },
        "previous": "0" * 64,
        "key": {"public_key": "ab" * 32},
    }
    return {**whole, **changes}


def test_the_same_receipt_is_the_same_bytes_also_in_another_process_and_after_others() -> None:
    first = draw(content(), zone=CHICAGO)
    draw(content(lines=[line(reason="Ωμέγα čšž")]), zone=CHICAGO)
    assert draw(content(), zone=CHICAGO) == first and first.startswith(b"%PDF-")
    program = (
        "import sys, hashlib; from zoneinfo import ZoneInfo;"
        "from tests.unit.quotes.test_receipt_pdf import content, draw;"
        "sys.stdout.write(hashlib.sha256(draw(content(), zone=ZoneInfo('America/Chicago'))).hexdigest())"
    )
    import hashlib

    said = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout
    assert said == hashlib.sha256(first).hexdigest()


def test_many_at_once_do_not_mix() -> None:
    wanted = [content(sequence=number, lines=[line(reason=chr(0x100 + number) * 9)]) for number in range(8)]
    alone = [draw(one, zone=CHICAGO) for one in wanted]
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(lambda one: draw(one, zone=CHICAGO), wanted)) == alone


def test_a_long_receipt_goes_on_to_the_next_page() -> None:
    assert draw(content(), zone=CHICAGO).count(b"/Type /Page\n") == 1
    assert draw(content(lines=[line(n) for n in range(60)]), zone=CHICAGO).count(b"/Type /Page\n") > 2


@pytest.mark.parametrize(
    "name",
    ["Ж中あ 🚗", "a" * 500, "x y " * 200, "\u202egnorw", "José Łukasz", " ", "(paren\\thesis) <b>&amp;"],
    ids=["no shapes", "one word", "many words", "right to left", "accents", "blank", "marks"],
)
def test_any_words_can_be_printed(name: str) -> None:
    signature = {**content()["signature"], "name": name, "user_agent": name}
    found = draw(content(signature=signature, lines=[line(title=name, reason=name)]), zone=CHICAGO)
    assert found.rstrip().endswith(b"%%EOF")


def test_what_changes_in_the_receipt_changes_the_paper() -> None:
    seen = {draw(content(**change), zone=CHICAGO) for change in ({}, {"sequence": 8}, {"previous": "1" * 64})}
    assert len(seen) == 3
