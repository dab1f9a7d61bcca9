"""The statement is asked when its answer may have changed, and never too seldom."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from functions.anomaly_monitor.question import Said
from functions.anomaly_monitor.sparing import digest, is_worth_asking
from shared.domain.anomaly.rules import AnomalyRules

NOW = datetime(2026, 11, 20, 15, tzinfo=UTC)
TODAY = date(2026, 11, 20)
ASKED = {"asked_at": NOW - timedelta(hours=1), "asked_on": "2026-11-20", "asked_with": "as it is"}
LONG_AGO = NOW - timedelta(hours=9)


@pytest.mark.parametrize(
    ("changes", "newest", "said", "today", "is_worth"),
    [
        ({}, LONG_AGO, "as it is", TODAY, False),
        ({}, None, "as it is", TODAY, False),
        ({"asked_at": None}, LONG_AGO, "as it is", TODAY, True),
        ({}, NOW - timedelta(minutes=5), "as it is", TODAY, True),
        # It was there at the last question, and its row may not have been in the warehouse yet.
        ({}, NOW - timedelta(hours=2), "as it is", TODAY, True),
        ({}, LONG_AGO, "otherwise", TODAY, True),
        ({}, LONG_AGO, "as it is", TODAY + timedelta(days=1), True),
        ({"asked_at": NOW + timedelta(hours=1)}, LONG_AGO, "as it is", TODAY, True),
    ],
)
def test_it_is_asked_on_a_new_day_after_a_word_and_after_a_posting(
    changes: dict[str, Any], newest: datetime | None, said: str, today: date, is_worth: bool
) -> None:
    state = {**ASKED, **changes}
    assert is_worth_asking(state, newest=newest, said=said, today=today, now=NOW) is is_worth


def test_everything_that_is_said_counts() -> None:
    rules = AnomalyRules.model_validate({})
    said = [
        Said(rules, (), (), ()),
        Said(AnomalyRules.model_validate({"strictness": 5}), (), (), ()),
        Said(rules, ({"series": "C.fuel.expense", "accepted_usd": "9.00"},), (), ()),
        Said(rules, (), ({"covers": "document|1", "approved_at": NOW},), ()),
        Said(rules, (), (), ("posted_twice|document|1",)),
    ]
    assert len({digest(one) for one in said}) == len(said)
    assert digest(said[0]) == digest(Said(rules, [], [], []))
