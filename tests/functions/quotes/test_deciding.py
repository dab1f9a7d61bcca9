"""A customer decides."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from functions.quotes.caller_marks import address_digest
from shared.adapters.embedded.documents import SqliteDocuments
from shared.errors import Unavailable
from shared.ports import Write
from shared.runtime.http import Request
from shared.runtime.request import RawBody
from shared.testing.harness import running
from tests.functions.quotes.desk import PHONE, ROTOR, SIGNATURE, TOTAL, WIPER, Desk


def test_a_quote_is_made_sent_signed_and_proved(desk: Desk) -> None:
    made = desk.quote()
    assert (made["version"], made["total_usd"], made["lines"], made["unsent"]) == (1, TOTAL, 2, "")
    [text] = desk.texts("service")
    assert text["to"] == PHONE and made["url"] in text["body"] and "$801.06 with tax" in text["body"]
    assert [line["line_id"] for line in desk.shown(made["uuid"])["lines"]] == [ROTOR, WIPER]
    decided = desk.decide(made["uuid"], wiper_blades="decline")
    assert (decided["approved"], decided["declined"], decided["deferred"]) == (1, 1, 0)
    assert (desk.state_of("f1"), desk.state_of("f2")) == ("approved", "declined")
    receipt = desk.page(made["uuid"], "/receipt")
    assert receipt.status == 200 and desk.page(made["uuid"], "/receipt.pdf").body.startswith(b"%PDF")
    verified = desk.product.call("POST", "/api/public/receipt/verify", body=receipt.body)
    assert verified.json()["valid"] is True, verified.text


def test_the_total_of_a_choice_is_told_before_it_is_signed(desk: Desk) -> None:
    made = desk.quote()
    chosen = desk.page(made["uuid"], f"?approve={ROTOR}").json()["totals"]["total_usd"]
    none = desk.page(made["uuid"], "?approve=").json()["totals"]["total_usd"]
    assert (chosen, none) == ("714.82", "0.00")
    assert desk.decide(made["uuid"], wiper_blades="defer")["total_usd"] == chosen
    assert desk.page(made["uuid"], "?approve=other").status == 422


def test_who_signs_another_sum_than_they_read_is_told(desk: Desk) -> None:
    made = desk.quote()
    decision = desk.decision(made["uuid"], desk.code(made["uuid"]))
    refused = desk.send(made["uuid"], {**decision, "approved_total_usd": "700.00"})
    assert refused.status == 422 and TOTAL in refused.text
    assert desk.send(made["uuid"], {**decision, "approved_total_usd": TOTAL}).status == 200


def test_a_decision_is_told_once_and_the_advisor_looks_at_it(desk: Desk) -> None:
    made = desk.quote()
    desk.decide(made["uuid"], brake_pads_rotors="decline")
    [event] = desk.product.events("quote-decided")
    told = {name: event["data"][name] for name in ("approved", "declined", "deferred", "reds_refused")}
    assert told == {"approved": 1, "declined": 1, "deferred": 0, "reds_refused": 1}
    [attention] = [one["data"] for one in desk.product.events("attention-requested")]
    assert (attention["kind"], attention["urgency"], attention["staff_ids"]) == (
        "quote_decided",
        "high",
        ["S1"],
    )
    assert PHONE not in str(desk.product.events()) and "Ann" not in str(desk.product.events())


def test_a_declined_red_item_leaves_an_informed_refusal_with_its_day(desk: Desk) -> None:
    made = desk.quote()
    desk.decide(made["uuid"], brake_pads_rotors="decline", wiper_blades="decline")
    [refusal] = desk.every("informed_refusals")
    assert (refusal["line_id"], refusal["signed_by"], refusal["state"]) == (ROTOR, "Ann Miller", "open")
    assert "Brake rotor, front left (metal on metal)" in refusal["statement"]
    assert "I was told so and decline the repair" in refusal["statement"]
    assert "My reason: too dear for now. The dealership" in refusal["statement"]
    assert refusal["receipt"] == "00000001"
    local = refusal["follow_up_at"].astimezone(ZoneInfo("America/Chicago"))
    today = datetime.now(ZoneInfo("America/Chicago")).date()
    assert (local.hour, local.date() - today) == (9, timedelta(days=3))
    in_receipt = desk.page(made["uuid"], "/receipt").json()["content"]["refusals"]
    assert [one["statement"] for one in in_receipt] == [refusal["statement"]]


def test_sent_twice_it_is_decided_once_with_the_same_answer(desk: Desk) -> None:
    made = desk.quote()
    decision = desk.decision(made["uuid"], desk.code(made["uuid"]))
    first, again = desk.send(made["uuid"], decision), desk.send(made["uuid"], decision)
    assert (first.status, again.status) == (200, 200) and first.json() == again.json()
    assert len(desk.every("receipts")) == len(desk.product.events("quote-decided")) == 1


def test_another_decision_afterwards_is_refused(desk: Desk) -> None:
    made = desk.quote()
    decision = desk.decision(made["uuid"], desk.code(made["uuid"]))
    desk.send(made["uuid"], decision)
    other = {**decision, "signature": {**SIGNATURE, "name": "Somebody Else"}}
    refused = desk.send(made["uuid"], other)
    assert refused.status == 409 and "decided already" in refused.text
    assert desk.page(made["uuid"], "/otp", "POST").status == 409


def test_of_many_decisions_at_once_one_counts(desk: Desk) -> None:
    made = desk.quote()
    decision = desk.decision(made["uuid"], desk.code(made["uuid"]))
    names = [f"Signer {number}" for number in range(6)]
    bodies = [{**decision, "signature": {**SIGNATURE, "name": name}} for name in names]
    with ThreadPoolExecutor(6) as pool:
        answers = list(pool.map(lambda body: desk.send(made["uuid"], body), bodies))
    assert sorted(answer.status for answer in answers) == [200, 409, 409, 409, 409, 409]
    assert len(desk.every("receipts")) == len(desk.product.events("quote-decided")) == 1


def test_a_wrong_code_counts_and_the_right_one_is_no_use_after_five(desk: Desk) -> None:
    made = desk.quote()
    decision = desk.decision(made["uuid"], desk.code(made["uuid"]))
    wrong = {**decision, "code": f"{(int(decision['code']) + 1) % 1_000_000:06d}"}
    said = [desk.send(made["uuid"], wrong) for _ in range(5)]
    assert [one.status for one in said] == [403] * 5
    assert "4 more tries" in said[0].text and "0 more tries" in said[4].text
    refused = desk.send(made["uuid"], decision)
    assert refused.status == 403 and "too many wrong codes" in refused.text
    desk.rested(made["quote_id"])
    assert desk.send(made["uuid"], {**decision, "code": desk.code(made["uuid"])}).status == 200


def test_wrong_codes_at_once_are_all_counted(desk: Desk) -> None:
    made = desk.quote()
    decision = desk.decision(made["uuid"], desk.code(made["uuid"]))
    wrong = {**decision, "code": f"{(int(decision['code']) + 1) % 1_000_000:06d}"}
    with ThreadPoolExecutor(5) as pool:
        assert {one.status for one in pool.map(lambda _: desk.send(made["uuid"], wrong), range(5))} == {403}
    assert desk.send(made["uuid"], decision).status == 403


def test_without_asking_for_a_code_nobody_signs(desk: Desk) -> None:
    made = desk.quote()
    refused = desk.send(made["uuid"], desk.decision(made["uuid"], "123456"))
    assert refused.status == 403 and "no code is waiting" in refused.text


def test_a_code_of_ten_minutes_ago_is_none(desk: Desk) -> None:
    made = desk.quote()
    decision = desk.decision(made["uuid"], desk.code(made["uuid"]))
    path = f"quote_codes/{made['quote_id']}"
    desk.put((path, {**desk.stored(path), "ends_at": desk.product.platform.clock.now()}))
    refused = desk.send(made["uuid"], decision)
    assert refused.status == 403 and "has ended" in refused.text


def test_a_second_code_at_once_waits_and_says_how_long(desk: Desk) -> None:
    made = desk.quote()
    desk.code(made["uuid"])
    refused = desk.page(made["uuid"], "/otp", "POST")
    assert refused.status == 429 and 1 <= int(refused.headers["Retry-After"]) <= 31
    assert len(desk.texts("otp")) == 1


def test_the_code_is_nowhere_but_in_its_text(desk: Desk) -> None:
    made = desk.quote()
    code = desk.code(made["uuid"])
    assert code not in str(desk.stored(f"quote_codes/{made['quote_id']}"))
    assert code not in str(desk.product.events()) and code not in str(desk.every("quotes"))


def test_a_code_of_one_quote_signs_no_other(desk: Desk) -> None:
    desk.open_shop("northside")
    mine, theirs = desk.quote(), desk.ask_quote(tenant="northside").json()
    code = desk.code(mine["uuid"])
    desk.page(theirs["uuid"], "/otp", "POST")
    stolen = desk.stored(f"quote_codes/{mine['quote_id']}")
    desk.put((f"quote_codes/{theirs['quote_id']}", stolen), tenant="northside")
    refused = desk.send(theirs["uuid"], desk.decision(theirs["uuid"], code))
    assert refused.status == 403 and desk.every("receipts", "northside") == []


@pytest.mark.parametrize(
    ("change", "status", "words"),
    [
        ({"lines": [{"line_id": ROTOR, "decision": "approve"}]}, 422, f"[{WIPER}] has no decision"),
        ({"lines": [{"line_id": "brake_hose:rear", "decision": "approve"}]}, 422, "is no line of this quote"),
        ({"signature": {"name": "Ann Miller", "strokes": []}}, 422, "signature.strokes"),
        ({"signature": {"name": "Ann Miller", "strokes": [{"points": [1, 1, 1, 1]}]}}, 422, "only a dot"),
        ({"version": 7}, 409, "version 7 can no longer be decided"),
        ({"code": "abc"}, 422, "code"),
        ({"paid": True}, 422, "paid"),
    ],
)
def test_a_decision_that_does_not_fit_changes_nothing_and_says_why(
    desk: Desk, change: dict[str, Any], status: int, words: str
) -> None:
    made = desk.quote()
    decision = desk.decision(made["uuid"], desk.code(made["uuid"]))
    refused = desk.send(made["uuid"], {**decision, **change})
    assert refused.status == status and words in refused.text, refused.text
    assert desk.send(made["uuid"], decision).status == 200, "the code is not used up by a mistake"


@pytest.mark.parametrize("body", [b"", b"{", b"null", b"[]", b"\xff", b'{"version":' + b"9" * 5000 + b"}"])
def test_what_is_no_decision_at_all_is_refused(desk: Desk, body: bytes) -> None:
    made = desk.quote()
    assert desk.page(made["uuid"], "/decision", "POST", body=body).status in (400, 415, 422)


def test_a_signature_as_big_as_a_book_is_refused_before_it_is_read(desk: Desk) -> None:
    made = desk.quote()
    strokes = [{"points": [1, 2] * 100_000}]
    answer = desk.send(made["uuid"], {"signature": {"name": "Ann", "strokes": strokes}})
    assert answer.status == 413


@pytest.mark.parametrize("what", ["", "/otp", "/decision", "/receipt", "/receipt.pdf"])
def test_a_forged_link_opens_nothing(desk: Desk, what: str) -> None:
    made = desk.quote()
    method = "POST" if what in ("/otp", "/decision") else "GET"
    last = "0" if made["uuid"][-1] != "0" else "1"
    for uuid in (made["uuid"][:-1] + last, "00000000-0000-4000-8000-000000000000", "x"):
        assert desk.page(uuid, what, method).status == 404


def test_what_a_signature_came_from_is_kept_as_a_digest(desk: Desk) -> None:
    made = desk.quote()
    decision = desk.decision(made["uuid"], desk.code(made["uuid"]))
    headers = {"X-Forwarded-For": "198.51.100.7, 203.0.113.9, 35.1.2.3", "User-Agent": "Phone/1.0\u00e9"}
    desk.send(made["uuid"], decision, **headers)
    signature = desk.page(made["uuid"], "/receipt").json()["content"]["signature"]
    assert len(signature["address_digest"]) == 32 and signature["user_agent"].startswith("Phone/1.0")
    assert "203.0.113.9" not in str(desk.every("receipts"))


def test_nothing_is_signed_when_the_flags_went_to_somebody_else(desk: Desk) -> None:
    """The record the customer approved changed, so their approval is not applied."""
    made = desk.quote()
    decision = desk.decision(made["uuid"], desk.code(made["uuid"]))
    for one in ("f1", "f2"):
        desk.flag({**desk.stored(f"twin_flags/{one}"), "state": "repaired"})
    assert desk.send(made["uuid"], decision).status == 410
    assert desk.every("receipts") == [] and desk.state_of("f1") == "repaired"


class Breaking(SqliteDocuments):
    """Loses its connection at the commit that would make a receipt."""

    is_broken = False

    def commit(self, writes: Any) -> list[str]:
        found: list[Write] = list(writes)
        if self.is_broken and any("/receipts/" in write.path for write in found):
            raise Unavailable("the store is away")
        return super().commit(found)


def test_a_store_that_breaks_at_the_signature_leaves_all_or_nothing(tmp_path: Path) -> None:
    documents = Breaking(tmp_path / "breaking.db")
    with running(tmp_path / "data", replaced={"documents": lambda _: documents}, delivering=False) as product:
        desk = Desk(product)
        desk.open_shop()
        made = desk.quote()
        decision = desk.decision(made["uuid"], desk.code(made["uuid"]))
        documents.is_broken = True
        assert desk.send(made["uuid"], decision).status == 503
        assert desk.state_of("f1") == "quoted" and desk.every("receipts") == []
        documents.is_broken = False
        assert desk.send(made["uuid"], decision).status == 200, "the code is still good"


def test_a_red_item_that_is_only_put_off_is_an_informed_refusal_too(desk: Desk) -> None:
    made = desk.quote()
    desk.decide(made["uuid"], brake_pads_rotors="defer")
    [refusal] = desk.every("informed_refusals")
    assert refusal["decision"] == "defer" and "put the repair off" in refusal["statement"]
    assert desk.state_of("f1") == "deferred"


def test_what_a_caller_writes_before_the_balancers_address_is_not_believed(desk: Desk) -> None:
    seen = []
    for forwarded in ("203.0.113.9, 35.1.2.3", "198.51.100.1, 203.0.113.9, 35.1.2.3", "203.0.113.9"):
        request = Request("POST", "/", {}, {"X-Forwarded-For": forwarded}, RawBody("", BytesIO(), 0))
        seen.append(address_digest(desk.product.tenant(), request))
    assert len(set(seen)) == 1 and len(seen[0]) == 32
    nobody = Request("POST", "/", {}, {}, RawBody("", BytesIO(), 0))
    assert address_digest(desk.product.tenant(), nobody) == ""
    assert address_digest(desk.product.tenant("northside"), request) != seen[0]
