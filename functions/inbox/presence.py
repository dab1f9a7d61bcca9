"""Who is there: what colleagues say of themselves, and how many customers wait for each."""

from __future__ import annotations

from functions.inbox.requests import PresenceSaid, PresenceView, Team
from shared.domain.record import document_path
from shared.errors import Forbidden, InvalidInput
from shared.inbox.rules import DEPARTMENTS, read_rules
from shared.inbox.staffing import presence_path, team
from shared.runtime.auth import Caller
from shared.runtime.work import UnitOfWork

FOR_OTHERS = frozenset({"ceo", "operator"})


def say_presence(work: UnitOfWork, said: PresenceSaid, caller: Caller) -> PresenceView:
    """Raises `Forbidden` for another's presence, `InvalidInput` for nobody's."""
    own = caller.id.removeprefix("users/")
    staff_id = said.staff_id or own
    if staff_id != own and not FOR_OTHERS & set(caller.roles):
        raise Forbidden("what another colleague does is theirs to say")
    member = work.get(document_path("staff", staff_id))
    if member is None:
        raise InvalidInput(f"staff_id: nobody called [{staff_id}] works here")
    presence = {**said.model_dump(exclude={"staff_id"}), "staff_id": staff_id, "updated_at": work.now}
    work.put(presence_path(staff_id), presence)
    work.audit("presence.said", subject=presence_path(staff_id), detail={"state": said.state})
    return PresenceView(
        staff_id=staff_id,
        name=member.data.get("name") or staff_id,
        role=member.data.get("role") or "",
        state=said.state,
        until=said.until,
        is_present=said.state == "available" or (said.until is not None and work.now >= said.until),
        waiting=0,
    )


def show_team(work: UnitOfWork) -> Team:
    """Everybody who answers customers, each once."""
    rules = read_rules(work)
    found = {one.staff_id: one for name in DEPARTMENTS for one in team(work, name, rules)}
    presences = work.get_many([presence_path(one) for one in found]) if found else []
    said = {one.data["staff_id"]: one.data for one in presences if one}
    return Team(
        colleagues=[
            PresenceView(
                staff_id=one.staff_id,
                name=one.name,
                role=one.role,
                state=said.get(one.staff_id, {}).get("state", "available"),
                until=said.get(one.staff_id, {}).get("until"),
                is_present=one.is_present,
                waiting=one.waiting,
            )
            for one in found.values()
        ]
    )
