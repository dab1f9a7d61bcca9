"""What is known of a person, normalised for comparing; a person may have many values a field."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any, Self

MOST = {
    "names": 8,
    "birth_dates": 4,
    "emails": 200,
    "phones": 200,
    "addresses": 8,
    "vins": 12,
    "national_ids": 4,
}
"""How many different values of a field a person keeps; the first ones stay, so nobody floods a profile.

Far more e-mails and phones than anybody has: a known one must keep answering with its person."""


@dataclass(frozen=True)
class Name:
    """Folded to plain lower-case letters; either part may be empty."""

    first: str = ""
    last: str = ""


@dataclass(frozen=True)
class Address:
    """Folded to plain lower case; any part may be empty. `street` holds the house number too."""

    street: str = ""
    city: str = ""
    postal_code: str = ""


@dataclass(frozen=True)
class Identity:
    """`birth_dates` are eight digits YYYYMMDD, `phones` E.164, `emails` lower case, `vins` 17 characters."""

    names: tuple[Name, ...] = ()
    birth_dates: tuple[str, ...] = ()
    emails: tuple[str, ...] = ()
    phones: tuple[str, ...] = ()
    addresses: tuple[Address, ...] = ()
    vins: tuple[str, ...] = ()
    national_ids: tuple[str, ...] = ()

    def with_(self, other: Identity) -> Identity:
        """Everything known of either, this one's values first."""
        both = {name: dict.fromkeys((*getattr(self, name), *getattr(other, name))) for name in MOST}
        return Identity(**{name: tuple(values)[: MOST[name]] for name, values in both.items()})

    def to_data(self) -> dict[str, Any]:
        """As it is stored in a document; empty fields are left out."""
        data: dict[str, Any] = {
            field.name: list(getattr(self, field.name)) for field in fields(self) if getattr(self, field.name)
        }
        if self.names:
            data["names"] = [{"first": name.first, "last": name.last} for name in self.names]
        if self.addresses:
            data["addresses"] = [
                {"street": a.street, "city": a.city, "postal_code": a.postal_code} for a in self.addresses
            ]
        return data

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> Self:
        return cls(
            names=tuple(Name(**name) for name in data.get("names", ())),
            birth_dates=tuple(data.get("birth_dates", ())),
            emails=tuple(data.get("emails", ())),
            phones=tuple(data.get("phones", ())),
            addresses=tuple(Address(**address) for address in data.get("addresses", ())),
            vins=tuple(data.get("vins", ())),
            national_ids=tuple(data.get("national_ids", ())),
        )
