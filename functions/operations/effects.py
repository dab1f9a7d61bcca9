"""Outside effects whose end nobody knows: a person finds out and says so."""

from __future__ import annotations

from datetime import datetime

from pydantic import BaseModel

from shared.errors import AlreadyExists
from shared.ports import Query
from shared.runtime.work import UnitOfWork

SHOWN = 200


class OpenEffect(BaseModel):
    effect_id: str
    claimed_at: datetime


def open_effects(work: UnitOfWork) -> list[OpenEffect]:
    query = Query("effects", (("state", "==", "unknown"),), ("claimed_at",), SHOWN)
    return [
        OpenEffect(effect_id=effect.id, claimed_at=effect.data["claimed_at"]) for effect in work.query(query)
    ]


def decide(work: UnitOfWork, effect_id: str, *, happened: bool) -> None:
    """Records that it happened, or forgets the claim so that the next delivery performs it.

    Raises `NotFound`, or `AlreadyExists` when its end is known.
    """
    effect = work.require(f"effects/{effect_id}")
    if effect.data["state"] != "unknown":
        raise AlreadyExists(f"the end of the effect [{effect_id}] is known: {effect.data['state']}")
    if happened:
        result = {"decided_by": work.cause.auth_id}
        work.put(effect.path, {**effect.data, "state": "done", "result": result})
    else:
        work.delete(effect.path)
    work.audit("effect.decided", subject=effect.path, detail={"happened": happened})
