"""Days and quiet hours of a dealership, across midnight and the changes of daylight saving time."""

from __future__ import annotations

from datetime import UTC, datetime, time
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.attention.day import next_moment, quiet_until
from shared.attention.rules import Quiet

CHICAGO = ZoneInfo("America/Chicago")


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=CHICAGO).astimezone(UTC)


@pytest.mark.parametrize(
    ("start", "end", "now", "until"),
    [
        ("21:00", "07:00", "2026-11-20T20:59", None),
        ("21:00", "07:00", "2026-11-20T21:00", "2026-11-21T07:00"),
        ("21:00", "07:00", "2026-11-21T06:59", "2026-11-21T07:00"),
        ("21:00", "07:00", "2026-11-21T07:00", None),
        ("12:00", "13:00", "2026-11-20T12:30", "2026-11-20T13:00"),
        ("12:00", "13:00", "2026-11-20T21:30", None),
        ("09:00", "09:00", "2026-11-20T09:00", None),
        ("21:00", "07:00", "2026-03-07T23:00", "2026-03-08T07:00"),
        ("21:00", "07:00", "2026-10-31T23:00", "2026-11-01T07:00"),
        ("00:00", "02:30", "2026-03-08T00:30", "2026-03-08T03:30"),
    ],
)
def test_quiet_hours_end_when_the_clocks_there_say_so(
    start: str, end: str, now: str, until: str | None
) -> None:
    quiet = Quiet(start=time.fromisoformat(start), end=time.fromisoformat(end))
    assert quiet_until(utc(now), quiet, CHICAGO) == (utc(until) if until else None)


def test_without_quiet_hours_it_is_never_quiet() -> None:
    assert quiet_until(utc("2026-11-20T03:00"), None, CHICAGO) is None


@given(
    now=st.datetimes(datetime(2026, 1, 1), datetime(2028, 1, 1), timezones=st.just(UTC)),
    start=st.times(),
    end=st.times(),
    zone=st.sampled_from([UTC, CHICAGO, ZoneInfo("Pacific/Auckland"), ZoneInfo("Asia/Kolkata")]),
)
def test_quiet_hours_always_end_later_and_within_a_day(
    now: datetime, start: time, end: time, zone: ZoneInfo
) -> None:
    until = quiet_until(now, Quiet(start=start, end=end), zone)
    assert until is None or 0 < (until - now).total_seconds() <= 25 * 3600
    assert now < next_moment(now, end, zone)
