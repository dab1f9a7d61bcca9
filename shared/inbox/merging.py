"""Conversations put together and taken apart, each step reversible.

A merged conversation keeps its messages and its document, which only points to the other one. A split moves
the named messages into a conversation of their own. What was done last is undone first, so that every undo
meets the conversations as the step left them, but for what was said since: that stays where the customer can
still be answered.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Literal, Self

from shared.errors import AlreadyExists, InvalidInput
from shared.inbox.thread import MOST_REMEMBERED, Thread

MOST_MOVED = 150
"""Messages one split moves: each is two writes of a commit."""


@dataclass(frozen=True)
class Moved:
    """A message and the conversation it lay in before."""

    message_id: str
    home: str


@dataclass(frozen=True)
class Change:
    """A merge of `source_id` into `target_id`, or a split that made `target_id` out of `source_id`.

    `before` are both conversations as they were; a new one was not there.
    """

    change_id: str
    kind: Literal["merge", "split"]
    source_id: str
    target_id: str
    at: datetime
    by: str
    before: Mapping[str, Mapping[str, Any]]
    moved: tuple[Moved, ...] = ()
    undone_at: datetime | None = None

    @property
    def path(self) -> str:
        return change_path(self.change_id)

    def was(self, thread_id: str) -> Thread:
        return Thread.from_data(self.before[thread_id])

    def to_data(self) -> dict[str, Any]:
        moved = [{"message_id": one.message_id, "home": one.home} for one in self.moved]
        before = {thread_id: dict(data) for thread_id, data in self.before.items()}
        return {**vars(self), "moved": moved, "before": before}

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> Self:
        given = {name: data[name] for name in cls.__dataclass_fields__}
        return cls(**{**given, "moved": tuple(Moved(**one) for one in data["moved"])})


def change_path(change_id: str) -> str:
    return f"thread_changes/{change_id}"


@dataclass(frozen=True)
class Changed:
    source: Thread
    target: Thread
    change: Change


def merge(source: Thread, target: Thread, *, change_id: str, now: datetime, by: str) -> Changed:
    """`source` becomes part of `target`. Raises `InvalidInput` for one and the same, `AlreadyExists` when one
    of them is part of another already."""
    if source.thread_id == target.thread_id:
        raise InvalidInput("into: a conversation cannot be merged into itself")
    _require_whole(source, target)
    before = {one.thread_id: one.to_data() for one in (source, target)}
    change = Change(change_id, "merge", source.thread_id, target.thread_id, now, by, before)
    waiting = _earliest(source.first_unanswered_at, target.first_unanswered_at)
    later = max(source, target, key=lambda one: one.last_inbound_at or one.created_at)
    merged = replace(
        target,
        state="open" if waiting else target.state,
        phone=later.phone,
        assigned_staff_id=target.assigned_staff_id or source.assigned_staff_id,
        about=target.about or source.about,
        last_inbound_at=_latest(source.last_inbound_at, target.last_inbound_at),
        last_outbound_at=_latest(source.last_outbound_at, target.last_outbound_at),
        first_unanswered_at=waiting,
        due_at=_earliest(source.due_at, target.due_at),
        tell_at=_earliest(source.tell_at, target.tell_at),
        question={},
        told=tuple(dict.fromkeys((*target.told, *source.told))),
        parts=(*target.parts, source.thread_id),
        also=tuple(dict.fromkeys((*target.also, source.department, *source.also))),
        updated_at=now,
    )
    gone = replace(source, merged_into=target.thread_id, updated_at=now)
    return Changed(_with(gone, change_id), _with(merged, change_id), change)


def split(
    source: Thread, new: Thread, moved: Sequence[Moved], *, change_id: str, now: datetime, by: str
) -> Changed:
    """`new`, with the moved messages, comes out of `source`. Raises `InvalidInput` when nothing or too much
    is to be moved, `AlreadyExists` when `source` is part of another."""
    if not 1 <= len(moved) <= MOST_MOVED or len({one.message_id for one in moved}) != len(moved):
        raise InvalidInput(f"message_ids: 1 to {MOST_MOVED} different messages can be split off")
    _require_whole(source)
    before = {source.thread_id: source.to_data()}
    change = Change(change_id, "split", source.thread_id, new.thread_id, now, by, before, tuple(moved))
    left = replace(source, updated_at=now)
    apart = replace(new, split_from=source.thread_id)
    return Changed(_with(left, change_id), _with(apart, change_id), change)


def undo(source: Thread, target: Thread, change: Change, *, now: datetime) -> Changed:
    """Both as they were before, with what came since. The messages a split moved go home by `change.moved`.

    Raises `AlreadyExists` when it was undone before, or something else was done since.
    """
    if change.undone_at:
        raise AlreadyExists(f"[{change.change_id}] is undone already")
    for thread in (source, target):
        if thread.changes[-1:] != (change.change_id,):
            raise AlreadyExists(
                f"undo [{thread.changes[-1] if thread.changes else '-'}] first, it came later"
            )
    if change.kind == "merge":
        source, target = _unmerged(source, target, change, now)
    else:
        source, target = _unsplit(source, target, now)
    return Changed(_without(source), _without(target), replace(change, undone_at=now))


def _unmerged(source: Thread, target: Thread, change: Change, now: datetime) -> tuple[Thread, Thread]:
    was_source, was_target = change.was(source.thread_id), change.was(target.thread_id)
    answered_at = _after(target.last_outbound_at, change.at)
    restored = replace(was_source, changes=source.changes, merged_into="", updated_at=now)
    if answered_at:
        restored = replace(_answered(restored), last_outbound_at=answered_at)
    parts = tuple(part for part in target.parts if part != source.thread_id)
    left = replace(target, parts=parts, also=was_target.also, updated_at=now)
    heard_at = _after(target.last_inbound_at, change.at)
    if not answered_at:
        waiting = was_target.first_unanswered_at or heard_at
        due = was_target.due_at or (target.due_at if heard_at else None)
        state = "open" if waiting else was_target.state
        left = replace(left, first_unanswered_at=waiting, due_at=due, state=state)
    if not heard_at:
        left = replace(left, phone=was_target.phone, last_inbound_at=was_target.last_inbound_at)
    if not answered_at:
        left = replace(left, last_outbound_at=was_target.last_outbound_at)
    if target.assigned_staff_id == was_source.assigned_staff_id and not was_target.assigned_staff_id:
        left = replace(left, assigned_staff_id="")
    return restored, replace(left, about=was_target.about if target.about == was_source.about else left.about)


def _unsplit(source: Thread, target: Thread, now: datetime) -> tuple[Thread, Thread]:
    """What was said in the split-off conversation since stays in it, and it becomes part of the other."""
    waiting = _earliest(source.first_unanswered_at, target.first_unanswered_at)
    later = max(source, target, key=lambda one: one.last_inbound_at or one.created_at)
    whole = replace(
        source,
        state="open" if waiting else source.state,
        phone=later.phone,
        first_unanswered_at=waiting,
        due_at=_earliest(source.due_at, target.due_at),
        tell_at=_earliest(source.tell_at, target.tell_at),
        last_inbound_at=_latest(source.last_inbound_at, target.last_inbound_at),
        last_outbound_at=_latest(source.last_outbound_at, target.last_outbound_at),
        told=tuple(dict.fromkeys((*source.told, *target.told))),
        parts=(*source.parts, target.thread_id),
        also=tuple(dict.fromkeys((*source.also, target.department, *target.also))),
        updated_at=now,
    )
    return whole, replace(target, merged_into=source.thread_id, updated_at=now)


def _answered(thread: Thread) -> Thread:
    state = "answered" if thread.state in ("open", "pending_question") else thread.state
    return replace(thread, state=state, first_unanswered_at=None, due_at=None, question={})


def _require_whole(*threads: Thread) -> None:
    for thread in threads:
        if thread.merged_into:
            raise AlreadyExists(f"conversation #{thread.number} is part of another; change that one")


def _with(thread: Thread, change_id: str) -> Thread:
    return replace(thread, changes=(*thread.changes, change_id)[-MOST_REMEMBERED:])


def _without(thread: Thread) -> Thread:
    return replace(thread, changes=thread.changes[:-1])


def _earliest(*moments: datetime | None) -> datetime | None:
    return min((at for at in moments if at), default=None)


def _latest(*moments: datetime | None) -> datetime | None:
    return max((at for at in moments if at), default=None)


def _after(at: datetime | None, since: datetime) -> datetime | None:
    return at if at and at > since else None
