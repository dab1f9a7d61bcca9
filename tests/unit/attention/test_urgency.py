"""How urgent a matter is follows from what was asked, safety, value, promised time, age; it never falls."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from shared.attention.item import Item
from shared.attention.rules import Rules, attention_rules
from shared.attention.urgency import HORIZON, in_words, next_rise, urgency

NOW = datetime(2026, 11, 20, 15, tzinfo=UTC)
RULES = attention_rules()


def matter(**fields: Any) -> Item:
    known = {"item_id": "a1", "key": "k", "kind": "quote_decided", "subject": "quotes/q1", "summary": "Look"}
    times = {"requested_at": NOW, "last_requested_at": NOW, "updated_at": NOW}
    return Item.model_validate({**known, **times, "band": "low", **fields})


@pytest.mark.parametrize(
    ("fields", "after", "points"),
    [
        ({}, 0, 25),
        ({"kind": "never heard of"}, 0, 25),
        ({"asked": "low"}, 0, 10),
        ({"asked": "critical"}, 0, 70),
        ({"safety": True}, 0, 125),
        ({"value_usd": Decimal(100)}, 0, 25),
        ({"value_usd": Decimal(1_000)}, 0, 31),
        ({"value_usd": Decimal(-10_000)}, 0, 37),
        ({"value_usd": Decimal(10**12)}, 0, 45),
        ({}, 5, 30),
        ({}, 100, 40),
        ({"due_at": NOW + timedelta(hours=10)}, 5, 25 + 12.5 + 5),
        ({"due_at": NOW + timedelta(hours=10)}, 10, 25 + 25 + 10),
        ({"due_at": NOW + timedelta(hours=10)}, 12, 25 + 35 + 12),
        ({"due_at": NOW + timedelta(hours=10)}, 200, 25 + 45 + 15),
        ({"due_at": NOW}, 0, 50),
        ({"due_at": NOW - timedelta(hours=2)}, 0, 60),
    ],
)
def test_points_add_up(fields: dict[str, Any], after: float, points: float) -> None:
    assert urgency(matter(**fields), RULES, NOW + timedelta(hours=after)).points == pytest.approx(points)


def test_safety_is_always_in_the_highest_band() -> None:
    for kind in (*RULES.kinds, "never heard of"):
        assert urgency(matter(kind=kind, safety=True, asked="low"), RULES, NOW).band == RULES.bands[0]


def test_the_parts_say_in_words_what_makes_it_urgent() -> None:
    item = matter(value_usd=Decimal("5000"), due_at=NOW + timedelta(minutes=90))
    said = [part.words for part in urgency(item, RULES, NOW + timedelta(minutes=60)).parts]
    assert said == [
        "a customer decided on a quote",
        "$5,000.00 at stake",
        "an answer is due in 30 minutes",
        "waiting for 1 hour",
    ]


MATTERS = st.builds(
    matter,
    kind=st.sampled_from([*RULES.kinds, "never heard of"]),
    asked=st.sampled_from(["low", "normal", "high", "critical"]),
    safety=st.booleans(),
    value_usd=st.none() | st.decimals(-1_000_000, 1_000_000, places=2),
    due_at=st.none() | st.integers(-3_000, 30_000).map(lambda minutes: NOW + timedelta(minutes=minutes)),
)


@given(item=MATTERS, first=st.integers(0, 60_000), more=st.integers(0, 60_000))
def test_time_never_makes_it_less_urgent(item: Item, first: int, more: int) -> None:
    early, late = NOW + timedelta(minutes=first), NOW + timedelta(minutes=first + more)
    assert urgency(item, RULES, early).points <= urgency(item, RULES, late).points


@given(item=MATTERS, minutes=st.integers(0, 20_000))
def test_the_next_rise_is_the_first_minute_in_a_higher_band(item: Item, minutes: int) -> None:
    now = NOW + timedelta(minutes=minutes)
    band, rise = urgency(item, RULES, now).band, next_rise(item, RULES, now)
    if rise is None:
        assert urgency(item, RULES, now + HORIZON).band == band
        return
    assert urgency(item, RULES, rise).band != band
    assert urgency(item, RULES, rise - timedelta(minutes=1)).band == band


@pytest.mark.parametrize(
    ("span", "words"),
    [
        (timedelta(seconds=-5), "under a minute"),
        (timedelta(seconds=59), "under a minute"),
        (timedelta(minutes=1), "1 minute"),
        (timedelta(minutes=119), "1 hour"),
        (timedelta(hours=48), "2 days"),
    ],
)
def test_spans_are_told_in_words(span: timedelta, words: str) -> None:
    assert in_words(span) == words


def changed(**fields: Any) -> Rules:
    return Rules.model_validate({**RULES.model_dump(), **fields})


def test_rules_that_make_no_sense_stop_the_start() -> None:
    with pytest.raises(ValidationError, match="at_least"):
        changed(bands=[band.model_dump() for band in reversed(RULES.bands)])
    with pytest.raises(ValidationError, match="addressed"):
        changed(ladder=[{"addressed": True, "roles": ["ceo"]}])
    with pytest.raises(ValidationError, match="extra"):
        changed(textsperday=3)


def test_every_kind_concerns_roles_there_are() -> None:
    from typing import get_args

    from shared.domain.staff import Role

    known = set(get_args(Role))
    named = {role for kind in RULES.kinds.values() for role in kind.roles}
    named |= {role for rung in RULES.ladder for role in rung.roles} | set(RULES.slack.by_role)
    assert named | set(RULES.fallback_roles) <= known
