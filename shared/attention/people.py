"""The people a matter may be brought to, with what decides whether they can be texted now."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from shared.attention.day import local_day, zone_of
from shared.attention.item import Item, addressed_roles
from shared.attention.rules import Quiet, Rules
from shared.domain.record import document_path
from shared.ports import Data, Document, Query
from shared.runtime.work import UnitOfWork

BUDGET_KEPT = timedelta(days=14)


@dataclass(frozen=True)
class Person:
    """`quiet` are hours the person stated, None when the house's hold. `rank` 0: named by the request itself.
    `texts_today` counts alerts of the dealership's day."""

    staff_id: str
    role: str
    phone: str
    rank: int = 1
    is_present: bool = False
    is_off: bool = False
    quiet: Quiet | None = None
    texts_per_day: int = 0
    texts_today: int = 0


def people_at(work: UnitOfWork, item: Item, rules: Rules) -> list[Person]:
    """Those of the item's level who work here; nobody does: those of the fallback roles, else those it was
    meant for in the first place."""
    rung = rules.ladder[min(item.level, len(rules.ladder) - 1)]
    if rung.addressed:
        members = _addressed(work, item, rules) or _of_roles(work, rules.fallback_roles, rules)
    else:
        members = _of_roles(work, rung.roles, rules) or _of_roles(work, rules.fallback_roles, rules)
        members = members or _addressed(work, item, rules)
    return _persons(work, members, frozenset(item.staff_ids), rules)


def _addressed(work: UnitOfWork, item: Item, rules: Rules) -> list[Document]:
    named = _named(work, item.staff_ids)
    known = {member.path for member in named}
    others = _of_roles(work, addressed_roles(item, rules), rules)
    return [*named, *(member for member in others if member.path not in known)]


def _named(work: UnitOfWork, staff_ids: Sequence[str]) -> list[Document]:
    paths = [document_path("staff", staff_id) for staff_id in staff_ids]
    found = work.get_many(paths) if paths else []
    return [member for member in found if member is not None and member.data.get("active", True)]


def _of_roles(work: UnitOfWork, roles: Iterable[str], rules: Rules) -> list[Document]:
    wanted = tuple(dict.fromkeys(roles))
    if not wanted:
        return []
    where = (("role", "in", wanted), ("active", "==", True))
    return work.query(Query("staff", where, limit=rules.people_at_once))


def _persons(
    work: UnitOfWork, members: Sequence[Document], named: frozenset[str], rules: Rules
) -> list[Person]:
    ids = [str(member.data["staff_id"]) for member in members]
    today = local_day(work.now, zone_of(work))
    paths = [
        path for one in ids for path in (preferences_path(one), presence_path(one), budget_path(one, today))
    ]
    found = work.get_many(paths) if paths else []
    about = [
        tuple(document.data if document else {} for document in found[at : at + 3])
        for at in range(0, len(found), 3)
    ]
    return [
        _person(
            member.data, *own, rank=0 if member.data["staff_id"] in named else 1, rules=rules, now=work.now
        )
        for member, own in zip(members, about, strict=True)
    ]


def _person(
    member: Data, preferences: Data, presence: Data, budget: Data, *, rank: int, rules: Rules, now: datetime
) -> Person:
    state = presence.get("state", "") if _holds(presence.get("until"), now) else ""
    return Person(
        staff_id=str(member["staff_id"]),
        role=str(member.get("role") or ""),
        phone=str(member.get("phone") or ""),
        rank=rank,
        is_present=state == "available",
        is_off=state == "off",
        quiet=stated_quiet(preferences),
        texts_per_day=preferences.get("texts_per_day", rules.texts_per_day),
        texts_today=budget.get("texts", 0),
    )


def _holds(until: Any, now: datetime) -> bool:
    return not isinstance(until, datetime) or now < until


def stated_quiet(preferences: Data) -> Quiet | None:
    """The quiet hours of a person's own preferences; the same time twice means none at all."""
    if not preferences.get("quiet_start"):
        return None
    return Quiet(
        start=time.fromisoformat(preferences["quiet_start"]), end=time.fromisoformat(preferences["quiet_end"])
    )


def preferences_path(staff_id: str) -> str:
    return document_path("attention_preferences", staff_id)


def presence_path(staff_id: str) -> str:
    return document_path("presence", staff_id)


def budget_path(staff_id: str, day: date) -> str:
    return document_path("attention_budgets", f"{staff_id}:{day.isoformat()}")


def spend_text(work: UnitOfWork, staff_id: str) -> None:
    """One more alert of the person's day. Read and written in one commit, so no two are the last."""
    day = local_day(work.now, zone_of(work))
    path = budget_path(staff_id, day)
    known = work.get(path)
    texts = (known.data["texts"] if known else 0) + 1
    counted = {"staff_id": staff_id, "day": day.isoformat(), "texts": texts}
    work.put(path, {**counted, "expires_at": work.now + BUDGET_KEPT})
