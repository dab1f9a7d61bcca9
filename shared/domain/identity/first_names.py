"""How well two first names agree. The question behind it: one person written twice, or two of a family?"""

from __future__ import annotations

from functools import lru_cache

from shared.domain.identity.given_names import GIVEN_NAMES
from shared.domain.identity.likeness import is_transposed, similarity, slips, sound
from shared.domain.identity.nicknames import is_known, is_short_form

LONG = 8
"""Letters from which two slips in one name are likely enough."""

_GENDER_ENDINGS = ("", "a", "e", "o")


@lru_cache(maxsize=65536)
def first_name_level(one: str, other: str) -> str:
    """`variant` and `close` may be one person's name written twice; `alike` look much the same and are none
    that a slip makes of the other, as Christine and Christina; `different` are not even alike."""
    if one == other:
        return "exact"
    if is_short_form(one, other):
        return "variant"
    short, long = sorted((one, other), key=len)
    if len(short) == 1:
        return "initial" if long.startswith(short) else "different"
    if " " in one or " " in other:
        return _of_several_words(one, other)
    return _of_one_word(one, other)


def _of_several_words(one: str, other: str) -> str:
    """Mary Ann is Mary, and Mary A.; she is not Mary Beth."""
    (first, _, rest), (other_first, _, other_rest) = one.partition(" "), other.partition(" ")
    if first == other_first:
        is_other = bool(rest and other_rest) and first_name_level(rest, other_rest) in ("alike", "different")
        return "alike" if is_other else "variant"
    return _of_one_word(one, other)


def _of_one_word(one: str, other: str) -> str:
    established = is_established(one) and is_established(other)
    if not established and is_slip(one, other):
        return "variant" if similarity(one, other) >= 0.92 else "close"
    looks_alike = similarity(one, other) >= (0.9 if established else 0.8)
    return "alike" if looks_alike or _is_one_edit_or_sound(one, other) else "different"


def is_established(name: str) -> bool:
    """Whether people are called so; two such names are no slips of one another."""
    return name in GIVEN_NAMES or is_known(name)


def is_slip(one: str, other: str) -> bool:
    """Whether a slip of the finger or the ear makes one of the other.

    One edit, two in a long name, or one sound with one first letter. No slip: another first letter, another
    letter in a name of four (Amir, Amit), and the ending that makes a woman's name of a man's.
    """
    if _differ_in_gender(one, other):
        return False
    if is_transposed(one, other):
        return True
    if sound(one) == sound(other) and len(min(one, other, key=len)) > 3:
        return one[0] == other[0] or slips(one, other) == 1
    edits = slips(one, other)
    if edits == 1:
        return len(one) != len(other) or (one[0] == other[0] and len(one) > 4)
    return edits == 2 and min(len(one), len(other)) >= LONG and similarity(one, other) >= 0.92


def _differ_in_gender(one: str, other: str) -> bool:
    """Stanislav and Stanislava, Mariano and Mariana, Simon and Simone; a letter typed twice is a slip."""
    stem = one[:-1] if len(one) == len(other) else min(one, other, key=len)
    endings = {one.removeprefix(stem), other.removeprefix(stem)}
    return len(endings) == 2 and endings <= set(_GENDER_ENDINGS) and stem[-1:] not in endings


def _is_one_edit_or_sound(one: str, other: str) -> bool:
    if min(len(one), len(other)) <= 3:
        return is_transposed(one, other)
    return slips(one, other) == 1 or sound(one) == sound(other) != ""
