"""What is shown of a person."""

from __future__ import annotations

from datetime import datetime

from pydantic import BaseModel

from shared.domain.person import master_of
from shared.errors import NotFound
from shared.ports import Query
from shared.runtime.work import UnitOfWork


class LinkView(BaseModel):
    """A record or person that joined this one; `person_id` is what an unmerge takes."""

    person_id: str
    lead_id: str | None
    source: str
    linked_at: datetime
    probability: float


class PersonView(BaseModel):
    """`person_id` is the master; `asked_for` the id in the request, which may have been merged away."""

    person_id: str
    asked_for: str
    name: str
    emails: list[str]
    phones: list[str]
    consent: dict[str, str]
    sources: list[str]
    distinct_from: list[str]
    created_at: datetime
    updated_at: datetime
    links: list[LinkView]


def view_person(work: UnitOfWork, person_id: str) -> PersonView:
    """Raises `NotFound`."""
    person = master_of(work, person_id)
    if person is None:
        raise NotFound(f"there is no person [{person_id}]")
    found = work.query(
        Query("person_links", (("master_person_id", "==", person.person_id), ("status", "==", "linked")))
    )
    links = [LinkView.model_validate(document.data) for document in found]
    return PersonView(
        person_id=person.person_id,
        asked_for=person_id,
        name=person.name,
        emails=list(person.identity.emails),
        phones=list(person.identity.phones),
        consent=dict(person.consent),
        sources=list(person.sources),
        distinct_from=list(person.distinct_from),
        created_at=person.created_at,
        updated_at=person.updated_at,
        links=sorted(links, key=lambda link: link.linked_at),
    )
