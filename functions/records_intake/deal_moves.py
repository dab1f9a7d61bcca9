"""How far a deal has come is told to the ledger, with whose it is: from it one sees how long leads take."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from shared.domain.deal import Deal
from shared.domain.identity.block_keys import BlockKey
from shared.runtime.work import UnitOfWork

Stored = Mapping[str, Any]
PREFIX = f"{Deal.collection}/"


def tell_moves(work: UnitOfWork, changed: Mapping[str, Stored], stored: Mapping[str, Stored]) -> None:
    """A row for every deal that is new or in another stage. `person` is empty when nobody or more than one
    is known by the deal's e-mail or phone."""
    moved = {
        path: deal
        for path, deal in changed.items()
        if path.startswith(PREFIX) and stored.get(path, {}).get("stage") != deal["stage"]
    }
    people = _people(work, moved)
    for path, deal in moved.items():
        detail = {"stage": deal["stage"], "from": stored.get(path, {}).get("stage"), "person": people[path]}
        work.audit("deal.moved", subject=path, detail=detail)


def _people(work: UnitOfWork, deals: Mapping[str, Stored]) -> dict[str, str]:
    """Whose each deal is, in one batched read: as the sender says, else by e-mail, else by phone."""
    keys = {path: _keys(deal) for path, deal in deals.items()}
    wanted = list(dict.fromkeys(key.path for own in keys.values() for key in own))
    found = zip(wanted, work.get_many(wanted), strict=True) if wanted else iter(())
    holders = {path: list(document.data["ids"]) if document else [] for path, document in found}
    return {
        path: str(deal.get("master_person_id") or "")
        or next((ids[0] for key in keys[path] if len(ids := holders[key.path]) == 1), "")
        for path, deal in deals.items()
    }


def _keys(deal: Stored) -> list[BlockKey]:
    if deal.get("master_person_id"):
        return []
    said = (("email", deal.get("customer_email")), ("phone", deal.get("customer_phone")))
    return [BlockKey(kind, value) for kind, value in said if value]
