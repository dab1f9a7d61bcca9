"""Spoken and written reports in one form: lower case, no hyphens or apostrophes, numbers as digits."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

_ONES = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
_TEENS = (
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
)
_UNITS = {word: number for number, word in enumerate(_ONES + _TEENS)}
_TENS = {
    word: 10 * number
    for number, word in enumerate(
        ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"), start=2
    )
}
_NUMBER_WORD = "|".join([*_UNITS, *_TENS])
_NUMBER = re.compile(
    rf"\b(?:{_NUMBER_WORD})"
    rf"(?: (?:{_NUMBER_WORD}|hundred|thousand|and(?= (?:{_NUMBER_WORD})\b)|point)){{0,9}}\b"
)
_THIRTY_SECONDS = re.compile(
    rf"\b(\d+|{'|'.join(_UNITS)})(?: ?/ ?|[ .]?)(?:thirty|30|32)(?: ?(?:seconds?|nds?)|(?<=32))\b"
)
_FILLERS = re.compile(r"\b(?:um+|uh+|er+|you know|kind of|kinda|sort of|basically|literally)\b")


_UNIT_NEXT = r"(?= (?:millimeters?|mm|mils?|thirty|32nds?)\b)"
_ALONE = re.compile(r"\b[flr]\b")


@dataclass(frozen=True)
class Wording:
    """Of the lexicon: what is short for something, misheard for something, or meant otherwise."""

    abbreviations: Mapping[str, str]
    misheard: Mapping[str, str]
    heard_numbers: Mapping[str, str]
    rewritten: Mapping[str, str]


def normalised(text: str, words: Wording) -> str:
    """`LF tire 4/32"` → `left front tire 4/32`; punctuation that ends clauses and sentences stays."""
    said = text.lower().replace("’", "'").replace("w/s", "windshield").replace("a/c", "air conditioning")
    said = re.sub(r"\s[-–—]+\s", ", ", said)
    said = re.sub(r"(?<=\d)\s*(?:mm|mil|mils)\b", " millimeters", said)
    said = re.sub(r"(?<=[a-z])'(?=[a-z])", "", said)
    said = re.sub(r"[^a-z0-9.,;:!?/% ]+", " ", said)
    said = re.sub(r"(?<=\d)%", " percent", said)
    said = re.sub(r"\s+", " ", said).strip()
    said = _FILLERS.sub("", said)
    for wrong, right in words.misheard.items():
        said = re.sub(rf"\b{re.escape(wrong)}\b", right, said)
    for heard, number in words.heard_numbers.items():
        said = re.sub(rf"\b{heard}{_UNIT_NEXT}", number, said)
    said = _letters(said)
    said = _THIRTY_SECONDS.sub(lambda found: f"{_as_digits(found[1])}/32", said)
    said = re.sub(r"\b[a-z/]+\b", lambda found: words.abbreviations.get(found[0], found[0]), said)
    said = _NUMBER.sub(lambda found: _value(found[0]), said)
    for pattern, meant in words.rewritten.items():
        said = re.sub(pattern, meant, said)
    return re.sub(r"\s+", " ", said).strip()


def _letters(said: str) -> str:
    """`F 3mm R 6mm` are ends, `L mirror, R mirror` are sides; an R by itself could be either and stays."""
    alone = set(_ALONE.findall(said))
    meant = {"f": "front", "l": "left"}
    if len(alone & {"f", "l"}) == 1:
        meant["r"] = "rear" if "f" in alone else "right"
    return _ALONE.sub(lambda found: meant.get(found[0], found[0]), said)


def _as_digits(word: str) -> str:
    return word if word.isdigit() else str(_UNITS[word])


def _value(words: str) -> str:
    """`two hundred ninety` → `290`, `twelve point one` → `12.1`, `four five` → `4 5`."""
    whole, _, fraction = words.partition(" point ")
    parts = [_whole(whole)]
    if fraction:
        parts[0] += "." + "".join(_whole(word) for word in fraction.split() if word != "point")
    return parts[0]


def _whole(words: str) -> str:
    """Units after units are two numbers: nobody says `four five` for 45 millimetres."""
    done: list[int] = []
    base, group, last = 0, 0, 1000
    for word in words.split():
        if word == "hundred":
            group, last = (group or 1) * 100, 100
        elif word == "thousand":
            base, group, last = (group or 1) * 1000, 0, 1000
        elif word not in ("and", "point"):
            value = _UNITS.get(word, _TENS.get(word, 0))
            if not (last >= 100 or (last >= 20 and value < 10)):
                done.append(base + group)
                base, group = 0, 0
            group, last = group + value, value or 1
    return " ".join(str(number) for number in [*done, base + group])
