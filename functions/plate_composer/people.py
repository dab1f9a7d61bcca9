"""Finding the people somebody speaks of: by number and address exactly, by name also as it sounds."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from functions.plate_composer.asked import Asked
from functions.plate_composer.records import read, read_one
from shared.domain.identity.block_keys import block_keys
from shared.domain.identity.identity import Identity
from shared.domain.identity.normalise import name_from_full, words
from shared.domain.person import Person, master_of
from shared.platform import Tenant

MOST_PEOPLE = 50


@dataclass(frozen=True)
class Wanted:
    """Ways to know a person; empty ones were not said."""

    person_id: str = ""
    email: str = ""
    phone: str = ""
    vin: str = ""
    name: str = ""

    @property
    def in_words(self) -> str:
        return self.name or self.email or self.phone or self.vin or self.person_id

    def said(self) -> dict[str, str]:
        return {name: value for name, value in vars(self).items() if value}


def wanted_person(asked: Asked) -> Wanted:
    """`person` is a name, or `{name, email, phone, person_id}`."""
    named = asked.part("person")

    def said(name: str) -> str:
        return asked.part_text("person", name) or asked.text(name) or ""

    return Wanted(
        person_id=said("person_id"),
        email=said("email").lower(),
        phone=said("phone"),
        vin=(asked.text("vin") or "").upper(),
        name=(asked.part_text("person", "name") if named else asked.text("person")) or "",
    )


def find_people(tenant: Tenant, wanted: Wanted) -> list[Person]:
    """Active people who fit, the sharpest way first: an address before a name. At most `MOST_PEOPLE`."""
    if wanted.person_id:
        person = master_of(tenant.documents, wanted.person_id)
        return [person] if person else []
    for field_name, value in (("emails", wanted.email), ("phones", wanted.phone)):
        if value:
            return _people(read(tenant, "persons", (field_name, "array_contains", value), limit=MOST_PEOPLE))
    if wanted.vin:
        return _holders(tenant, wanted.vin)
    return _named(tenant, wanted.name) if wanted.name else []


def newest_people(tenant: Tenant, limit: int) -> list[Person]:
    return _people(read(tenant, "persons", order_by=("-created_at",), limit=limit))


def _named(tenant: Tenant, name: str) -> list[Person]:
    """Everybody whose names have all the words; else who sounds alike; else who is a slip of the pen away."""
    wanted = words(name)
    if not wanted:
        return []
    # The longest word is the rarest.
    longest = max(wanted, key=len)
    found = read(tenant, "persons", ("name_words", "array_contains", longest), limit=MOST_PEOPLE * 10)
    people = [person for person in _active(found) if set(wanted) <= _words_of(person)]
    return (_once(people) or _sounding(tenant, name) or _misspelt(tenant, wanted))[:MOST_PEOPLE]


def _words_of(person: Person) -> set[str]:
    return {
        word for name in person.identity.names for part in (name.first, name.last) for word in part.split()
    }


def _misspelt(tenant: Tenant, wanted: Sequence[str]) -> list[Person]:
    """Who has one of the words as it is and the others with a letter swapped, missing or wrong."""
    people = [
        person
        for word in wanted
        for person in _active(
            read(tenant, "persons", ("name_words", "array_contains", word), limit=MOST_PEOPLE * 10)
        )
    ]
    return _once(person for person in people if _is_nearly(wanted, _words_of(person)))


def _is_nearly(wanted: Sequence[str], known: Collection[str]) -> bool:
    from jellyfish import damerau_levenshtein_distance as slips

    return all(any(slips(word, other) <= 1 for other in known) for word in wanted)


def _sounding(tenant: Tenant, name: str) -> list[Person]:
    keys = [key.path for key in block_keys(Identity(names=(name_from_full(name),))) if key.kind == "name"]
    lists = tenant.documents.get_many(keys) if keys else []
    return _masters(tenant, (person_id for known in lists if known for person_id in known.data["ids"]))


def _holders(tenant: Tenant, vin: str) -> list[Person]:
    """Who owns the vehicle or has brought it."""
    vehicle = read_one(tenant, "vehicles", vin) or {}
    records = [
        r for kind in ("deals", "repair_orders") for r in read(tenant, kind, ("vin", "==", vin), limit=20)
    ]
    ids = [vehicle.get("owner_person_id"), *(record.get("master_person_id") for record in records)]
    people = _masters(tenant, (person_id for person_id in ids if person_id))
    for record in records:
        email, phone = record.get("customer_email") or "", record.get("customer_phone") or ""
        if not record.get("master_person_id") and (email or phone):
            people += find_people(tenant, Wanted(email=email, phone=phone))
    return _once(people)


def _masters(tenant: Tenant, ids: Iterable[str]) -> list[Person]:
    found = (master_of(tenant.documents, person_id) for person_id in dict.fromkeys(ids))
    return _once(person for person in found if person)


def _people(records: Iterable[Mapping[str, Any]]) -> list[Person]:
    return _once(_active(records))


def _active(records: Iterable[Mapping[str, Any]]) -> Iterator[Person]:
    return (Person.from_data(record) for record in records if record["status"] == "active")


def _once(people: Iterable[Person]) -> list[Person]:
    return list({person.person_id: person for person in people}.values())[:MOST_PEOPLE]
