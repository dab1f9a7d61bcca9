"""A red item that was declined or put off comes back on its day, unless it was seen to meanwhile."""

from __future__ import annotations

from shared.domain.twin_flags import area, flag_path
from shared.events.conversation import AttentionRequested
from shared.ports import Data, Document
from shared.runtime.work import UnitOfWork

_SEEN_TO = frozenset({"approved", "repaired", "dismissed"})


def follow_up(work: UnitOfWork, document: Document) -> None:
    refusal = document.data
    found = work.get_many([flag_path(flag_id) for flag_id in refusal["flag_ids"]])
    left = [flag.data for flag in found if flag is not None and flag.data["state"] not in _SEEN_TO]
    state = "due" if left else "resolved"
    work.put(document.path, {**refusal, "state": state, "next_step_at": None, "followed_up_at": work.now})
    work.audit(f"refusal.{state}", subject=document.path, detail={"quote": refusal["quote_id"]})
    if left:
        _ask(work, document.path, refusal, left)


def _ask(work: UnitOfWork, path: str, refusal: Data, left: list[Data]) -> None:
    order = f" ({refusal['repair_order']})" if refusal["repair_order"] else ""
    what = "; ".join(sorted(area(flag) for flag in left))
    word = "declined" if refusal["decision"] == "decline" else "put off"
    work.emit(
        AttentionRequested(
            subject=path,
            kind="informed_refusal",
            summary=f"Follow up today{order}: a red item was {word}, {what}",
            urgency="high",
            roles=("advisor",),
            staff_ids=tuple(filter(None, (refusal["advisor_staff_id"],))),
            safety=True,
            due_at=refusal["follow_up_at"],
            link=f"/quotes/{refusal['quote_id']}",
            detail=path,
        )
    )
