"""What is open for somebody is seen, taken, put off and settled by them."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated

from pydantic import BaseModel, Field

from functions.attention.preferences import Preferences, PreferencesView, kept, view_of_preferences
from functions.attention.seeing import names_of, require_matter, visible
from functions.attention.views import Matter, Matters, MatterWithHistory, history_of, view_of
from shared.attention.item import KEPT, Item, State
from shared.attention.rules import attention_rules
from shared.domain.chat_message import user_id
from shared.errors import InvalidInput
from shared.runtime.auth import Caller
from shared.runtime.entry import entry_point
from shared.runtime.inject import QueryModel
from shared.runtime.work import UnitOfWork


class Shown(QueryModel):
    """`everybody`: also what is open for others, for those who answer for the whole house."""

    state: State = "open"
    everybody: bool = False
    limit: Annotated[int, Field(ge=1, le=200)] = 50


class Note(BaseModel):
    note: Annotated[str, Field(max_length=500)] = ""


class PutOff(BaseModel):
    minutes: Annotated[int, Field(ge=1, le=7 * 24 * 60)]
    note: Annotated[str, Field(max_length=500)] = ""


def list_matters(query: Shown, work: UnitOfWork, caller: Caller) -> Matters:
    """The most urgent first, by their urgency now."""
    items, is_whole = visible(work, caller, state=query.state, everybody=query.everybody)
    shown = [view_of(work, item, names_of(caller)) for item in items]
    shown.sort(key=lambda one: (-one.points, one.requested_at))
    truncated = len(shown) > query.limit or not is_whole
    return Matters(items=shown[: query.limit], total=len(shown), truncated=truncated, as_of=work.now)


def show_matter(item_id: str, work: UnitOfWork, caller: Caller) -> MatterWithHistory:
    """With every request that was rolled up in it and every decision about it, the newest 100 of each."""
    return history_of(work, require_matter(work, caller, item_id), names_of(caller))


def acknowledge(item_id: str, note: Note, work: UnitOfWork, caller: Caller) -> Matter:
    """It stays on the list until it is settled. Done twice it changes nothing."""
    item = require_matter(work, caller, item_id)
    if item.state in ("open", "snoozed"):
        item = _changed(work, item, caller, "acknowledged", note.note)
    return view_of(work, item, names_of(caller))


def resolve(item_id: str, note: Note, work: UnitOfWork, caller: Caller) -> Matter:
    """A new request about it makes it open again. Done twice it changes nothing."""
    item = require_matter(work, caller, item_id)
    if item.state != "resolved":
        item = _changed(work, item, caller, "resolved", note.note)
    return view_of(work, item, names_of(caller))


def snooze(item_id: str, put_off: PutOff, work: UnitOfWork, caller: Caller) -> Matter:
    """It comes back when the time is over, or sooner when it becomes more urgent. Raises `InvalidInput` for
    a settled one and for longer than the rules allow."""
    item, rules = require_matter(work, caller, item_id), attention_rules()
    hours = rules.longest_safety_snooze_hours if item.safety else rules.longest_snooze_hours
    if put_off.minutes > hours * 60:
        raise InvalidInput(
            f"minutes is [{put_off.minutes}]; this matter can be put off by [{hours}] hours at most"
        )
    if item.state == "resolved":
        raise InvalidInput(f"[{item_id}] is settled already")
    item = _changed(work, item, caller, "snoozed", put_off.note, minutes=put_off.minutes)
    return view_of(work, item, names_of(caller))


def _changed(
    work: UnitOfWork, item: Item, caller: Caller, state: State, note: str, *, minutes: int | None = None
) -> Item:
    """Whatever was under way towards people ends with it."""
    back_at = None if minutes is None else work.now + timedelta(minutes=minutes)
    after = item.with_(
        state=state,
        taken_by=user_id(caller),
        taken_at=work.now,
        note=note or item.note,
        escalate_at=None,
        next_at=back_at,
        digest_at=None if state == "resolved" else item.digest_at,
        expires_at=work.now + KEPT if state == "resolved" else None,
        updated_at=work.now,
    )
    work.put(item.path, after.to_document())
    waited = (work.now - item.requested_at).total_seconds()
    told = {"kind": item.kind, "round": item.round, "level": item.level}
    detail = {**told, "waited_seconds": round(waited), "minutes": minutes}
    work.audit(f"attention.{state}", subject=item.path, detail=detail)
    return after


def show_preferences(work: UnitOfWork, caller: Caller) -> PreferencesView:
    """What holds for the person who asks."""
    return view_of_preferences(work, user_id(caller))


def set_preferences(wanted: Preferences, work: UnitOfWork, caller: Caller) -> PreferencesView:
    """Safety goes out in spite of them."""
    kept(work, user_id(caller), wanted)
    return view_of_preferences(work, user_id(caller))


attention = entry_point(
    __file__,
    list_matters,
    show_matter,
    acknowledge,
    resolve,
    snooze,
    show_preferences,
    set_preferences,
)
