"""Asking for a post in the staff's chat: one door, one post per cause."""

from __future__ import annotations

import uuid

from shared.events.attention import StaffPostRequested
from shared.events.base import EVENT_NAMESPACE
from shared.runtime.work import UnitOfWork


def post_path(post_id: str) -> str:
    return f"staff_posts/{post_id}"


def request_post(work: UnitOfWork, *, channel: str, text: str, key: str) -> str:
    """The post's id. It is asked for in the caller's commit; the same `key` asks once.

    `staff_posts/{post_id}` then says what became of it: requested, sent, failed, unknown.
    """
    post_id = uuid.uuid5(EVENT_NAMESPACE, f"{work.tenant.tenant_id}|post|{key}").hex
    if work.get(post_path(post_id)) is not None:
        return post_id
    post = {
        "post_id": post_id,
        "channel": channel,
        "text": text,
        "key": key,
        "state": "requested",
        "reason": "",
    }
    about = {"requested_by": work.cause.function, "requested_at": work.now, "updated_at": work.now}
    work.create(post_path(post_id), {**post, **about})
    work.emit(StaffPostRequested(post_id=post_id))
    return post_id
