"""A person as the dealership knows them: `persons/{person_id}`, one document a person.

A person merged away keeps the document with `status: merged` and `merged_into`; the merge itself is a link
document `person_links/{person_id}` that can be undone. A lead that joined a known person has a link under a
person id of its own, and a person document only once it is taken out again.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Literal, Protocol, Self

from shared.domain.identity.identity import Identity
from shared.ports import Document

Channel = Literal["sms", "email", "call"]
ConsentState = Literal["granted", "denied"]
Consent = Mapping[str, str]
"""Channel → state. A channel that is not in it: nobody asked yet, which is no permission."""


@dataclass(frozen=True)
class Person:
    """`founded_with` and `founding_consent` are what the first record said, `identity` and `consent` what
    all records together say.

    `merges` counts links ever made to this person: the order in which records came.
    `distinct_from` are people a human said this is not.
    """

    person_id: str
    created_at: datetime
    updated_at: datetime
    name: str = ""
    identity: Identity = field(default_factory=Identity)
    founded_with: Identity = field(default_factory=Identity)
    status: Literal["active", "merged"] = "active"
    merged_into: str | None = None
    consent: Consent = field(default_factory=dict)
    founding_consent: Consent = field(default_factory=dict)
    distinct_from: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    merges: int = 0

    @property
    def path(self) -> str:
        return f"persons/{self.person_id}"

    @property
    def own_phone(self) -> str:
        """The first number of the record this person began with, or empty. A number that a later lead brought
        may be anybody's who knows a name and an e-mail address: nothing private goes there by itself."""
        return next(iter(self.founded_with.phones), "")

    def is_known_as_different_from(self, other: Person) -> bool:
        return other.person_id in self.distinct_from or self.person_id in other.distinct_from

    def joined_by(self, identity: Identity, consent: Consent, **changes: Any) -> Person:
        """With what another record or person says; consent at its most restrictive."""
        return replace(
            self,
            identity=self.identity.with_(identity),
            consent=most_restrictive(self.consent, consent),
            merges=self.merges + 1,
            **changes,
        )

    def to_data(self) -> dict[str, Any]:
        """`emails`, `phones` (E.164) and the words of every name stand on top too, for queries."""
        return {
            "person_id": self.person_id,
            "status": self.status,
            "merged_into": self.merged_into,
            "name": self.name,
            "emails": list(self.identity.emails),
            "phones": list(self.identity.phones),
            "name_words": name_words(self.identity),
            "identity": self.identity.to_data(),
            "founded_with": self.founded_with.to_data(),
            "consent": dict(self.consent),
            "founding_consent": dict(self.founding_consent),
            "distinct_from": list(self.distinct_from),
            "sources": list(self.sources),
            "merges": self.merges,
            "created_at": self.created_at,
            "updated_at": self.updated_at,
        }

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> Self:
        return cls(
            person_id=data["person_id"],
            status=data["status"],
            merged_into=data.get("merged_into"),
            name=data.get("name", ""),
            identity=Identity.from_data(data["identity"]),
            founded_with=Identity.from_data(data.get("founded_with", data["identity"])),
            consent=data.get("consent", {}),
            founding_consent=data.get("founding_consent", data.get("consent", {})),
            distinct_from=tuple(data.get("distinct_from", ())),
            sources=tuple(data.get("sources", ())),
            merges=data.get("merges", 0),
            created_at=data["created_at"],
            updated_at=data["updated_at"],
        )


def name_words(identity: Identity) -> list[str]:
    """Folded and each once: a person is found by any part of any name they are known under."""
    parts = (part for name in identity.names for part in (name.first, name.last))
    return sorted({word for part in parts for word in part.split()})


def most_restrictive(one: Consent, other: Consent) -> dict[str, str]:
    """Whoever said no, said no for both."""
    return {
        channel: "denied" if "denied" in (one.get(channel), other.get(channel)) else "granted"
        for channel in sorted({*one, *other})
    }


def with_refusals(own: Consent, of: Consent) -> dict[str, str]:
    """`own`, with every refusal in `of`: what was refused together stays refused apart."""
    return most_restrictive(own, {channel: state for channel, state in of.items() if state == "denied"})


class Reads(Protocol):
    """The one read that following links needs; a `UnitOfWork` and a tenant's documents have it."""

    def get_many(self, paths: list[str]) -> list[Document | None]: ...


def master_of(reads: Reads, person_id: str) -> Person | None:
    """The person this id stands for today, through every merge; None when nobody ever had it.

    Years of merges make long chains, so only a circle ends the search.
    """
    seen: set[str] = set()
    while person_id not in seen:
        seen.add(person_id)
        person, link = reads.get_many([f"persons/{person_id}", f"person_links/{person_id}"])
        if link is not None and link.data["status"] == "linked":
            person_id = link.data["master_person_id"]
        else:
            return Person.from_data(person.data) if person else None
    raise RuntimeError(f"the links of person [{person_id}] go in a circle")
