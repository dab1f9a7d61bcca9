"""How far a deal has come stands in the ledger with whose it is, once per change of stage."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from shared.testing.harness import Harness, running


@pytest.fixture
def product(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Harness]:
    with running(tmp_path_factory.mktemp("product"), delivering=False) as product:
        yield product


def lead(product: Harness, **who: Any) -> str:
    answer = product.call("POST", "/api/crm/intake", json={"source": "WEB_LEAD", **who}, api_key=True)
    assert answer.status in (200, 201), answer.text
    person: str = answer.json()["master_person_id"]
    return person


def deal(product: Harness, number: str, stage: str, **who: Any) -> None:
    row = {
        "deal_number": number,
        "stage": stage,
        "opened_on": "2026-11-02",
        "customer_name": "Ann Lee",
        **who,
    }
    answer = product.call("POST", "/api/records/deals", json=[row], api_key=True)
    assert answer.status == 200 and not answer.json()["rejected"], answer.text


def moves(product: Harness) -> list[tuple[str, str | None, str, str]]:
    import json

    rows = [event["data"] for event in product.events("audit-recorded")]
    moved = [(row["subject"], json.loads(row["detail"])) for row in rows if row["type"] == "deal.moved"]
    return [(subject, detail["from"], detail["stage"], detail["person"]) for subject, detail in moved]


def test_each_new_stage_is_told_once(product: Harness) -> None:
    person = lead(product, email="ann@example.com")
    for stage in ("new", "new", "contacted", "won"):
        deal(product, "D1", stage, customer_email="ann@example.com")
    assert moves(product) == [
        ("deals/D1", None, "new", person),
        ("deals/D1", "new", "contacted", person),
        ("deals/D1", "contacted", "won", person),
    ]


def test_whose_it_is_comes_from_the_sender_then_the_email_then_the_phone(product: Harness) -> None:
    ann = lead(product, email="ann@example.com", phone="+13125550144")
    bob = lead(product, email="bob@example.com", first_name="Bob", last_name="Stone")
    deal(product, "D1", "new", customer_phone="+13125550144")
    deal(product, "D2", "new", customer_phone="+13125550144", customer_email="bob@example.com")
    deal(product, "D3", "new", customer_email="ann@example.com", master_person_id="P-7")
    deal(product, "D4", "new", customer_email="nobody@example.com")
    assert [person for _, _, _, person in moves(product)] == [ann, bob, "P-7", ""]


def test_a_phone_that_two_people_share_says_nothing(product: Harness) -> None:
    lead(product, phone="+13125550144", first_name="Ann", last_name="Lee")
    lead(product, phone="+13125550144", first_name="Zebulon", last_name="Quarterstaff")
    deal(product, "D1", "new", customer_phone="+13125550144")
    assert [person for _, _, _, person in moves(product)] == [""]


def test_no_contact_of_the_customer_is_in_the_ledger(product: Harness) -> None:
    deal(product, "D1", "new", customer_phone="+13125550144", customer_email="ann@example.com")
    told = str(product.events("audit-recorded"))
    assert "5550144" not in told and "ann@example" not in told and "Ann Lee" not in told
