"""A desk that takes people in through the engine, on documents in memory."""

from __future__ import annotations

from typing import Any

from shared.domain.identity.engine import IdentityEngine, Resolution
from shared.domain.identity.identity import Identity, Name
from shared.domain.identity.normalise import address_from_parts, name_from_full, name_from_parts
from shared.domain.identity.record import SourceRecord, record
from shared.domain.identity.weights import Weights, shipped_weights
from shared.domain.person import Person
from shared.testing.memory_store import MemoryStore

PHONE = "+13125550142"
HOME = address_from_parts("45 McCulloch St", "Austin", "78701")


def who(name: str = "", **fields: Any) -> Identity:
    names = (name_from_full(name),) if name else ()
    return Identity(names=names, **{key: (value,) for key, value in fields.items() if value})


def named(text: str) -> Name:
    """The last word is the last name, all before it the first name."""
    first, _, last = text.rpartition(" ")
    return name_from_parts(first, last)


class Desk:
    """Takes identities in one after the other."""

    def __init__(self, weights: Weights | None = None) -> None:
        self.store = MemoryStore()
        self.weights = weights or shipped_weights()

    def take(self, identity: Identity) -> tuple[Person, Resolution]:
        number = len([path for path in self.store.data if path.startswith("persons")]) + self.store.ids
        resolution = IdentityEngine(self.store, self.weights).resolve_identity(identity)
        source = SourceRecord(f"p{number:03d}", f"l{number:03d}", "WEB_LEAD", "", identity)
        return record(self.store, source, resolution)[0], resolution

    def outcome(self, *identities: Identity) -> str:
        """Of the last of them."""
        return [self.take(identity)[1].decision.outcome for identity in identities][-1]
