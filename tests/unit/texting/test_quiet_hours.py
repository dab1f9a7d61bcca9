"""When people may be texted."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shared.texting.places import Whereabouts, whereabouts
from shared.texting.quiet_hours import hours_table, is_allowed, next_allowed, solicitation_limits

CHICAGO, NEW_YORK, HONOLULU = "America/Chicago", "America/New_York", "Pacific/Honolulu"
ZONES = (
    CHICAGO,
    NEW_YORK,
    "America/Denver",
    "America/Phoenix",
    "America/Los_Angeles",
    "America/Anchorage",
    HONOLULU,
)
STATES = ("FL", "CT", "TX", "RI", "AL", "KY", "IL")


def at(zones: tuple[str, ...] = (CHICAGO,), states: tuple[str, ...] = ()) -> Whereabouts:
    return Whereabouts(zones, states, "address")


def local(year: int, month: int, day: int, hour: int, minute: int = 0, *, zone: str = CHICAGO) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=ZoneInfo(zone)).astimezone(UTC)


moments = st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31), timezones=st.just(UTC))
places = st.builds(
    at,
    st.lists(st.sampled_from(ZONES), min_size=1, max_size=3, unique=True).map(tuple),
    st.lists(st.sampled_from(STATES), max_size=2, unique=True).map(tuple),
)


@pytest.mark.parametrize(
    ("hour", "minute", "allowed"),
    [(7, 59, False), (8, 0, True), (20, 59, True), (21, 0, False), (0, 0, False)],
)
def test_everywhere_it_is_from_eight_until_nine(hour: int, minute: int, allowed: bool) -> None:
    assert is_allowed(local(2026, 11, 20, hour, minute), at(), solicitation=True) is allowed


@pytest.mark.parametrize(
    ("state", "day", "hour", "allowed"),
    [
        ("FL", 20, 20, False),
        ("CT", 20, 8, False),
        ("CT", 20, 9, True),
        ("MD", 20, 20, False),
        ("NJ", 20, 20, False),
        ("OK", 20, 20, False),
        ("MS", 20, 20, False),
        ("TX", 20, 8, False),
        ("TX", 22, 11, False),  # a Sunday
        ("TX", 22, 12, True),
        ("RI", 20, 18, False),
        ("RI", 21, 9, False),  # a Saturday
        ("RI", 21, 16, True),
        ("RI", 22, 17, False),
        ("AL", 22, 12, False),
        ("AL", 21, 12, True),
        ("IL", 20, 20, True),
    ],
)
def test_stricter_states_have_their_own_hours(state: str, day: int, hour: int, allowed: bool) -> None:
    assert is_allowed(local(2026, 11, day, hour), at(states=(state,)), solicitation=True) is allowed


def test_a_day_closed_to_solicitations_is_open_to_what_is_none() -> None:
    sunday = local(2026, 11, 22, 12)
    assert not is_allowed(sunday, at(states=("AL",)), solicitation=True)
    assert is_allowed(sunday, at(states=("AL",)), solicitation=False)


def test_with_two_zones_both_must_allow_it() -> None:
    both = at((CHICAGO, NEW_YORK))
    assert not is_allowed(local(2026, 11, 20, 8, zone=NEW_YORK), both, solicitation=False)
    assert is_allowed(local(2026, 11, 20, 8, zone=CHICAGO), both, solicitation=False)
    assert not is_allowed(local(2026, 11, 20, 20, 30, zone=CHICAGO), both, solicitation=False)


@pytest.mark.parametrize("day", [datetime(2026, 3, 7), datetime(2026, 10, 31)], ids=["spring", "autumn"])
def test_eight_stays_eight_when_the_clocks_change(day: datetime) -> None:
    night = datetime(day.year, day.month, day.day, 22, tzinfo=ZoneInfo(CHICAGO)).astimezone(UTC)
    found = next_allowed(night, at(), solicitation=False)
    assert found is not None
    assert (found.astimezone(ZoneInfo(CHICAGO)).hour, found - night) != (7, timedelta(hours=10))
    assert found.astimezone(ZoneInfo(CHICAGO)).strftime("%H:%M") == "08:00"


def test_zones_without_a_common_hour_have_none() -> None:
    apart = at(("Europe/London", "Asia/Tokyo", HONOLULU))
    assert next_allowed(local(2026, 11, 20, 12), apart, solicitation=False) is None


@settings(max_examples=60, deadline=None)
@given(moments, places, st.booleans())
def test_the_next_allowed_moment_is_allowed_and_the_first(
    moment: datetime, where: Whereabouts, solicitation: bool
) -> None:
    found = next_allowed(moment, where, solicitation=solicitation)
    if found is None:
        assert not any(
            is_allowed(moment + timedelta(minutes=30 * step), where, solicitation=solicitation)
            for step in range(7 * 48)
        )
        return
    assert found >= moment and is_allowed(found, where, solicitation=solicitation)
    minute = moment
    while minute < found:
        assert not is_allowed(minute, where, solicitation=solicitation), minute
        minute += timedelta(minutes=7)


@given(moments, places, st.booleans())
@settings(max_examples=100, deadline=None)
def test_no_text_is_ever_allowed_before_eight_or_from_nine_on_in_any_zone_it_may_be(
    moment: datetime, where: Whereabouts, solicitation: bool
) -> None:
    if is_allowed(moment, where, solicitation=solicitation):
        assert all(8 <= moment.astimezone(ZoneInfo(zone)).hour < 21 for zone in where.zones)


@given(moments, places)
@settings(max_examples=100, deadline=None)
def test_knowing_less_never_allows_more(moment: datetime, where: Whereabouts) -> None:
    less = Whereabouts((*where.zones, HONOLULU), (*where.states, "RI"), "number")
    if is_allowed(moment, less, solicitation=True):
        assert is_allowed(moment, where, solicitation=True)


def test_every_state_in_the_table_is_stricter_than_everywhere() -> None:
    wide = hours_table().everywhere.every_day
    for state, rules in hours_table().states.items():
        assert wide[0] <= rules.every_day[0] < rules.every_day[1] <= wide[1], state


def test_florida_and_oklahoma_limit_how_often() -> None:
    assert [limit.count for limit in solicitation_limits(at(states=("FL",)))] == [3]
    assert solicitation_limits(at(states=("IL",))) == ()


# where somebody is


@pytest.mark.parametrize(
    ("codes", "phone", "zones", "states", "known_by"),
    [
        (["60601"], "+13125550142", {CHICAGO}, {"IL"}, "address"),
        (["60601-1234"], "+12125550142", {CHICAGO}, {"IL", "NY"}, "address"),
        (["33101"], "+13125550142", {NEW_YORK, CHICAGO}, {"FL", "IL"}, "address"),
        (["60601", "10001"], "+13125550142", {CHICAGO, NEW_YORK}, {"IL", "NY"}, "address"),
        (["0210"], "+13125550142", {NEW_YORK}, {"MA", "IL"}, "address"),
        (["sw1a 1aa"], "+13125550142", {CHICAGO}, {"IL"}, "number"),
        ([], "+18505550142", {NEW_YORK, CHICAGO}, {"FL"}, "number"),
        ([], "+13055550142", {NEW_YORK}, {"FL"}, "number"),
        ([], "+19155550142", {"America/Denver"}, {"TX"}, "number"),
        ([], "+14165550142", {"America/Toronto"}, set(), "number"),
        ([], "+442071234567", {"Europe/London"}, set(), "number"),
        ([], "+15555550142", {"America/Boise"}, set(), "dealership"),
        ([], "+18005550142", {"America/Boise"}, set(), "dealership"),
        ([], "nonsense", {"America/Boise"}, set(), "dealership"),
        ([""], "", {"America/Boise"}, set(), "dealership"),
    ],
)
def test_where_somebody_is_comes_from_the_address_then_the_number_then_the_dealership(
    codes: list[str], phone: str, zones: set[str], states: set[str], known_by: str
) -> None:
    found = whereabouts(postal_codes=codes, phone=phone, dealership_zone="America/Boise")
    assert (set(found.zones), set(found.states), found.known_by) == (zones, states, known_by)


def test_every_zone_named_exists() -> None:
    for area in range(200, 1000):
        found = whereabouts(postal_codes=[], phone=f"+1{area}5550100", dealership_zone="UTC")
        for zone in found.zones:
            ZoneInfo(zone)
    for prefix in range(1000):
        found = whereabouts(postal_codes=[f"{prefix:03d}01"], phone="", dealership_zone="UTC")
        assert all(ZoneInfo(zone) for zone in found.zones)
