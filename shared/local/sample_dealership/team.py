"""The staff of a dealership; the first of each role is the persona one signs in as."""

from __future__ import annotations

from random import Random
from typing import Any

from shared.local.sample_dealership import name_lists as names
from shared.local.sample_dealership.profiles import Profile
from shared.local.sample_dealership.random_parts import stream

Row = dict[str, Any]

_DEPARTMENTS = {
    "ceo": ["management"],
    "advisor": ["service"],
    "sales": ["sales"],
    "mechanic": ["service", "workshop"],
    "driver": ["transport"],
    "operator": ["office"],
}


def staff(profile: Profile, *, seed: int) -> list[Row]:
    """Rows of kind `staff`; `staff_id` is the persona's name for the first of a role, then numbered."""
    random = stream(seed, profile.tenant_id, "staff")
    roles = [(role, place) for role, count in profile.staff for place in range(count)]
    surnames = random.sample(names.SURNAMES, len(roles))
    first_line = 1 if profile.tenant_id == "autohaus" else 40
    return [
        _member(random, profile, role, place, surname, first_line + number)
        for number, ((role, place), surname) in enumerate(zip(roles, surnames, strict=True))
    ]


def _member(random: Random, profile: Profile, role: str, place: int, surname: str, line: int) -> Row:
    first = random.choice(names.WOMEN if random.random() < 0.45 else names.MEN)
    return {
        "staff_id": role if place == 0 else f"{role}-{place + 1}",
        "name": f"{first} {surname}",
        "role": role,
        "phone": f"+131255501{line:02d}",
        "email": f"{first}.{surname}@{profile.tenant_id}.example".lower(),
        "departments": _DEPARTMENTS[role],
        # People leave; their deals stay.
        "active": not (place > 4 and random.random() < 0.3),
    }


def ids_of(team: list[Row], role: str) -> list[str]:
    """Staff ids of those of the role who still work here."""
    return [row["staff_id"] for row in team if row["role"] == role and row["active"]]
