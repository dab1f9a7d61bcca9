"""Once a day each person hears in one message what is still open for them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from shared.attention.day import local_day, next_moment, quiet_until, zone_of
from shared.attention.item import KEPT, Item, from_document
from shared.attention.people import Person, people_at
from shared.attention.rules import Rules
from shared.domain.record import document_path
from shared.ports import Query
from shared.runtime.work import UnitOfWork
from shared.settings import public_base
from shared.texting.frame_words import LIMIT, shortened
from shared.texting.request import Purpose, Recipient, request_text

AT_ONCE = 300
DIGEST_KEPT = timedelta(days=90)

Told = tuple[Person, list[Item]]


def tell_digests(work: UnitOfWork, rules: Rules) -> int:
    """How many people got theirs. Every open matter is in it day after day until somebody settles it; of one
    whose kind says that being told is all, the digest is the end."""
    query = Query("attention_items", (("digest_at", "<=", work.now),), ("digest_at",), AT_ONCE)
    items = [from_document(document.data) for document in work.query(query)]
    # A matter of this minute's other looks is as they left it.
    items = [from_document(work.require(item.path).data) for item in items]
    by_person: dict[str, Told] = {}
    for item in items:
        people = [one for one in _people(work, item, rules) if one.phone]
        postponed = [until for one in people if (until := _quiet(work, one, rules))]
        for person in people:
            if not _quiet(work, person, rules) and not _has_had(work, person.staff_id):
                by_person.setdefault(person.staff_id, (person, []))[1].append(item)
        _move(work, item, rules, min(postponed, default=None))
    for person, mine in by_person.values():
        _tell(work, person, mine, rules)
    return len(by_person)


def _people(work: UnitOfWork, item: Item, rules: Rules) -> list[Person]:
    """Who took it hears of it alone; what is open concerns those it was meant for and those of its level."""
    if item.state not in ("acknowledged", "open"):
        return []
    levels = [item.with_(level=0), item] if item.level else [item]
    if item.state == "acknowledged":
        levels = [item.with_(level=0, staff_ids=[item.taken_by], roles=[])]
    people = {one.staff_id: one for level in levels for one in people_at(work, level, rules)}
    return [one for one in people.values() if item.state == "open" or one.staff_id == item.taken_by]


def _quiet(work: UnitOfWork, person: Person, rules: Rules) -> datetime | None:
    return quiet_until(work.now, person.quiet or rules.quiet_hours, zone_of(work))


def _has_had(work: UnitOfWork, staff_id: str) -> bool:
    return work.get(_path(work, staff_id)) is not None


def _path(work: UnitOfWork, staff_id: str) -> str:
    day = local_day(work.now, zone_of(work)).isoformat()
    return document_path("attention_digests", f"{staff_id}:{day}")


def _move(work: UnitOfWork, item: Item, rules: Rules, postponed: datetime | None) -> None:
    """To the end of the first quiet hours, else to the next day; a settled one is in no digest."""
    if item.state == "resolved":
        changes: Mapping[str, Any] = {"digest_at": None}
    elif postponed is None and _is_done_with(item, rules):
        settled = {"state": "resolved", "taken_by": "digest", "taken_at": work.now, "next_at": None}
        changes = {**settled, "digest_at": None, "escalate_at": None, "expires_at": work.now + KEPT}
        work.audit("attention.ended", subject=item.path, detail={"kind": item.kind, "by": "digest"})
    else:
        changes = {"digest_at": postponed or next_moment(work.now, rules.digest.at, zone_of(work))}
    work.put(item.path, item.with_(**changes, updated_at=work.now).to_document())


def _is_done_with(item: Item, rules: Rules) -> bool:
    """Only what could wait for the digest: the same kind may also tell of something wrong."""
    is_low = item.band == rules.bands[-1].name
    return item.state == "open" and is_low and rules.kind(item.kind).told_is_done


def _tell(work: UnitOfWork, person: Person, items: list[Item], rules: Rules) -> None:
    path = _path(work, person.staff_id)
    ids = [item.item_id for item in items]
    work.create(path, {"items": ids, "told_at": work.now, "expires_at": work.now + DIGEST_KEPT})
    day = local_day(work.now, zone_of(work)).isoformat()
    request_text(
        work,
        to=Recipient(person.phone, staff_id=person.staff_id),
        purpose=Purpose.STAFF_ALERT,
        body=digest_text(items, rules, page=f"{public_base(work.tenant.settings)}/attention"),
        key=f"attention-digest:{person.staff_id}:{day}",
    )
    detail = {"way": "digest", "to": [person.staff_id], "items": len(items)}
    work.audit("attention.digest_sent", subject=path, detail=detail)


def digest_text(items: list[Item], rules: Rules, *, page: str) -> str:
    """`3 matters are open: (1) …; (2) … https://…`, the most urgent first."""
    first = sorted(items, key=lambda item: (-item.points, item.requested_at))[: rules.digest.lines]
    head = f"{len(items)} matter{' is' if len(items) == 1 else 's are'} open: "
    more = f" (+{len(items) - len(first)} more)" if len(items) > len(first) else ""
    room = (LIMIT - len(head) - len(more) - len(page) - 1) // max(1, len(first)) - 6
    lines = "; ".join(f"({number}) {shortened(item.summary, room)}" for number, item in enumerate(first, 1))
    return f"{head}{lines}{more} {page}"
