"""When a quote is another version."""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.quotes.line import Finding, Line
from functions.quotes.pricing import totals
from functions.quotes.versions import Change, change_between
from shared.domain.pricing_rules import PricingRules
from tests.unit.quotes.samples import any_findings, finding, lines_of, rules

PAD = finding("f1", "brake_pad", "front_left", "yellow")
WIPER = finding("f2", "wiper", "front", "yellow")


def change(before: list[Line], after: list[Line], by: PricingRules | None = None) -> Change:
    return change_between(
        before,
        after,
        totals_before=totals(before, rules()),
        totals_after=totals(after, by or rules()),
    )


@pytest.mark.parametrize(
    ("after", "expected"),
    [
        ([PAD, WIPER], "none"),
        ([WIPER, PAD], "none"),
        ([PAD], "work"),
        ([PAD, WIPER, finding("f3", "battery", "engine_bay")], "work"),
        ([finding("f1", "brake_pad", "front_left", "red"), WIPER], "work"),
        ([finding("f1", "brake_pad", "rear_left", "yellow"), WIPER], "work"),
        ([finding("f9", "brake_pad", "front_left", "yellow"), WIPER], "work"),
    ],
)
def test_a_flag_that_came_went_moved_or_got_worse_is_other_work(after: list[Finding], expected: str) -> None:
    assert change(lines_of(PAD, WIPER), lines_of(*after)) == expected


def test_the_same_work_at_another_price_or_with_another_tax_is_another_version() -> None:
    assert change(lines_of(PAD), lines_of(PAD, parts="100.01")) == "prices"
    assert change(lines_of(PAD), lines_of(PAD), rules(taxes=[])) == "prices"


def test_a_note_of_the_mechanic_changes_nothing() -> None:
    noted = PAD.model_copy(update={"summary": "worn to 3 mm"})
    assert change(lines_of(PAD), lines_of(noted)) == "none"


@given(any_findings(), st.randoms(use_true_random=False))
def test_the_same_findings_in_any_order_are_the_same_version_and_one_less_is_not(
    findings: list[Finding], random: Random
) -> None:
    lines = lines_of(*findings)
    assert change(lines, lines_of(*random.sample(findings, len(findings)))) == "none"
    if findings:
        assert change(lines, lines_of(*findings[1:])) == "work"
