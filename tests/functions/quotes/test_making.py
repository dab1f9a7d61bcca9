"""The staff makes a quote."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from shared.adapters.embedded.documents import SqliteDocuments
from shared.errors import Unavailable
from shared.ports import Document, Query
from shared.testing.harness import running
from tests.functions.quotes.desk import OTHER_VIN, PHONE, PRICES, ROTOR, TOTAL, VIN, WIPER, Desk, flag


def test_a_quote_has_a_line_for_each_finding_with_the_records_it_is_from(desk: Desk) -> None:
    made = desk.quote(vin=VIN)
    shown = desk.shown(made["uuid"])
    rotor, wiper = shown["lines"]
    assert (rotor["line_id"], rotor["price_item"], rotor["findings"][0]["flag_id"]) == (
        ROTOR,
        "price_items/brake_pads_rotors",
        "f1",
    )
    assert (rotor["labour_usd"], rotor["parts_usd"], rotor["price_usd"]) == ("336.00", "310.00", "646.00")
    assert "Driving on with it can be dangerous" in rotor["warning"] and wiper["warning"] == ""
    assert shown["totals"]["total_usd"] == TOTAL and shown["phone"] == "ending 0142"
    assert PHONE not in str(shown) and "Ann" not in str(shown)


def test_it_is_told_and_its_flags_are_quoted(desk: Desk) -> None:
    made = desk.quote()
    [sent] = desk.product.events("quote-sent")
    assert (sent["data"]["quote_id"], sent["data"]["total_usd"], sent["data"]["reds"]) == (
        made["quote_id"],
        TOTAL,
        1,
    )
    assert {desk.state_of("f1"), desk.state_of("f2")} == {"quoted"}
    summary = desk.stored(f"vehicles/{VIN}")["digital_twin_flags"]
    assert {one["state"] for one in summary} == {"quoted"}, "the vehicle's summary is kept in step"


def test_asked_for_again_it_is_the_same_quote_and_the_same_text(desk: Desk) -> None:
    first, second = desk.ask_quote(), desk.ask_quote(vin=VIN)
    assert (first.status, second.status) == (201, 200)
    same = ("quote_id", "uuid", "url", "version", "total_usd")
    assert [first.json()[name] for name in same] == [second.json()[name] for name in same]
    assert len(desk.texts("service")) == len(desk.product.events("quote-sent")) == 1


def test_the_same_request_sent_twice_makes_one_quote(desk: Desk) -> None:
    def ask() -> Any:
        headers = {"Idempotency-Key": "k1"}
        return desk.product.call("POST", "/api/quotes", json={"vin": VIN}, persona="advisor", headers=headers)

    first, again = ask(), ask()
    assert again.headers["Idempotent-Replayed"] == "true" and again.json() == first.json()


def test_two_who_ask_at_once_make_one_quote(desk: Desk) -> None:
    with ThreadPoolExecutor(4) as pool:
        made = [answer.json() for answer in pool.map(lambda _: desk.ask_quote(), range(4))]
    assert len({one["quote_id"] for one in made}) == 1 and {one["version"] for one in made} == {1}
    assert len(desk.every("quotes")) == len(desk.texts("service")) == 1


def test_green_is_shown_as_fine_and_what_waits_for_a_person_is_not_quoted(desk: Desk) -> None:
    desk.flag(
        flag("f3", "battery", "engine_bay", "green"),
        flag("f4", "tire", "rear_left", "yellow", state="needs_review"),
        flag("f5", "tire", "rear_right", "red", state="repaired"),
    )
    made = desk.quote()
    shown = desk.shown(made["uuid"])
    assert [one["flag_id"] for one in shown["fine"]] == ["f3"] and made["unclear"] == ["f4"]
    assert [line["line_id"] for line in shown["lines"]] == [ROTOR, WIPER]


def test_a_flag_of_a_component_nobody_knows_is_told_and_not_priced(desk: Desk) -> None:
    desk.flag(flag("f3", "flux_capacitor", "rear"))
    assert desk.quote()["unknown"] == ["f3"]


def test_without_a_price_nothing_is_sent_unless_asked_for(desk: Desk) -> None:
    desk.flag(flag("f3", "battery", "engine_bay", "yellow"))
    refused = desk.ask_quote()
    assert refused.status == 422 and "['battery']" in refused.text and "price_items" in refused.text
    made = desk.quote(vin=VIN, unpriced_too=True)
    assert made["missing"] == ["battery"] and made["lines"] == 2


def test_without_pricing_rules_nothing_is_priced(tmp_path: Path) -> None:
    with running(tmp_path, delivering=False) as product:
        desk = Desk(product)
        desk.records("vehicles", {"vin": VIN, "year": 2003, "make": "Honda", "model": "Accord"})
        refused = desk.ask_quote(vin=VIN)
        assert refused.status == 422 and "/api/records/pricing_rules" in refused.text


def test_without_a_phone_it_is_made_and_not_sent_until_there_is_one(desk: Desk) -> None:
    order = {**desk.stored("repair_orders/RO-1"), "customer_phone": None}
    desk.put(("repair_orders/RO-1", order))
    made = desk.quote()
    assert "no phone" in made["unsent"] and desk.texts("service") == []
    assert desk.page(made["uuid"], "/otp", "POST").status == 409
    desk.put(("repair_orders/RO-1", {**order, "customer_phone": PHONE}))
    again = desk.quote()
    assert (again["uuid"], again["unsent"], len(desk.texts("service"))) == (made["uuid"], "", 1)


def test_the_phone_of_a_known_person_serves_when_the_order_has_none(desk: Desk) -> None:
    lead = {"source": "WEB_LEAD", "name": "Ann Miller", "phone": "312-555-0177", "email": "ann@example.com"}
    person = desk.product.call("POST", "/api/crm/intake", json=lead, api_key=True).json()["master_person_id"]
    order = {**desk.stored("repair_orders/RO-1"), "customer_phone": None, "master_person_id": person}
    desk.put(("repair_orders/RO-1", order))
    desk.quote()
    assert desk.texts("service")[0]["to"] == "+13125550177"
    assert desk.texts("service")[0]["person_id"] == person


def test_a_number_a_later_lead_brought_gets_neither_the_link_nor_the_code(desk: Desk) -> None:
    """Whoever knows a name and an e-mail address can send one in, with a phone of their own."""
    lead = {"source": "WEB_LEAD", "name": "Wilma Onlymail", "email": "wilma@example.com"}
    for more in ({}, {"phone": "202-555-0101"}):
        sent = desk.product.call("POST", "/api/crm/intake", json={**lead, **more}, api_key=True).json()
    assert sent["outcome"] == "merged"
    order = {
        **desk.stored("repair_orders/RO-1"),
        "customer_phone": None,
        "master_person_id": sent["master_person_id"],
    }
    desk.put(("repair_orders/RO-1", order))
    made = desk.quote()
    assert "no phone" in made["unsent"] and desk.texts("service") == []
    assert desk.page(made["uuid"], "/otp", "POST").status == 409 and desk.texts("otp") == []


def test_another_customer_never_gets_the_first_ones_link(desk: Desk) -> None:
    first = desk.quote()
    order = {
        **desk.stored("repair_orders/RO-1"),
        "customer_phone": "+13125550999",
        "customer_name": "Bob Roe",
    }
    desk.put(("repair_orders/RO-1", order))
    second = desk.quote()
    assert second["uuid"] != first["uuid"] and second["quote_id"] != first["quote_id"]
    assert desk.page(first["uuid"]).status == 410 and desk.page(second["uuid"]).status == 200
    assert desk.texts("service")[-1]["to"] == "+13125550999"


@pytest.mark.parametrize(
    ("asked", "status", "words"),
    [
        ({}, 422, "[vin] or [repair_order] is needed"),
        ({"vin": "1HGCM82633A004353"}, 422, "check digit"),
        ({"vin": OTHER_VIN}, 404, "there is no vehicle"),
        ({"repair_order": "RO-9"}, 404, "there is no repair order"),
        ({"vin": OTHER_VIN, "repair_order": "RO-1"}, 422, "not of"),
        ({"vin": VIN, "price": "1.00"}, 422, "price"),
    ],
)
def test_what_cannot_be_quoted_is_said(desk: Desk, asked: dict[str, Any], status: int, words: str) -> None:
    answer = desk.product.call("POST", "/api/quotes", json=asked, persona="advisor")
    assert answer.status == status and words in answer.text, answer.text
    assert desk.every("quotes") == []


def test_a_vehicle_with_nothing_wrong_has_nothing_to_quote(desk: Desk) -> None:
    desk.flag(*({**desk.stored(f"twin_flags/{one}"), "state": "dismissed"} for one in ("f1", "f2")))
    answer = desk.ask_quote()
    assert answer.status == 422 and "no open red or yellow flag" in answer.text


def test_a_finished_order_is_not_quoted(desk: Desk) -> None:
    desk.put(("repair_orders/RO-1", {**desk.stored("repair_orders/RO-1"), "status": "closed"}))
    answer = desk.ask_quote()
    assert answer.status == 422 and "is closed" in answer.text


def test_a_quote_is_taken_back_and_its_flags_are_open_again(desk: Desk) -> None:
    made = desk.quote()
    path = f"/api/quotes/{made['quote_id']}/withdraw"
    assert desk.product.call("POST", path, persona="advisor").json()["state"] == "withdrawn"
    assert desk.product.call("POST", path, persona="advisor").status == 200, "asked twice, done once"
    assert desk.page(made["uuid"]).status == 410
    assert (desk.state_of("f1"), desk.state_of("f2")) == ("open", "open")
    again = desk.quote()
    assert again["quote_id"] != made["quote_id"] and desk.page(again["uuid"]).status == 200


def test_staff_see_quotes_newest_first_by_order_vehicle_and_state(desk: Desk) -> None:
    made = desk.quote()

    def listed(query: str, tenant: str = "autohaus") -> list[str]:
        answer = desk.product.call("GET", f"/api/quotes{query}", persona="advisor", tenant=tenant)
        assert answer.status == 200, answer.text
        return [one["quote_id"] for one in answer.json()["quotes"]]

    for query in ("", "?repair_order=RO-1", f"?vin={VIN}", "?state=open"):
        assert listed(query) == [made["quote_id"]]
    assert listed("?state=decided") == listed("?vin=none") == listed("", "northside") == []
    one = desk.product.call("GET", f"/api/quotes/{made['quote_id']}", persona="advisor").json()
    assert one["quote"]["lines"][0]["line_id"] == ROTOR and one["url"] == made["url"]


def test_pages_of_quotes_follow_each_other(desk: Desk) -> None:
    quote = desk.stored(f"quotes/{desk.quote()['quote_id']}")
    desk.put(*((f"quotes/q{number}", {**quote, "quote_id": f"q{number}"}) for number in range(4)))
    seen: list[str] = []
    after = ""
    while True:
        page = desk.product.call(
            "GET", f"/api/quotes?limit=2&after={after}" if after else "/api/quotes?limit=2", persona="ceo"
        )
        seen += [one["quote_id"] for one in page.json()["quotes"]]
        if not (after := page.json()["next"]):
            break
    assert len(seen) == len(set(seen)) == 5


@pytest.mark.parametrize(("persona", "status"), [("mechanic", 403), ("driver", 403), ("", 401)])
def test_only_those_who_sell_service_make_quotes(desk: Desk, persona: str, status: int) -> None:
    answer = desk.product.call("POST", "/api/quotes", json={"vin": VIN}, persona=persona)
    assert answer.status == status


def test_another_dealership_sees_nothing_of_it(desk: Desk) -> None:
    made = desk.quote()
    for method, path in (("GET", ""), ("POST", "/withdraw")):
        answer = desk.product.call(
            method, f"/api/quotes/{made['quote_id']}{path}", persona="ceo", tenant="northside"
        )
        assert answer.status == 404
    assert desk.ask_quote(tenant="northside").status == 404


class Away(SqliteDocuments):
    is_away = False

    def query(self, query: Query) -> list[Document]:
        if self.is_away and query.collection.endswith("/twin_flags"):
            raise Unavailable("the store is away")
        return super().query(query)


def test_a_store_that_is_away_leaves_nothing_behind_and_the_next_try_goes(tmp_path: Path) -> None:
    documents = Away(tmp_path / "away.db")
    with running(tmp_path / "data", replaced={"documents": lambda _: documents}, delivering=False) as product:
        desk = Desk(product)
        desk.open_shop()
        documents.is_away = True
        assert desk.ask_quote().status == 503
        documents.is_away = False
        assert desk.every("quotes") == [] and desk.quote()["version"] == 1


def test_a_price_of_the_list_is_never_taken_for_another_operation(desk: Desk) -> None:
    wrong = {**PRICES[0], "operation": "brake_pad"}
    answer = desk.product.call("POST", "/api/records/price_items", json=[wrong], api_key=True)
    assert answer.status == 422 and "did you mean [brake_pads]" in answer.text


def test_whoever_said_stop_is_sent_no_quote_and_the_desk_is_told_to_call(desk: Desk) -> None:
    desk.says_stop()
    made = desk.quote()
    assert "asked not to be texted" in made["unsent"] and desk.texts("service") == []
    desk.put((f"consents/{PHONE[1:]}", {"phone": PHONE, "state": "granted", "topics": {}}))
    assert desk.quote()["unsent"] == "" and len(desk.texts("service")) == 1


def test_the_desk_sees_that_a_text_waits_for_the_morning(desk: Desk) -> None:
    made = desk.quote()
    [text] = desk.texts("service")
    desk.put((f"texts/{text['text_id']}", {**text, "state": "deferred"}))
    shown = desk.product.call("GET", f"/api/quotes/{made['quote_id']}", persona="advisor").json()
    [listed] = desk.product.call("GET", "/api/quotes", persona="advisor").json()["quotes"]
    assert (shown["text_state"], listed["text_state"]) == ("deferred", "deferred")
