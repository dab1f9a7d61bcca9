"""What a person asked for appears on their screen, filled from queries and records."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from functions.plate_composer import crm, finance, health, inventory, logistics, out_of_scope, service
from functions.plate_composer.asked import Asked
from functions.plate_composer.follow_ups import follow_ups
from functions.plate_composer.plate import Plate
from functions.plate_composer.plate_kinds import PlateKind, kinds_by_intent, kinds_for
from functions.plate_composer.unheeded import unheeded
from shared.domain.session import Frame, answer, await_turn, owes_answer
from shared.errors import Rejected
from shared.events.conversation import Hop, IntentResolved, PlateMounted
from shared.memory.memory import live_of
from shared.memory.preferences import chosen, preference_path
from shared.observability import log
from shared.platform import Tenant
from shared.runtime.entry import entry_point
from shared.runtime.push import Delivery
from shared.runtime.work import UnitOfWork

COMPOSERS: Mapping[str, Callable[[Asked, Tenant], Plate]] = {
    "FINANCE_CHART": finance.compose,
    "INVENTORY_TABLE": inventory.compose,
    "SERVICE_BOARD": service.compose,
    "CRM_CARD": crm.compose,
    "LOGISTICS_MAP": logistics.compose,
    "SYSTEM_HEALTH_DASHBOARD": health.compose,
    "HELP": out_of_scope.compose,
}


def mount_plate(resolved: IntentResolved, delivery: Delivery, work: UnitOfWork) -> None:
    """Answers with a plate, or with words when there is none to give.

    Retried with back-off while an earlier message of the session is unanswered or a store is away; after
    the last attempt `apologise` answers.
    """
    started = time.perf_counter()
    _await_turn(resolved, work)
    kind = kinds_by_intent().get(resolved.intent)
    if kind is None:
        _refuse(work, resolved, f"I do not know how to show [{resolved.intent}].", "unknown_intent")
        return
    if not kind.is_for(resolved.roles):
        _refuse(work, resolved, _no_permission(kind, resolved.roles), "no_permission")
        return
    asked = _asked(resolved, kind, work)
    try:
        plate = COMPOSERS[kind.plate_id](asked, work.tenant)
    except Rejected as error:
        log("WARNING", "a plate cannot be composed", plate=kind.plate_id, error=type(error).__name__)
        _refuse(work, resolved, f"I cannot show {kind.name} for that; please ask in other words.", "rejected")
        return
    heeded = kind.narrows_by if plate.narrows_by is None else plate.narrows_by
    content = plate.noting(unheeded(asked, heeded)).noting(resolved.noted).content(work.now)
    content["follow_ups"] = follow_ups(kind.plate_id, plate.filters, said=resolved.text, roles=resolved.roles)
    content |= _recalled(resolved, work)
    _answer(work, resolved, {"type": "MOUNT_PLATE", "plate_id": kind.plate_id, **content})
    _tell(
        work, resolved, kind, rows=len(content["dataset"]), hops=_hops(resolved, delivery, work.now, started)
    )


def _asked(resolved: IntentResolved, kind: PlateKind, work: UnitOfWork) -> Asked:
    scope = work.tenant.scope(resolved.user_id)
    stated = work.get(preference_path(scope)) if kind.preferences else None
    own = stated.data if stated and scope.owns(stated.data) else None
    return Asked(
        resolved.entities,
        resolved.roles,
        work.now,
        work.tenant.zone,
        said=resolved.text,
        preferences=chosen(own, kind.preferences),
    )


def _recalled(resolved: IntentResolved, work: UnitOfWork) -> dict[str, Any]:
    """What the person once said that bears on the question: their words, never a record's."""
    scope = work.tenant.scope(resolved.user_id)
    memories = live_of(work.tenant, scope, resolved.recalled) if resolved.recalled else []
    shown = [
        {
            "memory_id": one.memory_id,
            "text": one.text,
            "stated_at": one.stated_at.isoformat(),
            "age_seconds": max(0, round((work.now - one.stated_at).total_seconds())),
        }
        for one in memories
    ]
    return {"recalled": shown} if shown else {}


def apologise(resolved: IntentResolved, work: UnitOfWork) -> None:
    """After the last failed attempt: nobody is left waiting, and an operator finds the message kept."""
    session = work.require(f"sessions/{resolved.session_id}").data
    if not owes_answer(session, "answered_seq", resolved.seq):
        return
    text = (
        "I could not get that just now. The question is kept, and an operator can see why; please try again."
    )
    _refuse(work, resolved, text, "given_up", final=False)


def _await_turn(resolved: IntentResolved, work: UnitOfWork) -> None:
    session = work.require(f"sessions/{resolved.session_id}").data
    await_turn(
        session,
        "answered_seq",
        resolved.seq,
        received_at=resolved.received_at,
        now=work.now,
        wait_seconds=work.tenant.settings.order_wait_seconds,
    )


def _answer(
    work: UnitOfWork, resolved: IntentResolved, frame: Mapping[str, Any], *, final: bool = True
) -> None:
    whole = Frame.model_validate({**frame, "message_id": resolved.message_id})
    answer(work, resolved.session_id, resolved.seq, whole, final=final)


def _refuse(
    work: UnitOfWork, resolved: IntentResolved, text: str, reason: str, *, final: bool = True
) -> None:
    _answer(work, resolved, {"type": "ERROR", "text": text, "reason": reason}, final=final)
    subject = f"sessions/{resolved.session_id}"
    work.audit("plate.refused", subject=subject, intent=resolved.intent, detail={"reason": reason})


def _no_permission(kind: PlateKind, roles: tuple[str, ...]) -> str:
    names = " and ".join([", ".join(kind.roles[:-1]), kind.roles[-1]] if len(kind.roles) > 1 else kind.roles)
    others = ", ".join(other.name for other in kinds_for(roles))
    offer = f" You can ask about {others}." if others else ""
    return f"You have no permission to see {kind.name}; {names} may.{offer}"


def _hops(resolved: IntentResolved, delivery: Delivery, now: datetime, started: float) -> tuple[Hop, ...]:
    published = delivery.published_at or now
    own = Hop(
        name="plate_composer",
        queued_ms=max(0.0, (now - published).total_seconds() * 1000),
        handled_ms=(time.perf_counter() - started) * 1000,
    )
    return (*resolved.hops, own)


def _tell(
    work: UnitOfWork, resolved: IntentResolved, kind: PlateKind, *, rows: int, hops: tuple[Hop, ...]
) -> None:
    """The ledger's row and the event say how long it took from the message's arrival."""
    waited = (work.now - resolved.received_at).total_seconds() * 1000
    latency = max(0.0, waited) + hops[-1].handled_ms
    about = resolved.model_dump(
        include={"session_id", "message_id", "seq", "user_id", "received_at", "intent"}
    )
    work.emit(PlateMounted(**about, plate_id=kind.plate_id, rows=rows, latency_ms=latency, hops=hops))
    work.audit(
        "plate.mounted",
        subject=f"sessions/{resolved.session_id}",
        intent=resolved.intent,
        latency_ms=latency,
        hops=[step for hop in hops for step in _ledger_hop(hop)],
        detail={"plate_id": kind.plate_id, "rows": rows},
    )


def _ledger_hop(hop: Hop) -> list[dict[str, object]]:
    """Its queue, its parts, and all of it."""
    parts = [{"hop": name, "ms": ms} for name, ms in hop.parts.items()]
    return [
        {"hop": f"{hop.name}_queue", "ms": hop.queued_ms},
        *parts,
        {"hop": hop.name, "ms": hop.handled_ms},
    ]


plate_composer = entry_point(__file__, mount_plate, apologise)
