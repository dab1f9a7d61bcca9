"""From values as people write them to values that compare equal when they mean the same."""

from __future__ import annotations

import re
import unicodedata

from shared.domain.identity.identity import Address, Name

_NOT_WORD = re.compile(r"[^a-z0-9]+")
_TITLES = frozenset({"mr", "mrs", "ms", "miss", "dr", "prof", "sir", "mx"})
_SUFFIXES = frozenset({"jr", "sr", "ii", "iii", "iv", "esq", "phd", "md"})
_PARTICLES = frozenset(
    {"van", "von", "de", "del", "della", "der", "den", "di", "da", "la", "le", "el", "al", "bin", "st", "mac"}
)
_STREET_WORDS = {
    "street": "st", "avenue": "ave", "av": "ave", "road": "rd", "drive": "dr", "lane": "ln", "court": "ct",
    "place": "pl", "boulevard": "blvd", "circle": "cir", "terrace": "ter", "parkway": "pkwy",
    "highway": "hwy", "square": "sq", "crescent": "cres", "circuit": "cct",
    "apartment": "apt", "suite": "ste", "unit": "apt",
    "north": "n", "south": "s", "east": "e", "west": "w", "northeast": "ne", "northwest": "nw",
    "southeast": "se", "southwest": "sw",
}  # fmt: skip
_FOLDED = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "æ": "ae", "œ": "oe"})


def folded(text: str) -> str:
    """Lower case without accents; letters of other scripts stay as they are."""
    plain = unicodedata.normalize("NFKD", text.casefold()).casefold().translate(_FOLDED)
    return "".join(char for char in plain if not unicodedata.combining(char))


def words(text: str) -> list[str]:
    plain = folded(text).replace("'", "").replace("’", "")
    if plain.isascii():
        return _NOT_WORD.sub(" ", plain).split()
    return re.sub(r"[\W_]+", " ", plain).split()


def name_from_parts(first: str, last: str) -> Name:
    """`("Mary-Jane ", "O'Neil Jr.")` → mary jane, oneil."""
    firsts = [word for word in words(first) if word not in _TITLES] or words(first)
    lasts = [word for word in words(last) if word not in _SUFFIXES] or words(last)
    return Name(" ".join(firsts), " ".join(lasts))


def name_from_full(text: str) -> Name:
    """`Dr. John Q. van der Berg Jr.` → john, van der berg; `Smith, Anna` → anna, smith."""
    before, comma, after = text.partition(",")
    if comma and not set(words(after)) <= _SUFFIXES:
        return name_from_parts(after, before)
    parts = [word for word in words(before) if word not in _TITLES and word not in _SUFFIXES] or words(before)
    if len(parts) < 2:
        return Name(" ".join(parts), "")
    start = len(parts) - 1
    while start > 1 and parts[start - 1] in _PARTICLES:
        start -= 1
    return Name(parts[0], " ".join(parts[start:]))


def address_from_parts(street: str, city: str, postal_code: str) -> Address:
    """Street words in their short form; of a ZIP+4 the first five digits."""
    lines = " ".join(_STREET_WORDS.get(word, word) for word in words(street))
    code = "".join(words(postal_code))
    return Address(lines, " ".join(words(city)), code[:5] if code[:5].isdigit() and len(code) == 9 else code)
