"""The words of a text as a search by words compares them."""

from __future__ import annotations

import re

WORD = re.compile(r"[a-z0-9]+(?:'[a-z]+)?")
SHORTENED = re.compile(r"'(?:s|d|ll|re|ve|m)$")

_STOP = """
a an and are as at be been but by can could did do does for from had has have he her him his how i if in is it
its just me my no not of on or our please she so that the their them then there they this to too us was we
were what when where which who whom why will with would you your
"""
STOP = frozenset(_STOP.split())
"""Words that say nothing of a text's subject."""

ENDINGS = ("ingly", "edly", "ing", "ies", "ied", "ly", "ed", "es", "s")
LEAST_STEM = 3


def stem(word: str) -> str:
    """Without its commonest endings: `reports` and `reported` meet at `report`."""
    for ending in ENDINGS:
        left = word.removesuffix(ending)
        if (
            left != word
            and len(left) >= LEAST_STEM
            and not (ending == "s" and left.endswith(("s", "u", "i")))
        ):
            word = left + "y" if ending in ("ies", "ied") else left
            break
    if len(word) > LEAST_STEM and word[-1] == word[-2] and word[-1] not in "lsz":
        word = word[:-1]  # grouped → group, planned → plan
    return word.removesuffix("e") if len(word) > LEAST_STEM else word


def words(text: str) -> list[str]:
    """Every word of the text, in its order, without possessives."""
    found = WORD.findall(text.lower().replace("’", "'"))
    return [SHORTENED.sub("", word) if "'" in word else word for word in found]


def terms(text: str) -> list[str]:
    """Stems of the words that say something."""
    return [stem(word) for word in words(text) if word not in STOP]
