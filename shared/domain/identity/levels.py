"""How well two identities agree, field by field, as named levels; the best of several values counts."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from itertools import product

from shared.domain.identity.first_names import first_name_level
from shared.domain.identity.identity import Address, Identity, Name
from shared.domain.identity.likeness import is_transposed, similarity, slips, sound

LEVELS: Mapping[str, tuple[str, ...]] = {
    "first_name": ("exact", "variant", "close", "swapped", "initial", "alike", "different"),
    "last_name": ("exact", "variant", "close", "swapped", "crossed", "different"),
    "birth_date": ("exact", "close", "same_year", "different"),
    "email": ("exact", "same_mailbox_name", "different"),
    "phone": ("exact", "close", "different"),
    "street": ("exact", "close", "same_street", "same_number", "different"),
    "city": ("exact", "close", "different"),
    "postal_code": ("exact", "close", "different"),
    "vin": ("exact", "different"),
    "national_id": ("exact", "close", "different"),
}
"""Every compared field with its levels, best first. What one side lacks has no level."""

Agreement = dict[str, str]
"""Field → level."""


def agreement(one: Identity, other: Identity) -> Agreement:
    """The levels of every field both sides know."""
    levels = {
        **_names(one.names, other.names),
        **_addresses(one.addresses, other.addresses),
        "birth_date": _best("birth_date", one.birth_dates, other.birth_dates, _birth_date),
        "email": _best("email", one.emails, other.emails, _email),
        "phone": _best("phone", one.phones, other.phones, _phone),
        "vin": _best("vin", one.vins, other.vins, lambda a, b: "exact" if a == b else "different"),
        "national_id": _best("national_id", one.national_ids, other.national_ids, _code),
    }
    return {field: level for field, level in levels.items() if level}


def _best(field: str, ones: Iterable[str], others: Iterable[str], compare: Callable[[str, str], str]) -> str:
    found = {compare(one, other) for one, other in product(ones, others)}
    return next((level for level in LEVELS[field] if level in found), "")


def _names(ones: tuple[Name, ...], others: tuple[Name, ...]) -> Agreement:
    """The pair of names that agrees best as a whole, never the first name of one with another's last."""
    pairs = [_name(one, other) for one, other in product(ones, others)]
    return min(pairs, key=_by_distance, default={})


def _addresses(ones: tuple[Address, ...], others: tuple[Address, ...]) -> Agreement:
    pairs = [_address(one, other) for one, other in product(ones, others)]
    return min(pairs, key=_by_distance, default={})


def _by_distance(levels: Agreement) -> tuple[float, list[str]]:
    """The levels themselves break ties, so that both sides see the same pair."""
    return _distance(levels), list(levels.values())


def _distance(levels: Agreement) -> float:
    """0 for the best level of a field to 1 for the worst, half for what is not known."""
    ranks = (
        LEVELS[field].index(level) / (len(LEVELS[field]) - 1) if level else 0.5
        for field, level in levels.items()
    )
    return sum(ranks)


def _name(one: Name, other: Name) -> Agreement:
    first = first_name_level(one.first, other.first) if one.first and other.first else ""
    last = _last_name(one.last, other.last) if one.last and other.last else ""
    is_whole = (one.first and one.last) or (other.first and other.last)
    if "different" not in (first, last) or not is_whole:
        return {"first_name": first, "last_name": last}
    crossed = (_is_crossed(one.first, other.last), _is_crossed(one.last, other.first))
    if all(crossed):
        return {"first_name": "swapped", "last_name": "swapped"}
    return {"first_name": first, "last_name": "crossed" if any(crossed) and last == "different" else last}


def _is_crossed(one: str, other: str) -> bool:
    return bool(one and other) and similarity(one, other) >= 0.9


@lru_cache(maxsize=65536)
def _last_name(one: str, other: str) -> str:
    if one == other:
        return "exact"
    if one.replace(" ", "") == other.replace(" ", "") or _is_variant(one, other):
        return "variant"
    if not set(one.split()).isdisjoint(other.split()):
        return "close"
    return "close" if _is_close(one, other) else "different"


def _is_variant(one: str, other: str) -> bool:
    """One slip of the finger, or two in a long name."""
    return similarity(one, other) >= 0.92


def _is_close(one: str, other: str) -> bool:
    if similarity(one, other) >= 0.8 or is_transposed(one, other):
        return True
    return len(min(one, other, key=len)) > 3 and sound(one) == sound(other) != ""


def _birth_date(one: str, other: str) -> str:
    if one == other:
        return "exact"
    if slips(one, other) == 1 or (one[:4] == other[:4] and one[4:6] == other[6:] and one[6:] == other[4:6]):
        return "close"
    return "same_year" if one[:4] == other[:4] else "different"


def _code(one: str, other: str) -> str:
    if one == other:
        return "exact"
    return "close" if slips(one, other) == 1 else "different"


def _phone(one: str, other: str) -> str:
    """Neighbouring numbers are two people's, so only two digits the other way round are close."""
    if one == other:
        return "exact"
    return "close" if is_transposed(one, other) else "different"


def _email(one: str, other: str) -> str:
    if one == other:
        return "exact"
    mailbox, other_mailbox = one.partition("@")[0], other.partition("@")[0]
    return "same_mailbox_name" if mailbox == other_mailbox and len(mailbox) > 5 else "different"


def _address(one: Address, other: Address) -> Agreement:
    return {
        "street": _street(one.street, other.street) if one.street and other.street else "",
        "city": _place(one.city, other.city) if one.city and other.city else "",
        "postal_code": _code(one.postal_code, other.postal_code)
        if one.postal_code and other.postal_code
        else "",
    }


@lru_cache(maxsize=65536)
def _street(one: str, other: str) -> str:
    if one == other:
        return "exact"
    number, other_number = _house_number(one), _house_number(other)
    name, other_name = one.removeprefix(number).strip(), other.removeprefix(other_number).strip()
    if name and other_name and similarity(name, other_name) >= 0.88:
        return "close" if number == other_number or slips(number, other_number) == 1 else "same_street"
    return "same_number" if number and number == other_number else "different"


def _house_number(street: str) -> str:
    first = street.split(" ", 1)[0]
    return first if first[:1].isdigit() else ""


@lru_cache(maxsize=65536)
def _place(one: str, other: str) -> str:
    if one == other:
        return "exact"
    return "close" if similarity(one, other) >= 0.88 else "different"
