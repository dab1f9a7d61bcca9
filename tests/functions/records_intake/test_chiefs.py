"""A key that lies in another system cannot make itself a reader of the books."""

from __future__ import annotations

from typing import Any

import pytest

from shared.testing.harness import Harness

CHIEF = {"staff_id": "c1", "name": "Cleo Chief", "role": "ceo", "phone": "+13125550101"}
SELLER = {"staff_id": "s1", "name": "Sam Lee", "role": "sales", "phone": "+13125550102"}


def by_key(product: Harness, *rows: Any) -> Any:
    return product.call("POST", "/api/records/staff", json=list(rows), api_key=True)


def signed_in(product: Harness, *rows: Any) -> Any:
    return product.call("POST", "/api/records/staff", json=list(rows), persona="operator")


@pytest.mark.parametrize("role", ["ceo", "operator"])
def test_a_key_makes_no_chief_and_the_other_rows_go_in(product: Harness, role: str) -> None:
    answer = by_key(product, {**CHIEF, "role": role}, SELLER)
    assert answer.status == 200, answer.text
    assert (answer.json()["created"], answer.json()["rejected"]) == (1, 1)
    assert [(error["line"], error["field"]) for error in answer.json()["errors"]] == [(1, "role")]
    assert product.tenant().documents.get("staff/c1") is None


@pytest.mark.parametrize(
    ("changed", "field"),
    [({"phone": "+13125559999"}, "phone"), ({"phone": None}, "phone"), ({"role": "sales"}, "role")],
)
def test_a_key_takes_no_chief_over(product: Harness, changed: dict[str, Any], field: str) -> None:
    assert signed_in(product, CHIEF).status == 200
    answer = by_key(product, {**CHIEF, **changed})
    assert answer.status == 422
    assert answer.json()["errors"][0]["field"] == field
    stored = product.tenant().documents.get("staff/c1")
    assert stored is not None and (stored.data["role"], stored.data["phone"]) == ("ceo", "+13125550101")


def test_a_key_promotes_nobody(product: Harness) -> None:
    assert by_key(product, SELLER).json()["created"] == 1
    assert by_key(product, {**SELLER, "role": "operator"}).status == 422
    assert by_key(product, {**SELLER, "role": "advisor"}).json()["updated"] == 1


def test_what_a_system_sends_every_night_stays_possible(product: Harness) -> None:
    signed_in(product, CHIEF)
    assert by_key(product, CHIEF).json()["unchanged"] == 1
    assert by_key(product, {**CHIEF, "name": "Cleo Chief-Ray"}).json()["updated"] == 1
    assert by_key(product, {**CHIEF, "active": False}).json()["updated"] == 1
    assert by_key(product, CHIEF).json()["errors"][0]["field"] == "active"


def test_a_row_later_in_the_file_gains_nothing_by_an_earlier_one(product: Harness) -> None:
    signed_in(product, CHIEF)
    answer = by_key(product, {**CHIEF, "active": False}, {**CHIEF, "phone": "+13125559999"})
    assert (answer.json()["updated"], answer.json()["rejected"]) == (1, 1)
