"""A memory is stored, and replaces the live one on the same subject: one commit, told by ids alone."""

from __future__ import annotations

from dataclasses import dataclass

from shared.errors import InvalidInput
from shared.events.memory import MemoryChanged
from shared.memory.memory import MAX_LIVE, Memory, State, TypedPreference, memory_path, newest_of, read_memory
from shared.memory.preferences import preference_path, with_preference, without_memories
from shared.memory.subject import first_on_subject, is_restated
from shared.ports import Data, Scope
from shared.runtime.work import UnitOfWork


@dataclass(frozen=True)
class Stated:
    """What was said, and where: `subject` and `preference` as far as they are known."""

    text: str
    subject: str = ""
    preference: TypedPreference | None = None
    context: str = ""
    channel: str = "api"
    session_id: str = ""
    message_id: str = ""


@dataclass(frozen=True)
class Remembered:
    """`superseded` is the memory that went into history; not `is_new` is one that was known word for word."""

    memory: Memory
    superseded: Memory | None = None
    is_new: bool = True


def remember(work: UnitOfWork, scope: Scope, stated: Stated) -> Remembered:
    """Raises `InvalidInput` when the person has as many live memories as can be recalled."""
    settings = preferences_of(work, scope)
    live = live_of_person(work, scope)
    subject = stated.subject or (stated.preference.key if stated.preference else "")
    old = first_on_subject(live, text=stated.text, subject=subject)
    known = old if old and is_restated(old, stated.text) else None
    if known:
        return Remembered(known, is_new=False)
    if len(live) >= MAX_LIVE and old is None:
        raise InvalidInput(f"[{MAX_LIVE}] memories are kept of one person; delete one before the next")
    memory = Memory(
        memory_id=work.new_id(),
        person_id=scope.person_id,
        text=stated.text,
        subject=subject,
        preference=stated.preference,
        context=stated.context,
        channel=stated.channel,
        session_id=stated.session_id,
        message_id=stated.message_id,
        stated_at=work.now,
        supersedes=old.memory_id if old else "",
    )
    _store(work, scope, memory, old, settings or {"values": {}})
    return Remembered(memory, superseded=old)


def live_of_person(work: UnitOfWork, scope: Scope) -> list[Memory]:
    """Newest first."""
    found = work.query(newest_of(scope, State.LIVE, MAX_LIVE))
    return [read_memory(one.data) for one in found if scope.owns(one.data)]


def preferences_of(work: UnitOfWork, scope: Scope) -> Data | None:
    """What the person's preferences are; None before the first."""
    found = work.get(preference_path(scope))
    return found.data if found and scope.owns(found.data) else None


def _store(work: UnitOfWork, scope: Scope, memory: Memory, old: Memory | None, settings: Data) -> None:
    changed = [memory.memory_id]
    work.create(memory.path, memory.document())
    if old:
        replaced = {
            "state": str(State.SUPERSEDED),
            "superseded_by": memory.memory_id,
            "superseded_at": work.now,
        }
        work.put(memory_path(old.memory_id), {**old.document(), **replaced})
        changed.append(old.memory_id)
    put_preferences(work, scope, _settings_after(work, memory, old, settings))
    tell(work, scope, changed, "superseded" if old else "stored")


def _settings_after(work: UnitOfWork, memory: Memory, old: Memory | None, settings: Data) -> Data:
    """What is replaced is no longer applied, also where what replaces it states nothing to apply."""
    if old:
        settings = without_memories(settings, [old.memory_id], at=work.now) or settings
    if memory.preference is None:
        return settings
    return with_preference(settings, memory.preference, memory_id=memory.memory_id, at=work.now)


def put_preferences(work: UnitOfWork, scope: Scope, settings: Data) -> None:
    """Written with every change of a person's memories, so that two at once do not both stay live."""
    content = {"values": settings["values"], "person_id": scope.person_id, "updated_at": work.now}
    work.put(preference_path(scope), content)


def tell(work: UnitOfWork, scope: Scope, memory_ids: list[str], change: str) -> None:
    work.emit(MemoryChanged(person_id=scope.person_id, memory_ids=tuple(memory_ids), change=change))
    work.audit(f"memory.{change}", subject=f"memories/{memory_ids[0]}", detail={"memories": len(memory_ids)})
