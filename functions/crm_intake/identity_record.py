"""Writes down whose record it is: person, link, keys, pairs for review."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Protocol

from functions.crm_intake.identity_engine import Resolution
from functions.crm_intake.identity_match import Candidate
from shared.domain.identity.block_keys import MOST_IDS, BlockKey, all_keys
from shared.domain.identity.identity import Identity
from shared.domain.identity.score import Comparison
from shared.domain.person import Consent, Person
from shared.ports import Data, Document


class Store(Protocol):
    """What this needs of the unit of work."""

    now: datetime

    def get_many(self, paths: Sequence[str], /) -> list[Document | None]: ...

    def put(self, path: str, data: Data, /) -> None: ...


@dataclass(frozen=True)
class SourceRecord:
    """What one lead says of a person. `person_id` is the person it is should it ever stand alone."""

    person_id: str
    lead_id: str
    source: str
    name: str
    identity: Identity
    consent: Consent = field(default_factory=dict)


@dataclass(frozen=True)
class Link:
    """`person_id` belongs to `master_person_id`. One of `lead_id` or a whole person joined."""

    person_id: str
    master_person_id: str
    lead_id: str | None
    source: str
    sequence: int
    linked_at: datetime
    comparison: Comparison | None
    status: str = "linked"

    @property
    def path(self) -> str:
        return f"person_links/{self.person_id}"

    def to_data(self) -> dict[str, Any]:
        return {
            "person_id": self.person_id,
            "master_person_id": self.master_person_id,
            "lead_id": self.lead_id,
            "source": self.source,
            "sequence": self.sequence,
            "linked_at": self.linked_at,
            "status": self.status,
            "weight": self.comparison and self.comparison.weight,
            "probability": self.comparison and self.comparison.probability,
        }


def record(store: Store, source: SourceRecord, resolution: Resolution) -> tuple[Person, list[Link]]:
    """The person the record belongs to from now on, and the links made."""
    decision, links = resolution.decision, list[Link]()
    if decision.master is None:
        person = _founded(source, store.now)
    else:
        person, links = _joined(store, source, decision.master, decision.joining)
    store.put(person.path, person.to_data())
    for link in links:
        store.put(link.path, link.to_data())
    add_to_keys(store, source.identity, person.person_id, resolution.keys)
    for candidate in decision.reviewed:
        propose_pair(store, person, candidate.person, candidate.comparison, found_by="crm_intake")
    return person, links


def _founded(source: SourceRecord, now: datetime) -> Person:
    return Person(
        person_id=source.person_id,
        created_at=now,
        updated_at=now,
        name=source.name,
        identity=source.identity,
        founded_with=source.identity,
        consent=source.consent,
        sources=(source.source,),
    )


def _joined(
    store: Store, source: SourceRecord, master: Candidate, joining: Sequence[Candidate]
) -> tuple[Person, list[Link]]:
    person, links = master.person, []
    for candidate in joining:
        link = Link(
            person_id=candidate.person.person_id,
            master_person_id=person.person_id,
            lead_id=None,
            source=source.source,
            sequence=person.merges,
            linked_at=store.now,
            comparison=candidate.comparison,
        )
        person = absorb(store, person, candidate.person)
        links.append(link)
    own = Link(
        person_id=source.person_id,
        master_person_id=person.person_id,
        lead_id=source.lead_id,
        source=source.source,
        sequence=person.merges,
        linked_at=store.now,
        comparison=master.comparison,
    )
    person = person.joined_by(
        source.identity,
        source.consent,
        name=person.name or source.name,
        sources=tuple(dict.fromkeys((*person.sources, source.source))),
        updated_at=store.now,
    )
    return person, [*links, own]


def absorb(store: Store, master: Person, other: Person) -> Person:
    """`other` keeps its document, as it was, and points to the master; answers the master with both."""
    merged = replace(other, status="merged", merged_into=master.person_id, updated_at=store.now)
    store.put(merged.path, merged.to_data())
    return master.joined_by(
        other.identity,
        other.consent,
        name=master.name or other.name,
        sources=tuple(dict.fromkeys((*master.sources, *other.sources))),
        distinct_from=tuple(dict.fromkeys((*master.distinct_from, *other.distinct_from))),
        updated_at=store.now,
    )


def add_to_keys(
    store: Store, identity: Identity, person_id: str, known: Mapping[BlockKey, Sequence[str]] | None = None
) -> None:
    """Lists the person under every key. A full list stays as it is: no frequent value is a hot document.

    `known` are lists read already in this unit of work.
    """
    lists = dict(known or {})
    unread = [key for key in all_keys(identity) if key not in lists]
    for key, document in zip(unread, store.get_many([key.path for key in unread]), strict=True):
        lists[key] = document.data["ids"] if document else []
    for key, ids in lists.items():
        if person_id not in ids and len(ids) < MOST_IDS:
            store.put(key.path, {"kind": key.kind, "ids": [*ids, person_id]})


def propose_pair(store: Store, one: Person, other: Person, comparison: Comparison, *, found_by: str) -> None:
    """A likely duplicate for a human to look at: `duplicate_candidates/{pair}`."""
    if one.is_known_as_different_from(other):
        return
    first, second = sorted((one.person_id, other.person_id))
    store.put(
        f"duplicate_candidates/{first}--{second}",
        {
            "person_ids": [first, second],
            "status": "pending",
            "weight": comparison.weight,
            "probability": comparison.probability,
            "explanation": [item.to_data() for item in comparison.evidence],
            "found_by": found_by,
            "found_at": store.now,
        },
    )
