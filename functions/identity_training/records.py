"""What a tenant knows of its people: one identity a record for learning, one a person for finding pairs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from shared.domain.identity.identity import Identity
from shared.domain.person import Person
from shared.ports import Document, Documents, Query

PAGE = 500
MOST_RECORDS = 40_000
"""Weights settle long before; more only costs time and memory."""


def people(documents: Documents) -> list[Person]:
    return [Person.from_data(document.data) for document in _all(documents, "persons")]


def records(documents: Documents, known: list[Person]) -> list[Identity]:
    """What each record said by itself: who founded a person, and every lead that joined one."""
    founded = [person.founded_with for person in known]
    founders = {person.person_id for person in known}
    joined = [
        Identity.from_data(document.data["identity"])
        for document in _all(documents, "leads")
        if "identity" in document.data and document.data.get("record_person_id") not in founders
    ]
    return [*founded, *joined][:MOST_RECORDS]


def _all(documents: Documents, collection: str) -> Iterator[Document]:
    query = Query(collection, limit=PAGE)
    read = 0
    while read < MOST_RECORDS and (page := documents.query(query)):
        yield from page
        read += len(page)
        query = replace(query, start_after=page[-1].id)
