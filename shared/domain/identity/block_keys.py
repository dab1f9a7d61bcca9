"""Where two records of one person meet: each key is a document that lists who has it."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from shared.domain.identity.identity import Address, Identity, Name

MOST_KEYS = 10
"""Key documents read for one record, in one batch."""

MOST_IDS = 50
"""Ids a key document lists. A full one is not written any more: a frequent name is not a hot document."""


@dataclass(frozen=True)
class BlockKey:
    """`kind` in the product's words, `value` in the clear; only a hash of it is stored."""

    kind: str
    value: str

    @property
    def path(self) -> str:
        return f"identity_keys/{self.kind}-{hashlib.sha256(self.value.encode()).hexdigest()[:32]}"


def block_keys(identity: Identity) -> list[BlockKey]:
    """The keys to look a record up by: at most `MOST_KEYS`, the telling ones first."""
    return all_keys(identity)[:MOST_KEYS]


def all_keys(identity: Identity) -> list[BlockKey]:
    """The keys to be found by, the telling ones first."""
    keys = [
        *(BlockKey("national_id", value) for value in identity.national_ids[:1]),
        *(BlockKey("email", value) for value in identity.emails),
        *(BlockKey("phone", value) for value in identity.phones),
        *(BlockKey("vin", value) for value in identity.vins),
        *_name_keys(identity),
        *(BlockKey("birth_date", value) for value in identity.birth_dates[:1]),
        *_place_keys(identity),
        *_year_keys(identity),
    ]
    return list(dict.fromkeys(keys))


def _name_keys(identity: Identity) -> list[BlockKey]:
    """Sorted sounds of both names: finds misspelt names and first and last name the other way round."""
    import jellyfish

    sounds = [
        " ".join(sorted(_sound(part, jellyfish.metaphone(part)) for part in (name.first, name.last)))
        for name in identity.names[:1]
        if name.first and name.last
    ]
    return [BlockKey("name", sound) for sound in sounds]


def _sound(name: str, metaphone: str) -> str:
    return metaphone or name


def _place_keys(identity: Identity) -> list[BlockKey]:
    """Street, and postal code with the beginning of either name: finds people whose other name changed."""
    name = identity.names[0] if identity.names else Name()
    address = identity.addresses[0] if identity.addresses else Address()
    keys = [BlockKey("street", address.street)] if address.street else []
    if address.postal_code:
        keys += [
            BlockKey("place", f"{address.postal_code} {part[:3]}") for part in (name.last, name.first) if part
        ]
    return keys


def _year_keys(identity: Identity) -> list[BlockKey]:
    return [
        BlockKey("year", f"{birth[:4]} {beginning}")
        for birth in identity.birth_dates[:1]
        for name in identity.names[:1]
        for beginning in (name.first[:1], name.last[:3])
        if beginning
    ]
