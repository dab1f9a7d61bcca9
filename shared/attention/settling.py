"""What was settled where it stands is settled in everybody's list, too."""

from __future__ import annotations

from shared.attention.item import KEPT, from_document, item_id_of, roll_up_key
from shared.runtime.work import UnitOfWork


def settle(work: UnitOfWork, *, kind: str, subject: str, by: str, note: str, group: str = "") -> bool:
    """In the caller's commit; answers whether a matter was open. `by` is who did it, e.g. `users/ceo`."""
    key = roll_up_key(kind=kind, subject=subject, group=group)
    stored = work.get(f"attention_items/{item_id_of(key)}")
    item = from_document(stored.data) if stored else None
    if item is None or item.state == "resolved":
        return False
    after = item.with_(
        state="resolved",
        taken_by=by,
        taken_at=work.now,
        note=note or item.note,
        escalate_at=None,
        next_at=None,
        digest_at=None,
        expires_at=work.now + KEPT,
        updated_at=work.now,
    )
    work.put(item.path, after.to_document())
    waited = round((work.now - item.requested_at).total_seconds())
    told = {"kind": item.kind, "round": item.round, "level": item.level}
    detail = {**told, "waited_seconds": waited, "minutes": None}
    work.audit("attention.resolved", subject=item.path, detail=detail)
    return True
