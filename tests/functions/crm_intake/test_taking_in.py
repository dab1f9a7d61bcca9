"""A lead comes in, a person comes out."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

JANE = {"name": "Jane Roe", "email": "jane@example.com", "phone": "(312) 555-0142"}


def test_a_new_person_is_answered_with_201_and_everything_is_stored(desk: Any) -> None:
    status, answer = desk.send(**JANE, vehicle={"year": 2003, "make": "Honda", "vin": "1HGCM82633A004352"})
    assert status == 201
    assert answer["outcome"] == "new"
    [person], [lead] = desk.stored("persons"), desk.stored("leads")
    assert person["person_id"] == answer["master_person_id"] == lead["person_id"]
    assert (person["phones"], person["emails"]) == (["+13125550142"], ["jane@example.com"])
    assert lead["vehicle"]["vin"] == "1HGCM82633A004352"


def test_a_known_email_is_answered_with_200_and_the_existing_id(desk: Any) -> None:
    first = desk.take(**JANE)
    status, again = desk.send(email="JANE@example.com", source="PHONE_CALL")
    assert status == 200
    assert again["master_person_id"] == first["master_person_id"]
    assert 0.9 < again["confidence_score"] <= 1
    assert {item["field"] for item in again["explanation"]} >= {"prior", "email"}


def test_an_email_stays_known_however_many_the_person_has(desk: Any) -> None:
    known = {"source": "WEB_LEAD", "name": "Jane Doe", "phone": "312-555-0142", "birth_date": "1980-02-03"}
    masters = {desk.take(**known, email=f"jane.{n}@example.com")["master_person_id"] for n in range(15)}
    status, again = desk.send(email="jane.14@example.com", source="PHONE_CALL")
    assert (status, {again["master_person_id"]}) == (200, masters)


def test_the_events_say_what_happened_without_personal_data(desk: Any) -> None:
    answer = desk.take(**JANE)
    desk.product.settle()
    events = {event["type"]: event["data"] for event in desk.product.events()}
    assert events["lead-received"]["lead_id"] == answer["lead_id"]
    assert events["person-resolved"]["master_person_id"] == answer["master_person_id"]
    assert events["person-linked"]["outcome"] == "new"
    audited = {event["data"]["type"] for event in desk.product.events("audit-recorded")}
    assert "person.resolved" in audited
    assert "jane" not in str(events).lower()
    assert "3125550142" not in str(events)


def test_the_person_graph_has_a_row_for_each_record(desk: Any) -> None:
    first, second = desk.take(**JANE), desk.take(name="Jane Roe", phone="312-555-0142")
    desk.product.settle()
    rows = [event["data"] for event in desk.product.events("person-linked")]
    assert [(row["person_id"], row["outcome"]) for row in rows] == [
        (first["person_id"], "new"),
        (second["person_id"], "merged"),
    ]
    assert {row["master_person_id"] for row in rows} == {first["master_person_id"]}


def test_the_same_lead_again_changes_nothing_and_answers_the_person(desk: Any) -> None:
    first = desk.take(**JANE)
    status, again = desk.send(**JANE)
    desk.product.settle()
    assert (status, again["duplicate"]) == (200, True)
    assert again["master_person_id"] == first["master_person_id"]
    assert (len(desk.stored("leads")), len(desk.stored("persons"))) == (1, 1)
    assert len(desk.product.events("lead-received")) == 1


def test_a_lead_in_doubt_is_a_person_of_its_own_and_a_pair_for_review(desk: Any) -> None:
    jane = desk.take(**JANE)
    status, jana = desk.send(name="Jana Roe", phone="312-555-0142")
    assert (status, jana["outcome"]) == (201, "review")
    assert [p["person_id"] for p in jana["possible_persons"]] == [jane["master_person_id"]]
    [pair] = desk.stored("duplicate_candidates")
    assert set(pair["person_ids"]) == {jane["master_person_id"], jana["master_person_id"]}


def test_a_housemate_is_a_new_person_with_a_hint_and_nobody_is_asked(desk: Any) -> None:
    desk.take(**JANE)
    status, bernard = desk.send(name="Bernard Roe", phone="312-555-0142")
    assert (status, bernard["outcome"], bernard["possible_persons"]) == (201, "new", [])
    assert bernard["confidence_score"] > 0.95
    assert "household" in {item["field"] for item in bernard["explanation"]}
    assert desk.stored("duplicate_candidates") == []


def test_two_simultaneous_leads_of_one_person_end_as_one_person(desk: Any) -> None:
    for round_, first_name in enumerate(("Ada", "Bernard", "Chloe", "Hector", "Priya", "Yusuf")):
        leads = [
            {"name": f"{first_name} Byron", "phone": f"312-555-01{round_}0", "comments": str(number)}
            for number in range(4)
        ]
        with ThreadPoolExecutor(4) as pool:
            answers = list(pool.map(lambda lead: desk.take(**lead), leads))
        assert len({answer["master_person_id"] for answer in answers}) == 1
        assert [answer["outcome"] for answer in answers].count("new") == 1
    assert len(desk.standing()) == 6
    assert len(desk.stored("leads")) == 24


def test_a_tenant_does_not_know_the_people_of_another(desk: Any) -> None:
    here = desk.take(**JANE)
    status, there = desk.send({"source": "WEB_LEAD", **JANE}, tenant="northside")
    assert (status, there["outcome"]) == (201, "new")
    assert there["master_person_id"] != here["master_person_id"]


def test_a_foreign_vin_is_taken_with_a_warning(desk: Any) -> None:
    answer = desk.take(**JANE, vehicle={"vin": "WVWZZZ1JZXW000001"})
    assert "check digit" in answer["warnings"][0]


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"email": "nobody"}, "email"),
        ({"email": 7}, "email"),
        ({"emails": ["a@example.com", "b@"]}, "emails.1"),
        ({"phone": "12"}, "phone"),
        ({"email": "a@example.com", "vehicle": {"vin": "1HGCM82633A004353"}}, "vehicle.vin"),
        ({"email": "a@example.com", "vehicle": {"vin": "1" * 17}}, "vehicle.vin"),
        ({"email": "a@example.com", "birth_date": "2999-01-01"}, "birth_date"),
        ({"email": "a@example.com", "birth_date": "yesterday"}, "birth_date"),
        ({"email": "a@example.com", "tenant_id": "northside"}, "tenant_id"),
        ({"email": "a@example.com", "address": {"planet": "Mars"}}, "address.planet"),
        ({"email": "a@example.com", "source": " "}, "source"),
        ({"email": "a@example.com", "name": "x\x00y"}, "name"),
        ({"name": "Jane Roe"}, "email"),
        ({}, "email"),
    ],
)
def test_a_wrong_field_is_named_and_nothing_is_stored(desk: Any, wrong: dict[str, Any], field: str) -> None:
    status, answer = desk.send(**wrong)
    assert status == 422
    assert answer["errors"][0]["field"] == field
    for tenant in ("autohaus", "northside"):
        assert desk.stored("leads", tenant) == desk.stored("persons", tenant) == []


@pytest.mark.parametrize(("body", "status"), [(b"{", 400), (b"[]", 422), (b"\xff\xfe", 400), (b"null", 422)])
def test_a_body_that_is_no_lead_is_refused(desk: Any, body: bytes, status: int) -> None:
    assert desk.send_xml(body, "application/json")[0] == status


def test_a_body_over_the_limit_is_refused(desk: Any) -> None:
    assert desk.send(email="a@example.com", comments="x" * 300_000)[0] == 413


def test_empty_fields_of_a_web_form_count_as_missing(desk: Any) -> None:
    answer = desk.take(name="Jane Roe", email="jane@example.com", phone="", address={"street": ""})
    assert answer["outcome"] == "new"


def test_nobody_gets_in_without_a_key(desk: Any) -> None:
    body = {"source": "WEB_LEAD", **JANE}
    assert desk.product.call("POST", "/api/crm/intake", json=body).status == 401
    assert desk.product.call("POST", "/api/crm/intake", json=body, api_key="wrong").status == 401
