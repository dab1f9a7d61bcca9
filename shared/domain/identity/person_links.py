"""Links between people: what joined whom, when, and how it is taken apart again."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol, Self

from shared.domain.identity.block_keys import MOST_IDS, BlockKey
from shared.domain.identity.score import Comparison
from shared.domain.person import Person
from shared.ports import Data, Document


class Store(Protocol):
    """What this needs of the unit of work."""

    now: datetime

    def get_many(self, paths: Sequence[str], /) -> list[Document | None]: ...

    def put(self, path: str, data: Data, /) -> None: ...

    def new_id(self) -> str: ...


@dataclass(frozen=True)
class Link:
    """`person_id` belongs to `master_person_id`; `lead_id` is None when a whole person joined.

    `link_id` is the decision, `sequence` its place among the master's links.
    """

    link_id: str
    person_id: str
    master_person_id: str
    lead_id: str | None
    source: str
    sequence: int
    linked_at: datetime
    weight: float
    probability: float
    status: str = "linked"

    @property
    def path(self) -> str:
        return f"person_links/{self.person_id}"

    def to_data(self) -> dict[str, Any]:
        return dict(vars(self))

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> Self:
        return cls(**{name: data[name] for name in cls.__dataclass_fields__})


def link_to(
    store: Store, master: Person, *, person_id: str, lead_id: str | None, source: str, comparison: Comparison
) -> Link:
    """The next link of this master."""
    return Link(
        link_id=store.new_id(),
        person_id=person_id,
        master_person_id=master.person_id,
        lead_id=lead_id,
        source=source,
        sequence=master.merges,
        linked_at=store.now,
        weight=comparison.weight,
        probability=comparison.probability,
    )


def list_under(
    store: Store,
    keys: Iterable[BlockKey],
    person_id: str,
    known: Mapping[BlockKey, Sequence[str]] | None = None,
) -> None:
    """Lists the person under the keys. A full list stays as it is: no frequent value is a hot document.

    `known` are lists read already in this unit of work.
    """
    _rewrite(store, keys, lambda ids: ids if person_id in ids else [*ids, person_id], known or {})


def list_instead(store: Store, keys: Iterable[BlockKey], person_id: str, *, instead_of: str) -> None:
    """Lists the person under the keys in the place of another."""
    _rewrite(
        store,
        keys,
        lambda ids: [*(i for i in ids if i not in (person_id, instead_of)), person_id],
        {},
    )


def _rewrite(
    store: Store,
    keys: Iterable[BlockKey],
    change: Callable[[list[str]], list[str]],
    known: Mapping[BlockKey, Sequence[str]],
) -> None:
    unread = [key for key in keys if key not in known]
    found = store.get_many([key.path for key in unread])
    lists = {key: list(d.data["ids"]) if d else [] for key, d in zip(unread, found, strict=True)}
    for key, ids in {**{key: list(ids) for key, ids in known.items()}, **lists}.items():
        changed = change(ids)
        if changed != ids and len(changed) <= MOST_IDS:
            store.put(key.path, {"kind": key.kind, "ids": changed})
