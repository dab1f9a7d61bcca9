"""The page a customer's text message leads to."""

from __future__ import annotations

import base64
import hashlib
import re

import pytest

from tests.functions.quotes.desk import Desk


def test_the_link_of_the_text_message_opens_a_page_that_runs_nothing_but_its_own_script(desk: Desk) -> None:
    made = desk.quote()
    answer = desk.product.call("GET", "/quote/" + made["url"].rpartition("/")[2])
    assert answer.status == 200 and answer.headers["Content-Type"] == "text/html; charset=utf-8"
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy and "unsafe" not in policy
    for tag in ("script", "style"):
        [content] = re.findall(rf"<{tag}>(.*?)</{tag}>", answer.text, re.DOTALL)
        digest = base64.b64encode(hashlib.sha256(content.encode()).digest()).decode()
        assert f"{tag}-src 'sha256-{digest}'" in policy
    assert "innerHTML" not in answer.text, "what a mechanic said is text, never markup"
    assert made["uuid"] not in answer.text and "Miller" not in answer.text


@pytest.mark.parametrize("uuid", ["x", "00000000-0000-4000-8000-000000000000"])
def test_a_made_up_link_opens_no_page(desk: Desk, uuid: str) -> None:
    assert desk.product.call("GET", f"/quote/{uuid}").status == 404


def test_what_a_customer_is_told_names_no_field_and_no_address(desk: Desk) -> None:
    made = desk.quote()
    unasked = desk.send(made["uuid"], {**desk.decision(made["uuid"], "000000")})
    assert unasked.json()["detail"] == "no code is waiting; ask for one first"
    desk.code(made["uuid"])
    too_soon = desk.page(made["uuid"], "/otp", "POST")
    assert re.search(r"the next is possible in [0-9]+ seconds?$", too_soon.json()["detail"])
    desk.rested(made["quote_id"])
    desk.decide(made["uuid"])
    again = desk.send(made["uuid"], {**desk.decision(made["uuid"], "000000")})
    assert again.json()["detail"] == "this quote was decided already; the page shows its receipt"


def test_whoever_said_stop_is_not_left_waiting_for_a_code(desk: Desk) -> None:
    made = desk.quote()
    desk.says_stop()
    answer = desk.page(made["uuid"], "/otp", "POST")
    assert answer.status == 409 and "text START to us first, or call the dealership" in answer.text
    assert desk.texts("otp") == []
