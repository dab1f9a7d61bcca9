"""What work costs."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from random import Random
from typing import TypeAlias

import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.quotes.jobs import jobs_for
from functions.quotes.line import Line
from functions.quotes.pricing import from_document, is_beyond_tolerance, priced, totals
from shared.domain.components import catalogue
from shared.domain.pricing_rules import PricingRules
from tests.unit.quotes.samples import CENT, any_lines, any_rules, finding, item, lines_of, money, rules

Priced: TypeAlias = tuple[PricingRules, list[Line]]
PRICED = any_rules().flatmap(lambda by: st.tuples(st.just(by), any_lines(by)))


def test_labour_is_hours_by_rate_and_an_axle_is_one_unit() -> None:
    [line] = lines_of(finding("f1", "brake_rotor", "front_left"), finding("f2", "brake_rotor", "front_right"))
    assert (line.quantity, line.labour_usd, line.parts_usd, line.price_usd) == (
        1,
        Decimal("160.00"),
        Decimal("100.00"),
        Decimal("260.00"),
    )


def test_a_price_items_own_rate_goes_before_the_rules() -> None:
    [job] = jobs_for([finding("f1", "tire", "front")], catalogue())
    line = priced(job, item("tire_replace", "0.5", "155.00", labour_rate_usd="90"), rules(), catalogue())
    assert (line.quantity, line.labour_usd, line.parts_usd) == (2, Decimal("90.00"), Decimal("310.00"))


def test_shop_supplies_stop_at_their_cap_and_tax_is_on_what_the_rules_say() -> None:
    lines = lines_of(finding("f1", "brake_rotor", "front"), finding("f2", "brake_rotor", "rear"))
    found = totals(lines, rules(shop_supplies_percent="20"))
    assert found.shop_supplies_usd == Decimal("40.00")
    assert found.taxes[0].base_usd == Decimal("240.00") and found.tax_usd == Decimal("24.60")
    assert found.total_usd == Decimal("584.60")


def test_nothing_costs_nothing() -> None:
    assert totals([], rules()).total_usd == 0


@given(any_rules().flatmap(lambda by: st.tuples(st.just(by), any_lines(by), st.randoms())))
def test_figures_add_up_to_the_cent_in_any_order_and_are_the_same_read_back(
    drawn: tuple[PricingRules, list[Line], Random],
) -> None:
    by, lines, random = drawn
    found = totals(lines, by)
    parts = (found.labour_usd, found.parts_usd, found.shop_supplies_usd, found.tax_usd)
    assert found.total_usd == sum(parts) and min(*parts, found.total_usd) >= 0
    assert found.subtotal_usd == sum(parts[:3]) and found.tax_usd == sum(t.amount_usd for t in found.taxes)
    assert all(amount % CENT == 0 for amount in (*parts, found.total_usd))
    shuffled = random.sample(lines, len(lines))
    assert totals(shuffled, by) == found == from_document(found.to_document())
    assert [Line.from_document(line.to_document()) for line in lines] == lines


@given(PRICED)
def test_every_tax_is_its_percentage_to_half_a_cent(drawn: Priced) -> None:
    by, lines = drawn
    for tax in totals(lines, by).taxes:
        exact = Fraction(tax.base_usd) * Fraction(tax.percent) / 100
        assert abs(Fraction(tax.amount_usd) - exact) <= Fraction(1, 200)


@given(PRICED)
def test_approving_one_line_more_never_costs_less(drawn: Priced) -> None:
    by, lines = drawn
    costs = [totals(lines[:count], by).total_usd for count in range(len(lines) + 1)]
    assert costs == sorted(costs)


@pytest.mark.parametrize(
    ("agreed", "asked", "is_beyond"),
    [
        ("100.00", "105.00", False),
        ("100.00", "105.01", True),
        ("100.00", "94.99", True),
        ("5000.00", "5050.00", False),
        ("5000.00", "5050.01", True),
        ("0.00", "0.00", False),
        ("0.00", "0.01", True),
    ],
)
def test_a_total_is_beyond_tolerance_by_percent_or_by_dollars(
    agreed: str, asked: str, is_beyond: bool
) -> None:
    by = rules(tolerance_percent="5", tolerance_usd="50")
    assert is_beyond_tolerance(Decimal(agreed), Decimal(asked), by) is is_beyond


@given(money, money, any_rules())
def test_the_same_total_is_never_beyond_and_a_farther_one_not_less_so(
    agreed: Decimal, by_how_much: Decimal, by: PricingRules
) -> None:
    assert not is_beyond_tolerance(agreed, agreed, by)
    if is_beyond_tolerance(agreed, agreed + by_how_much, by):
        assert is_beyond_tolerance(agreed, agreed + by_how_much + CENT, by)
