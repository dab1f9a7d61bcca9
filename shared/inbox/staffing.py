"""Who of the staff answers: present, of the department, with the fewest customers waiting."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Self

from shared.domain.record import document_path
from shared.inbox.rules import Department, InboxRules
from shared.ports import Data, Query
from shared.runtime.work import UnitOfWork

MOST_STAFF = 300
MOST_COUNTED = 120
"""Waiting conversations looked at to see who has how many; ids are random, so of more it is a fair sample."""
AT_ONCE = 30
"""Firestore takes 30 values of an `in` query."""


@dataclass(frozen=True)
class Colleague:
    """`is_present` unless they said otherwise. `waiting`: customers who wait for an answer of theirs.

    `slack_channel` is where they want to hear of texts instead of by SMS.
    """

    staff_id: str
    name: str
    role: str
    phone: str = ""
    departments: tuple[str, ...] = ()
    is_active: bool = True
    is_present: bool = True
    is_on_duty: bool = False
    """Said to be there until a time to come: texts reach them at any hour."""
    slack_channel: str = ""
    waiting: int = 0

    @classmethod
    def of(cls, member: Data, presence: Data | None, now: datetime) -> Self:
        said = presence or {}
        return cls(
            staff_id=member["staff_id"],
            name=member.get("name") or member["staff_id"],
            role=member.get("role") or "",
            phone=member.get("phone") or "",
            departments=tuple(member.get("departments") or ()),
            is_active=bool(member.get("active", True)),
            is_present=is_present(said, now),
            is_on_duty=said.get("state") == "available" and (said.get("until") or now) > now,
            slack_channel=said.get("slack_channel") or "" if said.get("notify") == "slack" else "",
        )


def presence_path(staff_id: str) -> str:
    """`{state: available|away|off, until, notify: sms|slack, slack_channel}`."""
    return document_path("presence", staff_id)


def is_present(presence: Mapping[str, Any], now: datetime) -> bool:
    """Who said nothing is there; what somebody said holds until the time they said."""
    until = presence.get("until")
    return presence.get("state", "available") == "available" or (until is not None and now >= until)


def colleague(work: UnitOfWork, staff_id: str) -> Colleague | None:
    """Somebody who works here, None for anybody else."""
    if not staff_id:
        return None
    member, presence = work.get_many([document_path("staff", staff_id), presence_path(staff_id)])
    if member is None or not member.data.get("active", True):
        return None
    return Colleague.of(member.data, presence.data if presence else None, work.now)


def team(work: UnitOfWork, department: Department, rules: InboxRules) -> list[Colleague]:
    """Everybody who can answer for the department, with their load; those of the fallback roles when nobody
    else works here."""
    found = work.query(Query("staff", (("active", "==", True),), limit=MOST_STAFF))
    members = _of_department([one.data for one in found], department, rules)
    presences = work.get_many([presence_path(one["staff_id"]) for one in members]) if members else []
    colleagues = [
        Colleague.of(member, said.data if said else None, work.now)
        for member, said in zip(members, presences, strict=True)
    ]
    waiting = _waiting(work, [one.staff_id for one in colleagues if one.is_present])
    return [replace(one, waiting=waiting[one.staff_id]) for one in colleagues]


def _of_department(members: Sequence[Data], department: Department, rules: InboxRules) -> list[Data]:
    """Those of the roles whose record names the department; else all of the roles."""
    roles = rules.departments[department].roles
    answering = [one for one in members if one.get("role") in roles]
    named = [one for one in answering if department in (one.get("departments") or ())]
    return named or answering or [one for one in members if one.get("role") in rules.fallback_roles]


def _waiting(work: UnitOfWork, staff_ids: Sequence[str]) -> Counter[str]:
    counted: Counter[str] = Counter()
    for start in range(0, len(staff_ids), AT_ONCE):
        some = tuple(staff_ids[start : start + AT_ONCE])
        where = (("state", "==", "open"), ("assigned_staff_id", "in", some))
        found = work.query(Query("threads", where, limit=MOST_COUNTED))
        counted.update(str(one.data["assigned_staff_id"]) for one in found)
    return counted


def best(colleagues: Iterable[Colleague], *, thread_id: str, but: Collection[str] = ()) -> Colleague | None:
    """The present one with the fewest waiting customers; of equals not always the same one."""
    able = [one for one in colleagues if one.is_present and one.is_active and one.staff_id not in but]
    return min(able, key=lambda one: (one.waiting, _lot(thread_id, one.staff_id)), default=None)


def _lot(thread_id: str, staff_id: str) -> str:
    return hashlib.sha256(f"{thread_id}|{staff_id}".encode()).hexdigest()


def responsible(
    work: UnitOfWork, *, wanted: str, department: Department, thread_id: str, rules: InboxRules
) -> Colleague | None:
    """`wanted` when they are there, else the best present one, else `wanted`, else anybody of the department:
    a conversation nobody has is the one nobody answers."""
    known = colleague(work, wanted)
    if known is not None and known.is_present:
        return known
    others = team(work, department, rules)
    return best(others, thread_id=thread_id) or known or next(iter(others), None)
