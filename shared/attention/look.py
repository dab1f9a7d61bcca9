"""One look at an open matter: decide, carry the decisions out and write them down, all in one commit."""

from __future__ import annotations

from typing import Any

from shared.attention.day import zone_of
from shared.attention.frames import show_frame
from shared.attention.item import KEPT, Item, Told, addressed_roles
from shared.attention.people import Person, people_at, spend_text
from shared.attention.plan import Act, Plan, is_anything_to_do, on_its_level, plan
from shared.attention.rules import Rules
from shared.attention.urgency import urgency
from shared.attention.words import alert_text, post_text
from shared.posting.request import request_post
from shared.runtime.work import UnitOfWork
from shared.texting.request import Purpose, Recipient, request_text


def look_at(work: UnitOfWork, item: Item, rules: Rules) -> Item:
    """The matter as it stands now, written to the work. Only an open one is brought to people."""
    if item.state == "open":
        item = _brought(work, on_its_level(item, rules, work.now), rules)
    work.put(item.path, item.to_document())
    return item


def _brought(work: UnitOfWork, item: Item, rules: Rules) -> Item:
    people = people_at(work, item, rules) if is_anything_to_do(item, rules, work.now) else []
    found = plan(item, people, rules, now=work.now, zone=zone_of(work))
    after = found.item.with_(updated_at=work.now)
    for act in found.acts:
        done = Act(act.way, _carried_out(work, after, act, people, rules))
        after = after.with_(told={**after.told, act.way: done.told}, decisions=after.decisions + 1)
        _write_down(work, after, done, found)
    return after.with_(audience=_seeing(after, people))


def _seeing(item: Item, people: list[Person]) -> list[str]:
    """Whoever was brought into it finds it in the list from then on."""
    told = {staff_id for told in item.told.values() for staff_id in told.to}
    roles = {person.role for person in people if person.role}
    more = [*(f"role:{role}" for role in sorted(roles)), *(f"staff:{one}" for one in sorted(told))]
    return list(dict.fromkeys([*item.audience, *more]))


def _carried_out(work: UnitOfWork, item: Item, act: Act, people: list[Person], rules: Rules) -> Told:
    """What came of it: a panel reaches those alone who have a conversation on a screen."""
    if act.told.outcome != "sent":
        return act.told
    if act.way == "plate":
        seen = [staff_id for staff_id in act.told.to if show_frame(work, staff_id, item, rules)]
        changes = {"to": seen} if seen else {"to": [], "outcome": "nobody", "reason": "no_session"}
        return act.told.model_copy(update=changes)
    if act.way == "sms":
        _text(work, item, next(person for person in people if person.staff_id == act.told.to[0]), rules)
    elif act.way == "slack":
        request_post(
            work,
            channel=rules.slack.channel_for(item.roles),
            text=post_text(work, item),
            key=f"{_key(item)}:slack",
        )
    return act.told


def _text(work: UnitOfWork, item: Item, person: Person, rules: Rules) -> None:
    is_meant = person.staff_id in item.staff_ids or person.role in addressed_roles(item, rules)
    spend_text(work, person.staff_id)
    request_text(
        work,
        to=Recipient(person.phone, staff_id=person.staff_id),
        purpose=Purpose.STAFF_ALERT,
        body=alert_text(work, item, is_meant=is_meant),
        # Without the person: whoever it went to, this level of this round has had its text.
        key=_key(item),
    )


def _key(item: Item) -> str:
    return f"attention:{item.item_id}:{item.round}:{item.level}"


def _write_down(work: UnitOfWork, item: Item, act: Act, found: Plan) -> None:
    decision: dict[str, Any] = {
        "number": item.decisions,
        "round": item.round,
        "level": item.level,
        "way": act.way,
        "outcome": act.told.outcome,
        "to": act.told.to,
        "reason": act.told.reason,
        "until": act.told.until,
        "band": found.urgency.band.name,
        "points": found.urgency.points,
        "parts": [
            {"name": p.name, "points": round(p.points, 2), "words": p.words} for p in found.urgency.parts
        ],
    }
    path = f"{item.path}/decisions/{item.decisions:06d}"
    work.put(path, {**decision, "at": work.now, "expires_at": work.now + KEPT})
    kept = ("round", "level", "way", "outcome", "to", "reason", "band", "points")
    detail = {"kind": item.kind, **{name: decision[name] for name in kept}}
    work.audit("attention.decided", subject=item.path, detail=detail)


def not_delivered(work: UnitOfWork, item: Item, rules: Rules, *, round_: int, level: int) -> None:
    """The alert of this round and level did not arrive: an open matter climbs at once. Of an earlier level
    or a matter somebody took nothing follows."""
    text = item.told.get("sms")
    if item.state != "open" or (item.round, item.level) != (round_, level) or text is None:
        return
    failed = text.model_copy(update={"outcome": "nobody", "reason": "not_delivered"})
    is_last = item.level >= len(rules.ladder) - 1
    whom = [name for one in text.to if (name := f"staff:{one}") not in item.avoids]
    after = item.with_(
        told={**item.told, "sms": failed},
        avoids=[*item.avoids, *whom],
        escalate_at=None if is_last else work.now,
        decisions=item.decisions + 1,
    )
    found = Plan(after, (), urgency(after, rules, work.now))
    _write_down(work, after, Act("sms", failed), found)
    look_at(work, after, rules)
