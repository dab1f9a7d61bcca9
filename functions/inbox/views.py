"""Conversations as a screen shows them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from functions.inbox.requests import FileView, MessageView, Page, ThreadView, WholeThread
from shared.domain.consent import consent_of, consent_path
from shared.errors import NotFound
from shared.inbox.messages import Message, newest, whole
from shared.inbox.thread import Thread, inbound_path, thread_path
from shared.runtime.work import UnitOfWork
from shared.texting.request import text_path


def read_thread(work: UnitOfWork, thread_id: str) -> Thread:
    """Raises `NotFound`."""
    found = work.get(thread_path(thread_id))
    if found is None:
        raise NotFound(f"there is no conversation [{thread_id}]")
    return Thread.from_data(found.data)


def going_on(work: UnitOfWork, thread_id: str) -> Thread:
    """The conversation an id stands for today, through every merge. Raises `NotFound`."""
    thread = read_thread(work, thread_id)
    while thread.merged_into:
        thread = read_thread(work, thread.merged_into)
    return thread


def views(work: UnitOfWork, threads: Sequence[Thread]) -> list[ThreadView]:
    """Names and refusals are read in two batches, however many conversations there are."""
    people = work.get_many([f"persons/{one.person_id or 'nobody'}" for one in threads]) if threads else []
    consents = work.get_many([consent_path(one.phone) for one in threads]) if threads else []
    return [
        _view(
            thread,
            str(person.data.get("name") or "") if person else "",
            is_blocked=consent_of(thread.phone, said.data if said else None).of("service") == "denied",
        )
        for thread, person, said in zip(threads, people, consents, strict=True)
    ]


def _view(thread: Thread, name: str, *, is_blocked: bool) -> ThreadView:
    shown = {key: value for key, value in thread.to_data().items() if key in ThreadView.model_fields}
    return ThreadView(
        **shown,
        customer=name or thread.phone,
        can_undo=bool(thread.changes),
        is_blocked=is_blocked,
    )


def view(work: UnitOfWork, thread: Thread) -> ThreadView:
    return views(work, [thread])[0]


def show_whole(work: UnitOfWork, thread: Thread, page: Page) -> WholeThread:
    """With the messages of everything it is made of, and what became of each text."""
    messages = newest(work, whole(work, thread), limit=page.limit, before=page.before)
    texts = _data(work, {one.text_id: text_path(one.text_id) for one in messages if one.text_id})
    inbound = _data(work, {one.text_sid: inbound_path(one.text_sid) for one in messages if one.media})
    return WholeThread(
        thread=view(work, thread),
        messages=[
            _message(one, texts.get(one.text_id, {}), inbound.get(one.text_sid, {})) for one in messages
        ],
    )


def _data(work: UnitOfWork, paths: dict[str, str]) -> dict[str, Any]:
    found = work.get_many(list(paths.values())) if paths else []
    return {key: one.data for key, one in zip(paths, found, strict=True) if one}


def _message(message: Message, text: dict[str, Any], inbound: dict[str, Any]) -> MessageView:
    files = [
        FileView(
            index=one["index"],
            content_type=one["content_type"],
            state=one["state"],
            path=f"/api/inbox/files/{message.text_sid}/{one['index']}",
        )
        for one in inbound.get("media", ())
    ]
    return MessageView(
        message_id=message.message_id,
        direction=message.direction,
        kind=message.kind,
        text=message.text,
        at=message.at,
        staff_id=message.staff_id,
        state=str(text.get("state", "")),
        held=message.held,
        files=files,
    )
