"""What people leave with the dealership: a lead each, and for some a second one that looks different."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time, timedelta
from random import Random
from typing import Any

from shared.local.sample_dealership import name_lists as names
from shared.local.sample_dealership.people import SamplePerson
from shared.local.sample_dealership.pipeline import ZONE
from shared.local.sample_dealership.profiles import Profile
from shared.local.sample_dealership.random_parts import stream

Row = dict[str, Any]

DAYS = 540


@dataclass(frozen=True)
class SampleLead:
    """`body` is what `POST /api/crm/intake` takes. `truth_id`: whose it really is; `twist`: what is odd."""

    truth_id: str
    body: Row
    came_at: datetime
    """UTC."""
    twist: str = ""


def leads(
    profile: Profile, people: Sequence[SamplePerson], vehicles: Sequence[Row], *, seed: int, now: datetime
) -> list[SampleLead]:
    """One for every person, and for `profile.duplicates` of them another as a clerk would mistype it."""
    random, clock = stream(seed, profile.tenant_id, "leads"), stream(seed, profile.tenant_id, "lead times")
    wanted = [row for row in vehicles if row["status"] == "in_stock"]
    earliest = now - timedelta(days=DAYS)
    first = {
        one.truth_id: SampleLead(one.truth_id, _lead(random, one, wanted), _moment(clock, earliest, now))
        for one in people
    }
    # Without an e-mail or a phone in common nobody could tell that they are one person.
    reachable = [person for person in people if person.phone and person.email]
    again = random.sample(reachable, profile.duplicates)
    twists = list(TWISTS.items())
    doubled = [
        SampleLead(
            person.truth_id,
            _lead(random, change(random, person), wanted),
            _moment(clock, first[person.truth_id].came_at, now),
            twist,
        )
        for number, person in enumerate(again)
        for twist, change in [twists[number % len(twists)]]
    ]
    return sorted([*first.values(), *doubled], key=lambda lead: lead.came_at)


def _moment(random: Random, after: datetime, now: datetime) -> datetime:
    """Some time of the years the dealership looks back on, more of them lately; nobody writes at night."""
    day = (now - (now - after) * random.random() ** 1.3).astimezone(ZONE).date()
    opened = datetime.combine(day, time(8), ZONE).astimezone(UTC)
    return min(max(opened + timedelta(minutes=random.randrange(12 * 60)), after), now)


def _lead(random: Random, person: SamplePerson, wanted: Sequence[Row]) -> Row:
    lead: Row = {
        "source": random.choices(_SOURCES, _SOURCE_WEIGHTS)[0],
        "first_name": person.first_name,
        "last_name": person.last_name,
    }
    if person.email:
        lead["email"] = person.email
    if person.phone:
        lead["phone"] = _written(random, person.phone)
    if random.random() < 0.45:
        lead["birth_date"] = person.birth_date.isoformat()
    if random.random() < 0.75:
        lead["address"] = dict(person.address)
    if random.random() < 0.35:
        lead["vehicle"] = _interest(random, wanted)
        lead["comments"] = random.choice(_COMMENTS)
    return lead


def _interest(random: Random, wanted: Sequence[Row]) -> Row:
    row = random.choice(wanted)
    return {name: row[name] for name in ("year", "make", "model")}


def _written(random: Random, phone: str) -> str:
    area, exchange, line = phone[2:5], phone[5:8], phone[8:]
    shapes = (phone, f"({area}) {exchange}-{line}", f"{area}-{exchange}-{line}", f"{area}.{exchange}.{line}")
    return random.choice(shapes)


def _typo(random: Random, word: str) -> str:
    if len(word) < 4:
        return word + word[-1]
    at = random.randint(1, len(word) - 3)
    swapped = word[:at] + word[at + 1] + word[at] + word[at + 2 :]
    doubled = word[:at] + word[at] + word[at:]
    dropped = word[:at] + word[at + 1 :]
    return random.choice([changed for changed in (swapped, doubled, dropped) if changed != word])


def _misspelt_last(random: Random, person: SamplePerson) -> SamplePerson:
    return replace(person, last_name=_typo(random, person.last_name))


def _misspelt_first(random: Random, person: SamplePerson) -> SamplePerson:
    return replace(person, first_name=_typo(random, person.first_name))


def _nickname(random: Random, person: SamplePerson) -> SamplePerson:
    short = names.NICKNAMES.get(person.first_name)
    return replace(person, first_name=short) if short else _misspelt_first(random, person)


def _swapped(random: Random, person: SamplePerson) -> SamplePerson:
    return replace(person, first_name=person.last_name, last_name=person.first_name)


def _new_email(random: Random, person: SamplePerson) -> SamplePerson:
    address = f"{person.last_name.lower()}.new{person.truth_id[1:].lstrip('0')}@{names.EMAIL_DOMAINS[0]}"
    return replace(person, email=address)


def _no_email(random: Random, person: SamplePerson) -> SamplePerson:
    return replace(person, email="")


def _moved(random: Random, person: SamplePerson) -> SamplePerson:
    city, region, postal_code = random.choice(names.CITIES)
    street = f"{random.randint(5000, 9999)} {random.choice(names.STREETS)} St"
    new = {"street": street, "city": city, "region": region, "postal_code": postal_code}
    return replace(person, address=new)


def _married(random: Random, person: SamplePerson) -> SamplePerson:
    return replace(person, last_name=random.choice(names.SURNAMES))


TWISTS: dict[str, Callable[[Random, SamplePerson], SamplePerson]] = {
    "misspelt_last": _misspelt_last,
    "nickname": _nickname,
    "new_email": _new_email,
    "misspelt_first": _misspelt_first,
    "moved": _moved,
    "swapped": _swapped,
    "no_email": _no_email,
    "married": _married,
}

_SOURCES = ("WEB_LEAD", "WALK_IN", "PHONE", "MARKETPLACE", "SERVICE_DESK", "REFERRAL")
_SOURCE_WEIGHTS = (38, 18, 14, 14, 12, 4)
_COMMENTS = (
    "Is it still available?",
    "Looking to trade in my current car.",
    "What would the monthly payment be?",
    "Can I come by on Saturday for a test drive?",
    "Does it come with the remaining warranty?",
    "Best price please, paying cash.",
)
