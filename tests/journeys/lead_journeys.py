"""A lead comes in, a person comes out. Run on every profile."""

from __future__ import annotations

import uuid
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any

import pytest

from tests.journeys.product import Product, eventually, told

ADF = """<?xml version="1.0"?><?ADF VERSION="1.0"?>
<adf><prospect status="new"><requestdate>2026-11-19T09:30:00-06:00</requestdate>
<vehicle interest="buy" status="used"><year>2021</year><make>Honda</make><model>Civic</model></vehicle>
<customer><contact><name part="first">{first}</name><name part="last">{last}</name>
<email>{email}</email><phone type="voice">{phone}</phone></contact></customer>
<vendor><contact><name part="full">AutoHaus Chicago</name></contact></vendor></prospect></adf>"""

BOMB = (
    '<?xml version="1.0"?><!DOCTYPE adf [<!ENTITY a "aaaaaaaaaa">'
    + "".join(f'<!ENTITY {"bcdefgh"[n]} "{("&" + "abcdefg"[n] + ";") * 10}">' for n in range(7))
    + "]><adf><prospect><customer><contact><name>&h;</name></contact></customer></prospect></adf>"
)


def somebody() -> dict[str, Any]:
    """A lead nobody else of this run shares a value with."""
    number = uuid.uuid4().int
    name = "".join(chr(ord("a") + (number >> 5 * n) % 26) for n in range(10))
    return {
        "source": "WEB_LEAD",
        "first_name": name[:5].title(),
        "last_name": name.title(),
        "email": f"{name}@example.com",
        "phone": f"312-{200 + number % 700}-{number // 700 % 10_000:04d}",
    }


def take_in(product: Product, lead: dict[str, Any], tenant: str = "autohaus") -> dict[str, Any]:
    response = product.call("POST", "/api/crm/intake", json=lead, api_key=True, tenant=tenant)
    assert response.status in (200, 201), response.text
    answer: dict[str, Any] = response.json()
    return answer


def _names(record: str, data: dict[str, Any]) -> bool:
    return record in str(data)


class LeadJourneys:
    def test_a_lead_comes_in_and_a_person_comes_out(self, product: Product) -> None:
        lead = somebody()
        answer = take_in(product, lead)
        assert answer["outcome"] == "new" and 0.5 < answer["confidence_score"] <= 1
        person = product.call("GET", f"/api/crm/persons/{answer['master_person_id']}", persona="sales")
        assert person.status == 200 and lead["email"] in person.text
        for topic in ("lead-received", "person-resolved"):
            assert (
                len(eventually(partial(told, product, topic, partial(_names, answer["lead_id"])), topic)) == 1
            )

    def test_a_known_email_is_the_person_known(self, product: Product) -> None:
        lead = somebody()
        first = take_in(product, lead)
        again = take_in(product, {**lead, "source": "PHONE_UP", "phone": somebody()["phone"]})
        assert again["outcome"] == "merged"
        assert again["master_person_id"] == first["master_person_id"]
        assert again["explanation"]

    def test_a_lead_provider_s_xml_is_the_same_lead(self, product: Product) -> None:
        lead = somebody()
        known = take_in(product, lead)
        adf = ADF.format(
            first=lead["first_name"], last=lead["last_name"], email=lead["email"], phone=lead["phone"]
        )
        response = product.call(
            "POST", "/api/crm/intake", body=adf.encode(), content_type="application/x-adf+xml", api_key=True
        )
        assert response.status == 200, response.text
        assert response.json()["master_person_id"] == known["master_person_id"]

    def test_two_simultaneous_leads_of_one_person_end_as_one_person(self, product: Product) -> None:
        lead = somebody()
        leads = [{**lead, "source": source} for source in ("WEB_LEAD", "CHAT", "PHONE_UP", "WALK_IN")]
        with ThreadPoolExecutor(len(leads)) as pool:
            answers = list(pool.map(lambda one: take_in(product, one), leads))
        masters = {
            product.call("GET", f"/api/crm/persons/{answer['person_id']}", persona="ceo").json()["person_id"]
            for answer in answers
        }
        assert len(masters) == 1

    def test_the_same_lead_of_another_dealership_is_another_person(self, product: Product) -> None:
        lead = somebody()
        ours, theirs = take_in(product, lead), take_in(product, lead, tenant="northside")
        assert theirs["outcome"] == "new"
        assert theirs["master_person_id"] != ours["master_person_id"]
        hidden = product.call(
            "GET", f"/api/crm/persons/{ours['person_id']}", persona="ceo", tenant="northside"
        )
        assert hidden.status == 404

    @pytest.mark.parametrize(
        ("changes", "field"),
        [
            ({"email": "no address"}, "email"),
            ({"phone": "12"}, "phone"),
            ({"vehicle": {"vin": "1HGCM82633A004353"}}, "vehicle.vin"),
            ({"source": None}, "source"),
        ],
        ids=str,
    )
    def test_a_wrong_field_is_named_and_nothing_is_stored(
        self, product: Product, changes: dict[str, Any], field: str
    ) -> None:
        lead = somebody()
        response = product.call("POST", "/api/crm/intake", json={**lead, **changes}, api_key=True)
        assert response.status == 422 and field in [one["field"] for one in response.json()["errors"]]
        assert response.headers["content-type"] == "application/problem+json"
        assert not told(product, "lead-received", lambda data: lead["last_name"] in str(data))
        assert take_in(product, lead)["outcome"] == "new"

    def test_an_xml_bomb_is_refused_at_once(self, product: Product) -> None:
        response = product.call(
            "POST", "/api/crm/intake", body=BOMB.encode(), content_type="application/xml", api_key=True
        )
        assert 400 <= response.status < 500

    @pytest.mark.parametrize("how", [{}, {"api_key": "not-a-key"}], ids=["nobody", "wrong key"])
    def test_who_is_not_known_is_not_let_in(self, product: Product, how: dict[str, Any]) -> None:
        assert product.call("POST", "/api/crm/intake", json=somebody(), **how).status == 401
