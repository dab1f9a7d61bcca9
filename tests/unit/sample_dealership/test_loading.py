"""The sample comes in through the product's own handlers, whole, and only once."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from shared.domain.money_entry import MoneyEntry
from shared.local.sample_dealership.dealership import SampleDealership, sample_dealership
from shared.local.sample_dealership.loading import load_dealership, load_sample
from shared.ports import Parameter, Query
from shared.testing.harness import Harness, running

AS_OF = datetime(2026, 11, 20, 16, tzinfo=UTC)
_OWN_NAMES = (
    *("staff", "vehicles", "deals", "repair_orders", "appointments", "price_items", "pricing_rules"),
)
COLLECTIONS = {
    **{kind: kind for kind in _OWN_NAMES},
    "ledger_entries": "money_entries",
}


@pytest.fixture(scope="module")
def sample() -> SampleDealership:
    return sample_dealership("northside", seed=7, as_of=AS_OF)


@pytest.fixture(scope="module")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Harness, list[str]]]:
    said: list[str] = []
    with running(tmp_path_factory.mktemp("sample")) as product:
        load_sample(product.product, as_of=AS_OF, seed=7, progress=said.append, tenants=["northside"])
        product.settle(60)
        yield product, said


def documents(product: Harness, collection: str, tenant: str = "northside") -> list[Any]:
    return [document.data for document in product.tenant(tenant).documents.query(Query(collection))]


def test_every_row_of_every_kind_is_there(
    loaded: tuple[Harness, list[str]], sample: SampleDealership
) -> None:
    product, said = loaded
    for kind, collection in COLLECTIONS.items():
        assert len(documents(product, collection)) == len(sample.records[kind]), kind
    assert len(said) == 1 + len(COLLECTIONS)
    assert len(documents(product, "leads")) == len(sample.leads)


def test_nothing_of_it_is_in_the_other_dealership(loaded: tuple[Harness, list[str]]) -> None:
    product, _ = loaded
    assert [name for name in ("vehicles", "persons", "deals") if documents(product, name, "autohaus")] == []


def test_people_are_known_since_their_first_lead(
    loaded: tuple[Harness, list[str]], sample: SampleDealership
) -> None:
    product, _ = loaded
    since = {person["created_at"] for person in documents(product, "persons")}
    assert since <= {lead.came_at for lead in sample.leads} and sample.leads[0].came_at in since


def test_deals_and_orders_name_people_the_product_knows(loaded: tuple[Harness, list[str]]) -> None:
    product, _ = loaded
    known = {person["person_id"] for person in documents(product, "persons")}
    named = {
        row["master_person_id"] for name in ("deals", "repair_orders") for row in documents(product, name)
    }
    assert named and named <= known


def test_vehicles_in_the_shop_are_their_customers_and_know_their_order(
    loaded: tuple[Harness, list[str]],
) -> None:
    product, _ = loaded
    in_shop = [row for row in documents(product, "vehicles") if row["status"] == "in_service"]
    orders = {row["ro_number"]: row for row in documents(product, "repair_orders")}
    for vehicle in in_shop:
        numbers = [row["ro_number"] for row in orders.values() if row["vin"] == vehicle["vin"]]
        assert numbers
        assert vehicle["owner_person_id"] in {orders[number]["master_person_id"] for number in numbers}


def test_the_books_say_what_the_generator_posted(
    loaded: tuple[Harness, list[str]], sample: SampleDealership
) -> None:
    product, _ = loaded
    parameters: dict[str, Parameter] = {
        "as_of": product.platform.clock.now(),
        "from_date": date(2025, 1, 1),
        "to_date": AS_OF.date(),
        "bucket": "month",
        "lane": None,
        "category": None,
    }
    rows = product.tenant("northside").warehouse.query("plates/finance_chart_v1", parameters)
    posted = [MoneyEntry.model_validate(row) for row in sample.records["ledger_entries"]]
    assert sum(row["net"] for row in rows) == sum((entry.signed_amount for entry in posted), Decimal(0))
    assert sum(row["entry_count"] for row in rows) == len(posted)
    assert sum(row["correction_count"] for row in rows) == sum(1 for entry in posted if entry.corrects) > 0


def test_most_duplicates_end_as_the_person_they_are(
    loaded: tuple[Harness, list[str]], sample: SampleDealership
) -> None:
    product, _ = loaded
    active = [person for person in documents(product, "persons") if person["status"] == "active"]
    # Exactly as many as there are people would be perfect; a tenth either way is the product's own affair.
    assert len(sample.people) * 0.9 < len(active) < len(sample.people) * 1.1
    assert len(active) < len(sample.leads)


def test_loading_again_changes_nothing(loaded: tuple[Harness, list[str]], sample: SampleDealership) -> None:
    product, _ = loaded
    before = {name: documents(product, name) for name in [*COLLECTIONS.values(), "persons", "leads"]}
    postings = len(product.events("money-entry-recorded", 100_000))
    load_dealership(product.product, sample, progress=lambda _: None)
    product.settle(60)
    assert {name: documents(product, name) for name in before} == before
    assert len(product.events("money-entry-recorded", 100_000)) == postings


def test_a_row_the_product_refuses_stops_the_load_and_is_named(
    loaded: tuple[Harness, list[str]], sample: SampleDealership
) -> None:
    product, _ = loaded
    good = sample.records["staff"][0]
    wrong = replace(sample, leads=[], customers={}, records={"staff": [good, {**good, "role": "king"}]})
    with pytest.raises(RuntimeError, match="staff"):
        load_dealership(product.product, wrong, progress=lambda _: None)
