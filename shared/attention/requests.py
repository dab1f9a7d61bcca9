"""A request for attention becomes a matter of its own or part of one that is open."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from shared.attention.item import Item, audience_of, item_id_of, roll_up_key
from shared.attention.rules import ASKED, Asked, Rules
from shared.attention.urgency import urgency
from shared.events.conversation import AttentionRequested
from shared.texting.frame_words import shortened

LONGEST_SUMMARY = 500
PEOPLE_NAMED = 50
"""More names than this in one matter are the whole house; the rest of them find it in the list."""


def taken_in(known: Item | None, request: AttentionRequested, rules: Rules, now: datetime) -> Item:
    """The matter with this request in it: new, begun anew after it was settled, or rolled up.

    One that somebody took or put off comes up again when it is more urgent than it was then, and with every
    request that tells of a danger: the one that was taken may have been another.
    """
    if known is None:
        return _new(request, rules, now)
    if known.state == "resolved":
        return _again(_new(request, rules, now).with_(decisions=known.decisions), known)
    merged = _merged(known, request, now)
    if known.state == "open":
        return merged
    band = urgency(merged, rules, now).band.name
    return _again(merged, known) if request.safety or rules.is_above(band, known.band) else merged


def _again(item: Item, known: Item) -> Item:
    """A new round: its levels begin at the first, so people are told again."""
    return begun_again(item.with_(round=known.round), item.updated_at)


def begun_again(item: Item, now: datetime) -> Item:
    return item.with_(
        state="open",
        round=item.round + 1,
        level=0,
        told={},
        told_people=[],
        escalate_at=None,
        next_at=None,
        digest_at=None,
        expires_at=None,
        updated_at=now,
    )


def _new(request: AttentionRequested, rules: Rules, now: datetime) -> Item:
    kind = rules.kind(request.kind)
    key = roll_up_key(kind=request.kind, subject=request.subject, group=request.group)
    due_at = request.due_at
    if due_at is None and kind.answer_minutes is not None:
        due_at = now + timedelta(minutes=kind.answer_minutes)
    roles = list(request.roles) or ([] if request.staff_ids else list(kind.roles))
    staff_ids = list(dict.fromkeys(request.staff_ids))[:PEOPLE_NAMED]
    return Item(
        item_id=item_id_of(key),
        key=key,
        kind=request.kind,
        subject=request.subject,
        summary=shortened(request.summary, LONGEST_SUMMARY),
        link=request.link,
        detail=request.detail,
        asked=_asked(request.urgency),
        value_usd=request.value_usd,
        safety=request.safety,
        due_at=due_at,
        requested_at=now,
        last_requested_at=now,
        roles=roles,
        staff_ids=staff_ids,
        audience=audience_of(roles, staff_ids),
        band=rules.bands[-1].name,
        updated_at=now,
    )


def _merged(item: Item, request: AttentionRequested, now: datetime) -> Item:
    """The most urgent of both in everything; the words and the link are the newest."""
    roles = _union(item.roles, request.roles)
    staff_ids = _union(item.staff_ids, request.staff_ids)[:PEOPLE_NAMED]
    changes: dict[str, Any] = {
        "summary": shortened(request.summary, LONGEST_SUMMARY),
        "link": request.link or item.link,
        "detail": request.detail or item.detail,
        "subject": request.subject,
        "asked": max(item.asked, _asked(request.urgency), key=ASKED.index),
        "value_usd": _most(item.value_usd, request.value_usd),
        "safety": item.safety or request.safety,
        "due_at": min(filter(None, [item.due_at, request.due_at]), default=None),
        "last_requested_at": now,
        "count": item.count + 1,
        "roles": roles,
        "staff_ids": staff_ids,
        "audience": _union(item.audience, audience_of(roles, staff_ids)),
        "updated_at": now,
    }
    return item.with_(**changes)


def _asked(word: str) -> Asked:
    """A word nobody knows counts as normal: a matter must not get lost over it."""
    return word if word in ASKED else "normal"


def _most(one: Decimal | None, other: Decimal | None) -> Decimal | None:
    known = [value for value in (one, other) if value is not None]
    return max(known, key=abs, default=None)


def _union(one: Iterable[str], other: Iterable[str]) -> list[str]:
    return list(dict.fromkeys([*one, *other]))
