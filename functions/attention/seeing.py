"""Who may see which matter: those it is for, and those who answer for the whole house."""

from __future__ import annotations

from collections.abc import Sequence

from shared.attention.item import ROLE, STAFF, Item, State, from_document
from shared.domain.chat_message import user_id
from shared.errors import Forbidden, NotFound
from shared.ports import Document, Query
from shared.runtime.auth import Caller
from shared.runtime.work import UnitOfWork

READ_AT_ONCE = 200
FOR_ALL = frozenset({"ceo", "operator"})


def names_of(caller: Caller) -> list[str]:
    """The words by which audiences name this person, the own name first."""
    return [STAFF + user_id(caller), *(ROLE + role for role in caller.roles)]


def visible(work: UnitOfWork, caller: Caller, *, state: State, everybody: bool) -> tuple[list[Item], bool]:
    """The newest of those matters, and whether these are all. Raises `Forbidden`."""
    if everybody and not FOR_ALL & set(caller.roles):
        raise Forbidden(f"only {' and '.join(sorted(FOR_ALL))} see what is open for others")
    pages = [_everything(work, state)] if everybody else _for(work, names_of(caller), state)
    found = {document.path: document for page in pages for document in page}
    is_whole = all(len(page) < READ_AT_ONCE for page in pages)
    return [from_document(document.data) for document in found.values()], is_whole


def _everything(work: UnitOfWork, state: State) -> list[Document]:
    return work.query(
        Query("attention_items", (("state", "==", state),), ("-last_requested_at",), READ_AT_ONCE)
    )


def _for(work: UnitOfWork, names: Sequence[str], state: State) -> list[list[Document]]:
    return [
        work.query(
            Query(
                "attention_items",
                (("audience", "array_contains", name), ("state", "==", state)),
                ("-last_requested_at",),
                READ_AT_ONCE,
            )
        )
        for name in names
    ]


def require_matter(work: UnitOfWork, caller: Caller, item_id: str) -> Item:
    """Raises `NotFound` for one that is not this person's as for none at all."""
    known = work.get(f"attention_items/{item_id}")
    if known is not None:
        item = from_document(known.data)
        if FOR_ALL & set(caller.roles) or set(names_of(caller)) & set(item.audience):
            return item
    raise NotFound(f"there is no matter [{item_id}]")
