"""Rows of the query become findings, and findings plain words."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.anomalies.views import WHY
from functions.anomaly_monitor.finding import Finding, read_findings
from functions.anomaly_monitor.words import summary

DAY = date(2026, 11, 20)
KINDS = ("two_deviations", "level", "difference", "posting", "direction", "drift")
ROW_KINDS = ("posted_twice", "correction", "split")


def row(kinds: str, **more: Any) -> dict[str, Any]:
    money = {"total": 6000, "largest": 5000}
    return {
        "kinds": kinds,
        "lane": "C",
        "category": "transport",
        "direction": "expense",
        "occurred_on": DAY,
        **{f"{name}_usd": Decimal(value) for name, value in money.items()},
        **{f"{name}_low_usd": Decimal(310) for name in money},
        **{f"{name}_high_usd": Decimal(720) for name in money},
        "mean_30_usd": Decimal(700),
        "deviation_30_usd": Decimal(100),
        "four_weeks_usd": Decimal(26000),
        "four_weeks_usual_usd": Decimal(20000),
        "row_ids": ["E1", "E2"],
        "about": "",
        **more,
    }


def one(kinds: str, **more: Any) -> Finding:
    [finding] = read_findings([row(kinds, **more)])
    return finding


def test_a_row_that_is_not_odd_is_no_finding() -> None:
    assert read_findings([row("")]) == []


def test_a_single_posting_goes_before_the_days_sum() -> None:
    finding = one("two_deviations,level,posting,")
    assert (finding.family, finding.value, finding.high) == ("posting", Decimal(5000), Decimal(720))
    assert summary(finding) == (
        "Transport (lane C): $5,000.00 posted for Nov 20 (row E1). Usually $310.00 to $720.00 a posting."
    )


def test_two_deviations_alone_are_told_with_the_mean() -> None:
    finding = one("two_deviations,")
    assert (finding.low, finding.high, finding.excess) == (None, Decimal(900), Decimal(5100))
    assert summary(finding).endswith("The 30-day mean is $700.00, two deviations end at $900.00.")


@pytest.mark.parametrize(
    ("kinds", "more", "words"),
    [
        ("level,", {}, "$6,000.00 on Nov 20 (largest first: rows E1, E2). Usually $310.00 to $720.00 a day."),
        (
            "direction,",
            {},
            "$6,000.00 for Nov 20 booked as an expense, which it hardly ever is (rows E1, E2).",
        ),
        ("drift,", {}, "has crept up to $26,000.00 in four weeks. Before it was $20,000.00."),
        (
            "drift,",
            {"direction": "income"},
            "has sunk to $26,000.00 in four weeks. Before it was $20,000.00.",
        ),
        ("posted_twice", {"about": "document|H-1"}, "$6,000.00 for Nov 20 looks posted twice (rows E1, E2)."),
        (
            "correction",
            {"about": "E1"},
            "row E1 corrects row E2 of $720.00 by $6,000.00: wrong sign or too much?",
        ),
        (
            "split",
            {"about": "summit", "total_high_usd": Decimal(5000)},
            "2 purchases from one payee within days, $6,000.00 together, each below the approval limit of "
            "$5,000.00 (rows E1, E2).",
        ),
    ],
)
def test_each_family_has_its_words(kinds: str, more: dict[str, Any], words: str) -> None:
    assert summary(one(kinds, **more)).endswith(words)


def test_one_row_may_be_several_findings() -> None:
    found = read_findings([row("level,direction,drift,")])
    assert [finding.family for finding in found] == ["day", "direction", "drift"]
    assert len({finding.finding_id for finding in found}) == 3


def test_parts_of_a_split_purchase_are_one_finding_with_the_whole_sum() -> None:
    rows = [
        row("split", about="summit", total_usd=Decimal(9000), row_ids=["S1", "S2"]),
        row("split", about="summit", total_usd=Decimal(13600), row_ids=["S1", "S2", "S3"]),
    ]
    [finding] = read_findings(rows)
    assert finding.value == Decimal(13600) and finding.entry_ids == ("S1", "S2", "S3")


def test_the_same_day_of_the_same_series_is_the_same_finding_whatever_is_added_to_it() -> None:
    before, after = one("level,"), one("level,difference,", total_usd=Decimal(7000), row_ids=["E9"])
    assert before.finding_id == after.finding_id
    assert before.finding_id != one("level,", occurred_on=date(2026, 11, 21)).finding_id
    assert (
        one("posted_twice", about="d").finding_id != one("posted_twice", about="d", row_ids=["X"]).finding_id
    )


@given(
    st.lists(st.sampled_from(KINDS), unique=True, min_size=1),
    st.decimals(min_value=1, max_value=10**8, places=2),
    st.text(alphabet="abcdefghij_", min_size=1, max_size=40),
)
def test_every_finding_fits_a_text_message_and_can_be_explained(
    kinds: list[str], value: Decimal, category: str
) -> None:
    made = row("".join(f"{kind}," for kind in kinds), total_usd=value, largest_usd=value, category=category)
    for finding in read_findings([made]):
        assert len(summary(finding)) <= 240
        assert all(WHY[kind] for kind in finding.kinds)
        assert f"{value:,.2f}" in summary(finding) or finding.family == "drift"


@pytest.mark.parametrize("kind", [*KINDS, *ROW_KINDS])
def test_every_kind_is_explained(kind: str) -> None:
    assert WHY[kind].endswith(".")
