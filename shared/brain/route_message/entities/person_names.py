"""Names of people in hurried, mostly lower-case text.

Three signs, strongest first: a title ("mrs hernandez"), a given name we know ("laura bennett"), and a word
that only a name follows ("look up ivan"). Which person it is, the customer records decide later.
"""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path

HERE = Path(__file__).parent
MOST_INITIALS = 2
"""JD is no shouted name."""
WORD = r"[^\W\d_][^\W\d_'’.-]*(?:['’-][^\W\d_]+)*"
TITLE = re.compile(rf"\b(?:mr|mrs|ms|miss|dr|mister)\.?\s+(?P<name>{WORD}(?:\s+{WORD})?)", re.IGNORECASE)
CUES = (
    r"look ?up|find|named|called|(?:who is|who's|whos)(?! \w+ing\b)|contact card (?:for|of)|"
    r"record (?:for|of)|customer|client|lead for|info (?:on|for)|profile|account of|history (?:of|with)|"
    r"(?:speak|spoke|talk|talked) (?:to|with)|(?:message|email|call) from|number (?:of|for)|about"
)
CUE = re.compile(rf"\b(?:{CUES})\s+(?P<name>{WORD}(?:\s+{WORD})?)", re.IGNORECASE)
FAMILY = re.compile(rf"\bthe (?P<name>{WORD}) (?:family|lead|account)\b", re.IGNORECASE)
BARE = re.compile(rf"^\W*(?P<name>{WORD}(?:\s+{WORD}){{0,2}})(?:\s+please)?\W*$", re.IGNORECASE)


@lru_cache(maxsize=2)
def words_in(file: str) -> frozenset[str]:
    return frozenset((HERE / file).read_text(encoding="utf-8").split())


def given_names() -> frozenset[str]:
    return words_in("given_names.txt")


def not_names() -> frozenset[str]:
    return words_in("not_names.txt")


def plain(word: str) -> str:
    return re.sub(r"['’]s$", "", word.lower())


def tidy(words: list[str]) -> str:
    """`maria lopez's` and `MARIA LOPEZ` → `Maria Lopez`; capitals inside a word stay."""
    bare = [re.sub(r"['’]s$", "", word) for word in words]
    return " ".join(as_name(word) for word in bare)


def as_name(word: str) -> str:
    if word.isupper() and len(word) > MOST_INITIALS:
        return word.title()
    return word if any(letter.isupper() for letter in word[1:]) else word.capitalize()


def leading_name(text: str) -> str | None:
    """Two words, or three when the middle one is a given name too; ends before a word that is no name."""
    words: list[str] = []
    for word in text.split():
        is_full = len(words) == 2 and plain(words[1]) not in given_names()
        if plain(word) in not_names() or is_full:
            break
        words.append(word)
        if word.lower().endswith(("'s", "’s")):
            break
    return tidy(words) if words else None


def name_by_sign(pattern: re.Pattern[str], text: str) -> str | None:
    names = (leading_name(match["name"]) for match in pattern.finditer(text))
    return next((name for name in names if name), None)


def name_by_given_name(text: str) -> str | None:
    """A known given name and the word after it, when that can be a surname."""
    words = re.findall(WORD, text)
    for at, word in enumerate(words):
        if plain(word) not in given_names():
            continue
        # "may", "will", "mark" and "pat" are also everyday words: only with a capital or a surname.
        name = leading_name(" ".join(words[at : at + 3]))
        if name and (" " in name or word[0].isupper() or plain(word) not in EVERYDAY):
            return name
    return None


EVERYDAY = frozenset(
    {"will", "mark", "pat", "grace", "joy", "rose", "dawn", "june", "angel", "gene", "dale", "ray"}
)


def find_person(text: str, *, cued: bool) -> str | None:
    """The first name in the text. `cued`: also trust words such as "find …", as in a customer question."""
    return (
        name_by_sign(TITLE, text)
        or name_by_sign(FAMILY, text)
        or name_by_given_name(text)
        or (name_by_sign(CUE, text) if cued else None)
    )


def find_bare_name(text: str) -> str | None:
    """A whole message that is only a name: the answer to "which customer?"."""
    match = BARE.match(text)
    words = match["name"].split() if match else []
    return tidy(words) if words and not {word.lower() for word in words} & not_names() else None
