"""What is to be said in the staff's chat is said once."""

from __future__ import annotations

from typing import Any

from shared.errors import EffectUnknown, Misconfigured, Rejected
from shared.events.attention import StaffPostRequested
from shared.observability import log
from shared.ports import Data
from shared.posting.request import post_path
from shared.runtime.effects import Effects
from shared.runtime.entry import entry_point
from shared.runtime.work import UnitOfWork


def post_once(event: StaffPostRequested, work: UnitOfWork) -> None:
    """Posts unless it was posted. Retried with back-off while the chat is away; a channel nobody set up and a
    refusal are written down and end it: the same matter stands in the list and on the screens."""
    post = work.require(post_path(event.post_id)).data
    if post["state"] != "requested":
        return
    try:
        result = Effects(work.tenant).perform(f"post:{event.post_id}", lambda: _say(work, post))
    except EffectUnknown:
        _record(work, post, "unknown", "nobody_can_tell")  # the sweeper has a person decide
    except Rejected as error:
        log("WARNING", "a post was not taken", error=type(error).__name__)
        _record(work, post, "failed", type(error).__name__)
    else:
        _record(work, post, "sent", provider_id=result["provider_id"])


def give_up(event: StaffPostRequested, work: UnitOfWork) -> None:
    """After the last failed attempt: the record says so, and no later delivery posts what is stale."""
    post = work.require(post_path(event.post_id)).data
    if post["state"] == "requested":
        _record(work, post, "failed", "given_up")


def _say(work: UnitOfWork, post: Data) -> dict[str, Any]:
    """What the provider answered. A channel that is not set up was surely not posted to, so nobody has to be
    asked about it: it counts as refused."""
    try:
        chat = work.tenant.staff_chat
        sent = chat.post(channel=post["channel"], text=post["text"], key=post["post_id"])
    except Misconfigured as error:
        raise Rejected(str(error)) from error
    return {"provider_id": sent.provider_id}


def _record(work: UnitOfWork, post: Data, state: str, reason: str = "", **more: Any) -> None:
    changes = {"state": state, "reason": reason, "updated_at": work.now, **more}
    work.put(post_path(post["post_id"]), {**post, **changes})
    outcome = "failed" if state == "failed" else "ok"
    detail = {"state": state, "reason": reason}
    work.audit("staff_post.settled", subject=post_path(post["post_id"]), outcome=outcome, detail=detail)


staff_poster = entry_point(__file__, post_once, give_up)
