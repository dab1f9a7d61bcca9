"""A matter in plain words: the text message about it, and why somebody sees it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta, tzinfo

from shared.attention.item import Item
from shared.attention.rules import Rules, Way
from shared.attention.urgency import in_words, urgency
from shared.ports import Data
from shared.runtime.work import UnitOfWork
from shared.settings import public_base
from shared.texting.frame_words import shortened

POST_LIMIT = 1_000
TEXT_LIMIT = 320
"""Two segments of a text message, four when a sign is outside of GSM-7's."""


def alert_text(work: UnitOfWork, item: Item, *, is_meant: bool) -> str:
    """`[High] A customer waits for an answer. (3 times) https://…`, for one person's phone.

    The document with the particulars may hold `alert_text`, words for a text message, and a page that opens
    by itself: `alert_url`, or `link_uuid`, a signed link of kind `alert`. They are too private for an event,
    and for a room. The page lets its holder decide, so who hears of a matter only because nobody took it
    (`is_meant` is False) signs in, and may do there what their role may.
    """
    found = work.get(item.detail) if item.detail else None
    particulars = found.data if found else {}
    own_page = _own_page(work, particulars) if is_meant else ""
    link = own_page or page_of(work, item)
    return _told(item, str(particulars.get("alert_text") or "") or item.summary, link, TEXT_LIMIT)


def post_text(work: UnitOfWork, item: Item) -> str:
    """The same for the staff's chat, where many read it: the summary, and the page one signs in to."""
    return _told(item, item.summary, page_of(work, item), POST_LIMIT)


def _told(item: Item, said: str, link: str, limit: int) -> str:
    times = f" ({item.count} times)" if item.count > 1 else ""
    climbed = "Nobody took it yet: " if item.level else ""
    head = f"[{'Safety' if item.safety else item.band.capitalize()}] {climbed}"
    room = limit - len(head) - len(times) - len(link) - 1
    return f"{head}{shortened(said, room)}{times} {link}"


def _own_page(work: UnitOfWork, particulars: Data) -> str:
    if uuid := particulars.get("link_uuid"):
        return f"{public_base(work.tenant.settings)}/alert/{uuid}"
    return str(particulars.get("alert_url") or "")


def page_of(work: UnitOfWork, item: Item) -> str:
    """Where a person looks at it: the page its request named, else its own."""
    return public_base(work.tenant.settings) + (item.link or f"/attention/{item.item_id}")


def names_in(work: UnitOfWork, item: Item) -> dict[str, str]:
    """The names of the colleagues its sentences speak of, by staff id."""
    told = {staff_id for one in item.told.values() for staff_id in one.to}
    ids = sorted(one for one in {*told, item.taken_by} if one and "/" not in one)
    found = work.get_many([f"staff/{staff_id}" for staff_id in ids])
    return {one.id: str(one.data.get("name") or one.id) for one in found if one is not None}


def why_seen(
    item: Item,
    rules: Rules,
    *,
    seen_by: Sequence[str],
    names: Mapping[str, str],
    now: datetime,
    zone: tzinfo,
) -> list[str]:
    """Sentences: whom it is for, what makes it urgent, what was done and what comes next. `seen_by` is the
    audience's words for who asks, e.g. `role:operator`; `names` are people's by staff id."""
    found = urgency(item, rules, now)
    parts = [f"{part.words} ({part.points:+.0f})" for part in found.parts]
    return [
        _for_whom(item, seen_by),
        f"{found.band.name.capitalize()}, {found.points:.0f} points: {'; '.join(parts)}.",
        *(_done(item, way, names, zone) for way in item.told),
        *_next(item, rules, names, now),
    ]


def _for_whom(item: Item, seen_by: Sequence[str]) -> str:
    named = [name for name in seen_by if name in item.audience]
    if not named:
        return "You may see every matter of the dealership."
    kind, _, who = named[0].partition(":")
    return (
        f"It is for the role {who}, which is yours." if kind == "role" else "It was brought to you by name."
    )


_WAYS = {
    "sms": "a text message",
    "plate": "a panel on the screen",
    "slack": "the staff's chat",
    "digest": "the daily digest",
}
_REASONS = {
    "quiet_hours": "everybody of this level is in quiet hours",
    "budget": "everybody of this level had the day's alerts already",
    "no_phone": "nobody of this level has a number to text",
    "no_session": "none of them has a conversation on a screen",
    "no_staff": "nobody of this level works here",
    "digest": "it can wait for it",
    "not_delivered": "it did not arrive",
    "told_already": "everybody of this level was texted about it before",
}


def _done(item: Item, way: Way, names: Mapping[str, str], zone: tzinfo) -> str:
    told = item.told[way]
    at = f"{told.at.astimezone(zone):%b %-d, %H:%M}"
    who = f" to {', '.join(names.get(one, one) for one in told.to)}" if told.to else ""
    if told.outcome == "sent":
        return f"Level {item.level + 1}, {at}: {_WAYS[way]}{who}."
    reason = _REASONS[told.reason]
    if told.outcome == "nobody":
        return f"Level {item.level + 1}, {at}: {_WAYS[way]} to nobody, for {reason}."
    until = f" until {told.until.astimezone(zone):%b %-d, %H:%M}" if told.until else ""
    return f"Level {item.level + 1}, {at}: {_WAYS[way]} held back{until}, for {reason}."


def _next(item: Item, rules: Rules, names: Mapping[str, str], now: datetime) -> list[str]:
    by = names.get(item.taken_by, item.taken_by)
    if item.state == "acknowledged":
        return [f"Taken by {by}; it climbs no further."]
    if item.state == "snoozed" and item.next_at:
        return [f"Put off by {by}; it comes back in {in_words(item.next_at - now)}."]
    if item.state == "resolved":
        return [f"Settled by {by}."]
    if item.escalate_at is None:
        return []
    rung = rules.ladder[min(item.level + 1, len(rules.ladder) - 1)]
    whom = "another of those it is for" if rung.addressed else " and ".join(rung.roles)
    left = max(timedelta(0), item.escalate_at - now)
    return [f"Nobody took it yet; in {in_words(left)} it goes to {whom}."]
