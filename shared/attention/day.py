"""A dealership's days and a person's quiet hours, right across the changes of daylight saving time."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta, tzinfo

from shared.attention.rules import Quiet
from shared.runtime.work import UnitOfWork

DAY = timedelta(days=1)


def zone_of(work: UnitOfWork) -> tzinfo:
    """The dealership's zone, read once however many matters and people one looks at."""
    return work.once("zone", lambda: work.tenant.zone)


def local_day(now: datetime, zone: tzinfo) -> date:
    return now.astimezone(zone).date()


def moment(day: date, at: time, zone: tzinfo) -> datetime:
    return datetime.combine(day, at, zone).astimezone(UTC)


def next_moment(now: datetime, at: time, zone: tzinfo) -> datetime:
    """The next time the clocks there show `at`, later than now."""
    today = local_day(now, zone)
    return next(found for day in (today, today + DAY) if (found := moment(day, at, zone)) > now)


def quiet_until(now: datetime, quiet: Quiet | None, zone: tzinfo) -> datetime | None:
    """The end of the quiet hours it is in, None outside of them."""
    if quiet is None or quiet.start == quiet.end:
        return None
    at = now.astimezone(zone).time().replace(tzinfo=None)
    within = quiet.start <= at < quiet.end if quiet.start < quiet.end else at >= quiet.start or at < quiet.end
    return next_moment(now, quiet.end, zone) if within else None
