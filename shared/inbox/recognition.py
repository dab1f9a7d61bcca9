"""Whose number it is: a person known by it, or a new one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from shared.domain.identity.block_keys import BlockKey
from shared.domain.identity.engine import Resolution
from shared.domain.identity.identity import Identity, Name
from shared.domain.identity.match import Decision
from shared.domain.identity.normalise import name_from_full
from shared.domain.identity.record import SourceRecord, record
from shared.domain.person import Person, master_of
from shared.events.crm import PersonLinked
from shared.inbox.open_things import Records
from shared.runtime.work import UnitOfWork

SOURCE = "SMS"


@dataclass(frozen=True)
class Sender:
    """Everybody who has the number; whom it was given to first goes first."""

    phone: str
    people: tuple[Person, ...]
    is_new: bool = False

    def shown(self, person_id: str) -> str:
        """What a colleague reads: the name, or the number of somebody without one."""
        found = next((one for one in self.people if one.person_id == person_id), self.people[0])
        return found.name or self.phone


def people_with(work: UnitOfWork, phone: str) -> list[Person]:
    """The people who have this number today; families share one."""
    known = work.get(BlockKey("phone", phone).path)
    ids = known.data["ids"] if known else []
    masters = [master_of(work, person_id) for person_id in ids]
    people = {one.person_id: one for one in masters if one and phone in one.identity.phones}
    return list(people.values())


def recognise(work: UnitOfWork, phone: str, people: Sequence[Person], records: Records) -> Sender:
    """The people with the number; else whom a repair order or deal with the number names; else a new person,
    under the name such a record gives."""
    if people:
        return Sender(phone, tuple(people))
    named = [master_of(work, person_id) for person_id in records.person_ids]
    if found := [one for one in named if one]:
        return Sender(phone, tuple(found))
    return Sender(phone, (_new_person(work, phone, records.customer_name),), is_new=True)


def _new_person(work: UnitOfWork, phone: str, name: str) -> Person:
    """Founded as a lead founds one, so that a later lead with the number or the name is recognised."""
    parsed = name_from_full(name)
    identity = Identity(names=(parsed,) if parsed != Name() else (), phones=(phone,))
    source = SourceRecord(
        person_id=work.new_id(),
        lead_id="",
        source=SOURCE,
        name=name,
        identity=identity,
        found_by="thread_router",
    )
    person, _ = record(work, source, Resolution(Decision("new"), {}))
    work.emit(
        PersonLinked(
            link_id=work.new_id(),
            linked_at=work.now,
            person_id=person.person_id,
            master_person_id=person.person_id,
            source=SOURCE,
            outcome="new",
            confidence_score=1.0,
        )
    )
    work.audit("person.resolved", subject=person.path, detail={"source": SOURCE, "outcome": "new"})
    return person
