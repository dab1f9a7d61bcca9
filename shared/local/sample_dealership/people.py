"""The people around a dealership: households, shared phones and e-mails, fathers and sons of one name."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from random import Random
from typing import Any

from shared.local.sample_dealership import name_lists as names
from shared.local.sample_dealership.profiles import Profile
from shared.local.sample_dealership.random_parts import stream


@dataclass(frozen=True)
class SamplePerson:
    """Somebody as they really are. `truth_id` is known to tests alone and never leaves the generator."""

    truth_id: str
    first_name: str
    last_name: str
    phone: str
    email: str
    birth_date: date
    address: dict[str, str] = field(hash=False)

    @property
    def name(self) -> str:
        return f"{self.first_name} {self.last_name}"

    def as_customer(self) -> dict[str, Any]:
        """How the dealership's programs write them."""
        ways = {"customer_phone": self.phone, "customer_email": self.email}
        return {"customer_name": self.name, **{name: value for name, value in ways.items() if value}}


class PhoneBook:
    """Hands out every fictional number once, the nearest area codes first and most often."""

    def __init__(self, random: Random) -> None:
        weights = range(len(names.AREA_CODES), 0, -1)
        numbered = [
            (random.random() ** (1 / weight), f"+1{area}55501{number:02d}")
            for area, weight in zip(names.AREA_CODES, weights, strict=True)
            for number in range(100)
            # The dealership and its staff have 312-555-0100 to 0149.
            if area != "312" or number >= 50
        ]
        self._free = [number for _, number in sorted(numbered)]

    def next(self) -> str:
        return self._free.pop()


def people(profile: Profile, *, seed: int, today: date) -> list[SamplePerson]:
    """As many as the profile says; about two thirds live with others who are customers too."""
    random = stream(seed, profile.tenant_id, "people")
    phones, found = PhoneBook(random), list[SamplePerson]()
    while len(found) < profile.people:
        size = random.choices((1, 2, 3, 4), (50, 30, 12, 8))[0]
        found += _household(random, phones, len(found), size, today)
    return found[: profile.people]


def _household(
    random: Random, phones: PhoneBook, first_number: int, size: int, today: date
) -> list[SamplePerson]:
    address, surname = _address(random), _common(random, names.SURNAMES)
    shares_phone, shares_email = random.random() < 0.22, random.random() < 0.02
    members: list[SamplePerson] = []
    for place in range(size):
        person = _person(random, phones, first_number + place, place, surname, address, today)
        while any(person.first_name == member.first_name for member in members):
            # Nobody gives two children one name.
            person = _person(random, phones, first_number + place, place, surname, address, today)
        if members:
            person = _with_shared(person, members[0], phone=shares_phone, email=shares_email)
        if place >= 2 and random.random() < 0.06:
            # A son with his father's name: same name and address, another birth date, phone and e-mail.
            person = replace(person, first_name=members[0].first_name)
        members.append(person)
    return members


def _person(
    random: Random,
    phones: PhoneBook,
    number: int,
    place: int,
    surname: str,
    address: dict[str, str],
    today: date,
) -> SamplePerson:
    first = _common(random, names.WOMEN if (number + place) % 2 else names.MEN)
    age = random.randint(18, 26) if place >= 2 else random.randint(24, 78)
    last = surname if place != 1 or random.random() < 0.85 else _common(random, names.SURNAMES)
    return SamplePerson(
        truth_id=f"T{number:05d}",
        first_name=first,
        last_name=last,
        phone=phones.next() if random.random() < 0.93 else "",
        email=_email(random, first, last, number),
        birth_date=today - timedelta(days=age * 365 + random.randint(0, 364)),
        address=address,
    )


def _with_shared(person: SamplePerson, other: SamplePerson, *, phone: bool, email: bool) -> SamplePerson:
    return replace(
        person,
        phone=other.phone if phone and other.phone else person.phone,
        email=other.email if email else person.email,
    )


def _address(random: Random) -> dict[str, str]:
    city, region, postal_code = random.choice(names.CITIES)
    street = f"{random.randint(100, 4999)} {random.choice(names.STREETS)} {random.choice(names.STREET_KINDS)}"
    if random.random() < 0.18:
        street += f" Apt {random.randint(1, 24)}"
    return {"street": street, "city": city, "region": region, "postal_code": postal_code}


def _email(random: Random, first: str, last: str, number: int) -> str:
    a, b = first.lower(), last.lower()
    shapes = (f"{a}.{b}", f"{a[0]}{b}", f"{a}{b[0]}", f"{a}_{b}", f"{b}.{a}")
    # The number keeps addresses apart: two people of one name have two addresses.
    return f"{random.choice(shapes)}{number % 10_000}@{random.choice(names.EMAIL_DOMAINS)}"


def _common(random: Random, of: Sequence[str]) -> str:
    """A name of the list; the first ones come up several times as often as the last ones."""
    return of[int(len(of) * random.random() ** 1.6)]
