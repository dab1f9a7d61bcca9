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
    "household",
    -6.0,
    "The first names differ and nothing personal agrees: a shared address or phone is a household's.",
)
"""Low enough that nobody is asked: families are most of what shares an address."""

OTHER_FIRST_NAME = Guard(
    "other_first_name",
    -1.0,
    "The first names differ though an e-mail address or birth date agrees: twins, or a wrong first name.",
)
ALIKE_NAMES = Guard(
    "alike_names", -1.0, "Each first name is one in its own right: a family may well have both of them."
)
GENERATIONS = Guard(
    "generations", -1.0, "Birth date and contact differ: one name at one address may be parent and child."
)
OTHER_CONTACT = Guard(
    "other_contact",
    -1.0,
    "No contact of one's own and no birth date agrees: one name in one home may be parent and child.",
)
NAMESAKES = Guard("namesakes", 2.0, "Only names agree: many people share a name.")

SURE_OF_NEIGHBOURS = 12.0
"""Bits from which one name in one postal code is one person: rare names where few people live."""

_SAME = ("exact", "close")
_PERSONAL = ("birth_date", "email", "phone", "street", "vin", "national_id")


def guard_for(
    levels: Agreement, speaking_for: float, *, has_households: bool, phone_is_shared: bool = False
) -> Guard | None:
    """What holds a pair back, if anything does. `speaking_for`: the odds with only what agrees, in bits.
    `phone_is_shared`: several people are known under the phone number both have.

    A national id belongs to one person: with it the first name may be wrong.
    """
    if levels.get("national_id") in _SAME:
        return None
    return (
        _first_name_guard(levels, has_households)
        or _contact_guard(levels, phone_is_shared)
        or _names_guard(levels, speaking_for)
    )


def _first_name_guard(levels: Agreement, has_households: bool) -> Guard | None:
    """Where people live in households nothing else lets a different first name pass, not even a birth date:
    twins share it. Where training has seen that they do not, one birth date or one last name does.
    """
    same_birth, same_email = levels.get("birth_date") in _SAME, levels.get("email") == "exact"
    if levels.get("first_name") not in ("alike", "different"):
        return None
    if not has_households and (levels.get("last_name") in ("exact", "variant") or same_birth):
        return None
    if levels["first_name"] == "alike":
        return None if same_email or levels.get("birth_date") == "exact" else ALIKE_NAMES
    return OTHER_FIRST_NAME if same_birth or same_email else HOUSEHOLD


def _contact_guard(levels: Agreement, phone_is_shared: bool) -> Guard | None:
    """A phone number that a family shares is no contact of one's own."""
    own = ("email",) if phone_is_shared else ("email", "phone")
    contacts = {levels[field] for field in own if field in levels}
    if "different" in contacts and levels.get("birth_date") in ("same_year", "different"):
        return GENERATIONS
    return OTHER_CONTACT if contacts == {"different"} and "birth_date" not in levels else None


def _names_guard(levels: Agreement, speaking_for: float) -> Guard | None:
    if any(levels.get(field) in (*_SAME, "same_street", "same_number") for field in _PERSONAL):
        return None
    is_neighbour = levels.get("postal_code") == "exact" and speaking_for >= SURE_OF_NEIGHBOURS
    return None if is_neighbour else NAMESAKES
