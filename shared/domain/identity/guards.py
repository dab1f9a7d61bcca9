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
    "generations", -1.0, "The birth dates differ: one name at one address may be parent and child."
)
NAMESAKES = Guard("namesakes", 2.0, "Only names agree: many people share a name.")

_PERSONAL = ("birth_date", "email", "phone", "street", "vin", "national_id")


def guard_for(levels: Agreement) -> Guard | None:
    """A national id belongs to one person: when it agrees nothing is held back."""
    if levels.get("national_id") in ("exact", "close"):
        return None
    if levels.get("first_name") == "different":
        return HOUSEHOLD
    if levels.get("birth_date") == "different":
        return GENERATIONS
    if not any(levels.get(field, "different") in ("exact", "close") for field in _PERSONAL):
        return NAMESAKES
    return None
