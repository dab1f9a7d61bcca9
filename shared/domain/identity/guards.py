"""What never merges by itself, however much else agrees: such a pair goes to a person."""

from __future__ import annotations

from dataclasses import dataclass

from shared.domain.identity.levels import Agreement


@dataclass(frozen=True)
class Guard:
    """`ceiling`: the most bits such a pair gets; the independence of fields does not hold within a family."""

    name: str
    ceiling: float
    text: str


HOUSEHOLD = Guard(
    "household", -1.0, "The first names differ: a shared address, phone or last name is then a household's."
)
GENERATIONS = Guard(
    "generations", -1.0, "Birth date and contact differ: one name at one address may be parent and child."
)
NAMESAKES = Guard("namesakes", 2.0, "Only names agree: many people share a name.")

SURE_OF_NEIGHBOURS = 12.0
"""Bits from which one name in one postal code is one person: rare names where few people live."""

_PERSONAL = ("birth_date", "email", "phone", "street", "vin", "national_id")


def guard_for(levels: Agreement, speaking_for: float, *, has_households: bool) -> Guard | None:
    """What holds a pair back, if anything does. `speaking_for`: the odds with only what agrees, in bits.

    A national id belongs to one person: with it the first name may be wrong. Where people live in households
    nothing else lets another first name pass, not even a birth date: twins share it. Where training has seen
    that they do not, one birth date or one last name does.
    """
    if levels.get("national_id") in ("exact", "close"):
        return None
    if levels.get("first_name") == "different" and (
        has_households
        or (
            levels.get("last_name") not in ("exact", "variant")
            and levels.get("birth_date") not in ("exact", "close")
        )
    ):
        return HOUSEHOLD
    born_apart = levels.get("birth_date") in ("same_year", "different")
    if born_apart and "different" in (levels.get("email"), levels.get("phone")):
        return GENERATIONS
    if not any(
        levels.get(field, "different") in ("exact", "close", "same_street", "same_number")
        for field in _PERSONAL
    ):
        return (
            None if levels.get("postal_code") == "exact" and speaking_for >= SURE_OF_NEIGHBOURS else NAMESAKES
        )
    return None
