"""Writes down whose record it is: person, links, keys, pairs for review."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from shared.domain.duplicate_pair import pair_path, proposed_pair
from shared.domain.identity.block_keys import all_keys
from shared.domain.identity.engine import Resolution
from shared.domain.identity.identity import Identity
from shared.domain.identity.match import Candidate
from shared.domain.identity.person_links import Link, Store, link_to, list_under
from shared.domain.person import Consent, Person


@dataclass(frozen=True)
class SourceRecord:
    """What one lead or text says of a person. `person_id` is the person it is should it ever stand alone."""

    person_id: str
    lead_id: str
    source: str
    name: str
    identity: Identity
    consent: Consent = field(default_factory=dict)
    found_by: str = "crm_intake"
    """The capability that read the record."""

    def founded(self, now: datetime) -> Person:
        """The person when nobody knew them."""
        return Person(
            person_id=self.person_id,
            created_at=now,
            updated_at=now,
            name=self.name,
            identity=self.identity,
            founded_with=self.identity,
            consent=self.consent,
            founding_consent=self.consent,
            sources=(self.source,),
        )


def record(store: Store, source: SourceRecord, resolution: Resolution) -> tuple[Person, list[Link]]:
    """The person the record belongs to from now on, and the links made, the record's own last."""
    decision, links = resolution.decision, list[Link]()
    person = source.founded(store.now)
    if decision.master is not None:
        person, links = _joined(store, source, decision.master, decision.joining)
    store.put(person.path, person.to_data())
    for link in links:
        store.put(link.path, link.to_data())
    list_under(store, all_keys(source.identity), person.person_id, resolution.keys)
    for candidate in decision.reviewed:
        _propose(store, person, candidate, source.found_by)
    return person, links


def _joined(
    store: Store, source: SourceRecord, master: Candidate, joining: Sequence[Candidate]
) -> tuple[Person, list[Link]]:
    person, links = master.person, []
    for candidate in joining:
        other = candidate.person
        links.append(
            link_to(
                store,
                person,
                person_id=other.person_id,
                lead_id=None,
                source=source.source,
                comparison=candidate.comparison,
            )
        )
        person = absorb(store, person, other)
    links.append(
        link_to(
            store,
            person,
            person_id=source.person_id,
            lead_id=source.lead_id,
            source=source.source,
            comparison=master.comparison,
        )
    )
    person = person.joined_by(
        source.identity,
        source.consent,
        name=person.name or source.name,
        sources=tuple(dict.fromkeys((*person.sources, source.source))),
        updated_at=store.now,
    )
    return person, links


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


def _propose(store: Store, person: Person, candidate: Candidate, found_by: str) -> None:
    other = candidate.person
    if not person.is_known_as_different_from(other):
        store.put(
            pair_path(person.person_id, other.person_id),
            proposed_pair(
                person.person_id,
                other.person_id,
                candidate.comparison,
                found_by=found_by,
                found_at=store.now,
            ),
        )
