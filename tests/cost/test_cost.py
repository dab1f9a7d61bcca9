"""The bill is arithmetic over tables: each part can be worked out by hand, and nothing is left out."""

from __future__ import annotations

import math
import re
from dataclasses import replace
from pathlib import Path

import pytest

from shared.deploy.cost.estimate import (
    Inputs,
    Line,
    Price,
    bill,
    calls_of_a_month,
    read_inputs,
    seconds_of,
    total,
    unconsidered,
    usage,
)
from shared.deploy.cost.page import cost_page
from shared.errors import Misconfigured
from shared.manifest import ROOT, all_manifests
from tests.cost.operations import KEPT, different, measure, read_kept


@pytest.fixture(scope="module")
def inputs() -> Inputs:
    return read_inputs(all_manifests())


def test_what_each_operation_does_is_as_it_was_counted(tmp_path: Path) -> None:
    measured = measure(tmp_path)
    assert different(read_kept(), measured) == [], (
        f"{KEPT.name} is stale; run `python -m tests.cost.operations`"
    )


def test_an_operation_that_reads_once_more_is_noticed() -> None:
    kept = read_kept()
    more = {**kept, "new_lead": {"crm_intake": {**kept["new_lead"]["crm_intake"], "reads": 99}}}
    assert different(kept, more) == ["new_lead crm_intake reads: 6 kept, 99 counted"]


def test_a_line_charges_what_is_beyond_the_free_part() -> None:
    price = Price(
        product="Firestore", item="reads", unit="document", price=2, free=10, source="cloud.google.com/x"
    )
    assert Line("reads", price, 9).dollars == 0
    assert Line("reads", price, 15).dollars == 10


def test_calls_are_the_operations_of_the_month(inputs: Inputs) -> None:
    asked = inputs.workload["dealership"]["operations"]
    five_queries = inputs.operations["finance_question"]["plate_composer"]["warehouse_queries"]
    one_query = inputs.operations["inventory_question"]["plate_composer"]["warehouse_queries"]
    expected = asked["finance_question"] * five_queries + asked["inventory_question"] * one_query
    assert calls_of_a_month(inputs, 3)["warehouse_queries"] == 3 * expected


def test_a_request_lasts_as_long_as_its_calls_one_after_the_other(inputs: Inputs) -> None:
    latency = inputs.workload["latency_ms"]
    trips = inputs.operations["service_question"]["plate_composer"]["round_trips"]
    expected = trips * latency["round_trip"] + latency["own_work"]
    assert math.isclose(seconds_of(inputs, "service_question", "plate_composer"), expected / 1000)


def test_ten_dealerships_cost_less_than_ten_times_one(inputs: Inputs) -> None:
    one, ten, hundred = (total(bill(inputs, size)) for size in (1, 10, 100))
    assert one < ten < 10 * one and ten < hundred < 100 * one


def test_a_dearer_price_makes_a_dearer_bill(inputs: Inputs) -> None:
    for key, price in inputs.prices.items():
        dearer = price.model_copy(update={"price": price.price * 2, "free": 0.0})
        changed = replace(inputs, prices={**inputs.prices, key: dearer})
        assert total(bill(changed, 10)) > total(bill(inputs, 10)), key


def test_a_use_without_a_price_is_named(inputs: Inputs) -> None:
    without = {key: price for key, price in inputs.prices.items() if key != "reads"}
    with pytest.raises(Misconfigured, match="reads"):
        bill(replace(inputs, prices=without), 1)


def test_an_operation_without_a_count_is_named(inputs: Inputs, tmp_path: Path) -> None:
    folder = Path(__file__).parents[2] / "shared" / "deploy" / "cost"
    for name in ("prices.yaml", "workload.yaml"):
        (tmp_path / name).write_text((folder / name).read_text())
    (tmp_path / "operations.json").write_text('{"new_lead": {}}')
    with pytest.raises(Misconfigured, match="known_lead"):
        read_inputs(all_manifests(), tmp_path)


def test_every_function_is_in_the_bill_or_says_why_not(inputs: Inputs) -> None:
    assert unconsidered(inputs) == []
    fewer = {name: one for name, one in inputs.manifests.items() if name != "system"}
    assert unconsidered(replace(inputs, manifests=fewer)) == ["system"]


def test_the_functions_kept_warm_are_those_of_production(inputs: Inputs) -> None:
    production = (ROOT / "terraform" / "environments" / "production.tfvars").read_text(encoding="utf-8")
    warm = re.findall(r"(\w+)\s*= \{ min_instances = 1 \}", production)
    assert inputs.workload["installation"]["kept_warm"] == warm


def test_the_page_adds_up_to_the_bill(inputs: Inputs) -> None:
    page = cost_page(inputs)
    for size in (1, 10, 100):
        assert f"| {size} | ${total(bill(inputs, size)):,.2f} |" in page
    assert all(f"{price.product}: {price.item}" in page for price in inputs.prices.values())


def test_usage_grows_with_the_dealerships(inputs: Inputs) -> None:
    one, ten = usage(inputs, 1), usage(inputs, 10)
    assert all(ten[key] >= one[key] for key in one)
