"""How often somebody is texted."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from shared.texting.frequency import free_at, remembered
from shared.texting.request import Purpose
from shared.texting.rules import Limit, purpose_rules

NOW = datetime(2026, 11, 20, 18, tzinfo=UTC)
limits = st.lists(
    st.builds(Limit, count=st.integers(1, 4), hours=st.sampled_from([1.0, 24.0])), min_size=1, max_size=3
)
gaps = st.lists(st.integers(0, 90), max_size=30)


def busiest(sent: list[datetime], limit: Limit) -> int:
    """The most texts in any window of the limit's length."""
    window = timedelta(hours=limit.hours)
    return max(sum(start <= other < start + window for other in sent) for start in sent)


@given(limits, gaps)
def test_whoever_waits_until_there_is_a_place_never_breaks_a_limit(
    rules: list[Limit], minutes: list[int]
) -> None:
    sent: list[datetime] = []
    now = NOW
    for gap in minutes:
        now += timedelta(minutes=gap)
        now = free_at(sent, rules, now)
        sent = [*remembered(sent, rules, now), now]
        assert free_at(sent[:-1], rules, now) == now
    everything: list[datetime] = []
    now = NOW
    for gap in minutes:
        now = free_at(everything, rules, now + timedelta(minutes=gap))
        everything.append(now)
    assert all(busiest(everything, rule) <= rule.count for rule in rules if everything)


@given(limits, gaps)
def test_what_is_forgotten_never_mattered(rules: list[Limit], minutes: list[int]) -> None:
    sent = [NOW - timedelta(minutes=20 * gap) for gap in minutes]
    assert free_at(sent, rules, NOW) == free_at(remembered(sent, rules, NOW), rules, NOW)


def test_a_place_is_free_when_nothing_was_sent() -> None:
    assert free_at([], [Limit(count=1, hours=1)], NOW) == NOW


def test_every_purpose_has_its_rules() -> None:
    rules = purpose_rules()
    assert set(rules) == set(Purpose)
    assert rules[Purpose.MARKETING].consent == "granted"
    assert {purpose for purpose in Purpose if rules[purpose].consent == "nobody_asked"} == {
        Purpose.OPT_OUT_CONFIRMATION,
        Purpose.HELP,
    }
