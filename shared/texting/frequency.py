"""How often one recipient is texted for one purpose."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from shared.texting.rules import Limit


def free_at(sent: Sequence[datetime], limits: Iterable[Limit], now: datetime) -> datetime:
    """The first moment from now on at which one more keeps every limit.

    `sent` are the moments of earlier texts to the same recipient for the same purpose, in any order.
    """
    newest_first = sorted(sent, reverse=True)
    frees = (_free(newest_first, limit) for limit in limits)
    return max([now, *(moment for moment in frees if moment is not None)])


def remembered(sent: Sequence[datetime], limits: Sequence[Limit], now: datetime) -> list[datetime]:
    """Those earlier moments that still count for some limit, oldest first."""
    longest = max(timedelta(hours=limit.hours) for limit in limits)
    return sorted(moment for moment in sent if moment > now - longest)


def _free(newest_first: Sequence[datetime], limit: Limit) -> datetime | None:
    """When the text that fills the limit has left its window; None while there is room at any time."""
    if len(newest_first) < limit.count:
        return None
    return newest_first[limit.count - 1] + timedelta(hours=limit.hours)
