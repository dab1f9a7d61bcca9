"""A person's own memories: kept, found, listed, replaced, deleted. Nobody else's are ever in reach."""

from __future__ import annotations

from typing import Annotated

from functions.memory_vault.shown import (
    AppliedPreference,
    Context,
    Deleted,
    History,
    Memories,
    NewMemory,
    Page,
    Preferences,
    Question,
    Stored,
    as_context,
    as_deleted,
    shown,
)
from shared.domain.chat_message import user_id
from shared.errors import Forbidden, NotFound, Unavailable
from shared.memory.forget import forget, own_memory, prove_forgotten, read_receipt, receipt_path, versions_of
from shared.memory.indexing import fit_vectors
from shared.memory.memory import newest_of, read_memory
from shared.memory.preferences import preference_kinds
from shared.memory.reading import preference_of_text
from shared.memory.recall import recall
from shared.memory.remember import Stated, preferences_of, remember
from shared.observability import log
from shared.ports import Scope
from shared.runtime.auth import Caller
from shared.runtime.entry import entry_point
from shared.runtime.reply import Answer, Says
from shared.runtime.work import UnitOfWork


def store_preference(
    new: NewMemory, work: UnitOfWork, caller: Caller
) -> Annotated[Answer, Says(Stored, 201, or_status=200)]:
    """201 once it is kept, 200 when it stood here word for word. Its vector follows at once, or from the
    event when the model is away."""
    scope = _scope(work, caller)
    if new.user_id not in (None, scope.person_id):
        raise Forbidden("a memory is kept for the person who is signed in; leave [user_id] out")
    stated = Stated(new.text, subject=new.subject or "", preference=preference_of_text(new.text, new.subject))
    stored = remember(work, scope, stated)
    body = Stored(
        memory=shown(stored.memory),
        superseded=shown(stored.superseded) if stored.superseded else None,
        is_new=stored.is_new,
    )
    if stored.is_new:
        changed = [one.memory_id for one in (stored.memory, stored.superseded) if one]
        work.checkpoint()
        try:
            fit_vectors(work.tenant, scope, changed)
        except Unavailable as error:  # memory_indexer makes it from the event, as often as it takes
            log("WARNING", "a memory has no vector yet", error=type(error).__name__)
    return Answer(201 if stored.is_new else 200, body)


def get_context(query: Question, work: UnitOfWork, caller: Caller) -> Context:
    """The caller's live memories that bear on the question, by words and by meaning."""
    return as_context(recall(work.tenant, _scope(work, caller), query.q, k=query.k, now=work.now))


def list_memories(query: Page, work: UnitOfWork, caller: Caller) -> Memories:
    """The caller's own, newest first."""
    scope = _scope(work, caller)
    if query.after:
        own_memory(work, scope, query.after)
    found = work.query(newest_of(scope, query.state, query.limit + 1, query.after))
    own = [read_memory(one.data) for one in found if scope.owns(one.data)]
    page = own[: query.limit]
    return Memories(
        memories=[shown(memory) for memory in page],
        next=page[-1].memory_id if len(own) > query.limit else None,
    )


def show_history(memory_id: str, work: UnitOfWork, caller: Caller) -> History:
    """Raises `NotFound` for another person's memory as for none at all."""
    scope = _scope(work, caller)
    memory = own_memory(work, scope, memory_id)
    return History(versions=[shown(one) for one in versions_of(work, scope, memory)])


def show_preferences(work: UnitOfWork, caller: Caller) -> Preferences:
    """What capabilities apply by themselves for the caller."""
    known = preferences_of(work, _scope(work, caller)) or {"values": {}}
    applied = [AppliedPreference.model_validate(one) for one in known["values"].values()]
    return Preferences(preferences=[one for one in applied if one.key in preference_kinds()])


def delete_memory(memory_id: str, work: UnitOfWork, caller: Caller) -> Deleted:
    """Deleted again, it answers the receipt of the first time. The vectors go once the documents are gone,
    here or, after a crash between, from the event."""
    scope = _scope(work, caller)
    receipt = work.get(receipt_path(memory_id))
    if receipt and scope.owns(receipt.data):
        return as_deleted(read_receipt(receipt.data))
    ids = forget(work, scope, own_memory(work, scope, memory_id))
    work.checkpoint()
    return as_deleted(prove_forgotten(work.tenant, scope, ids, now=work.now))


def _scope(work: UnitOfWork, caller: Caller) -> Scope:
    person = user_id(caller)
    if not person:
        raise NotFound("nobody is signed in")
    return work.tenant.scope(person)


memory_vault = entry_point(
    __file__,
    store_preference,
    list_memories,
    get_context,
    show_preferences,
    show_history,
    delete_memory,
)
