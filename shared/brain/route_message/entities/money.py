"""Amounts and how they are compared: "over $20k", "between 5 and 10 thousand", "under 18 grand"."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

NUMBER_WORDS = {
    "one": 1,
    "two": 2,
    "three": 3,
    "four": 4,
    "five": 5,
    "six": 6,
    "seven": 7,
    "eight": 8,
    "nine": 9,
    "ten": 10,
    "twelve": 12,
    "fifteen": 15,
    "twenty": 20,
    "thirty": 30,
    "forty": 40,
    "fifty": 50,
}
SCALES = {"k": 1000, "grand": 1000, "thousand": 1000, "m": 1_000_000, "million": 1_000_000, "hundred": 100}
ABOVE = (
    r"over|above|more than|greater than|at least|exceeding|beyond|upwards of|min(?:imum)?|"
    r"north of|higher than"
)
BELOW = (
    r"under|below|less than|up to|at most|cheaper than|max(?:imum)?|within|south of|lower than|no more than"
)
AMOUNT = (
    rf"(?P<dollar>\$|usd )?\s?(?P<figure>\d[\d,]*(?:\.\d+)?|{'|'.join(NUMBER_WORDS)})"
    r"\s?(?P<scale>k|grand|thousand|million|hundred|m)?\b(?P<word> ?(?:dollars|bucks|usd))?"
)
COMPARED = re.compile(
    rf"\b(?:(?P<above>{ABOVE})|(?P<below>{BELOW})) {AMOUNT}(?=(?P<rest>.{{0,16}}))", re.IGNORECASE
)
PLAIN = re.compile(rf"(?<![\w.]){AMOUNT}", re.IGNORECASE)
RANGE = re.compile(
    r"\bbetween \$?(?P<low>\d[\d,]*)\s?(?P<low_scale>k)? and "
    r"\$?(?P<high>\d[\d,]*)\s?(?P<scale>k|grand|thousand)?\b"
    r"(?![/:]\d)(?=(?P<rest>.{0,16}))",
    re.IGNORECASE,
)
OTHER_UNITS = re.compile(
    r"\s*(?:\+|%|percent|-)?\s*(?:days?|weeks?|months?|years?|hours?|minutes?|miles?|mi\b|mpg|errors?|units?|cars?|times|a\.?m\b|p\.?m\b|o.?clock)",
    re.IGNORECASE,
)


def value_of(figure: str, scale: str | None) -> int | float:
    words = NUMBER_WORDS.get(figure.lower())
    number = Decimal(words) if words else Decimal(figure.replace(",", ""))
    scaled = number * SCALES.get((scale or "").lower(), 1)
    return int(scaled) if scaled == scaled.to_integral_value() else float(scaled)


def find_amount(text: str) -> dict[str, Any] | None:
    """`{op: > | < | =, value, currency}` or `{op: between, value, upper, currency}`, in US dollars."""
    for between in RANGE.finditer(text):
        if OTHER_UNITS.match(between["rest"]) or are_years(between):
            continue
        upper = value_of(between["high"], between["scale"])
        lower = value_of(between["low"], between["low_scale"] or between["scale"])
        return {"op": "between", "value": lower, "upper": upper, "currency": "USD"}
    for compared in COMPARED.finditer(text):
        if OTHER_UNITS.match(compared["rest"]) or not is_money(compared, compared=True):
            continue
        op = ">" if compared["above"] else "<"
        return {"op": op, "value": value_of(compared["figure"], compared["scale"]), "currency": "USD"}
    for match in PLAIN.finditer(text):
        if is_money(match, compared=False):
            return {"op": "=", "value": value_of(match["figure"], match["scale"]), "currency": "USD"}
    return None


def are_years(between: re.Match[str]) -> bool:
    """ "Between 2019 and 2022" speaks of years unless a currency stands there."""
    bounds = (between["low"], between["high"])
    is_bare = not (between["low_scale"] or between["scale"] or "$" in between.group())
    named = re.match(r" ?(?:dollars|bucks|usd)", between["rest"], re.IGNORECASE)
    return is_bare and not named and all(re.fullmatch(r"(?:19[89]|20[0-4])\d", bound) for bound in bounds)


def is_money(match: re.Match[str], *, compared: bool) -> bool:
    """A currency or a scale says so; a bare figure only where it is compared and large enough."""
    if match["dollar"] or match["word"]:
        return True
    scale = (match["scale"] or "").lower()
    if compared:
        return bool(scale) or value_of(match["figure"], None) >= 500
    return scale == "grand"


QUANTITY = (
    rf"\b(?:(?P<above>{ABOVE}|older than|longer than)|(?P<below>{BELOW}))?\s*"
    rf"(?P<figure>\d[\d,]*|{'|'.join(NUMBER_WORDS)}|sixty|ninety)\s?(?P<scale>k|thousand)?\+?\s*"
)
MILEAGE = re.compile(QUANTITY + r"(?:miles|mi)\b", re.IGNORECASE)
AGE = re.compile(QUANTITY + r"days?\b(?! ago)", re.IGNORECASE)
TENS = {"sixty": "60", "ninety": "90"}


def find_mileage(text: str) -> dict[str, Any] | None:
    return compared_quantity(MILEAGE.search(text))


def find_days_in_stock(text: str) -> dict[str, Any] | None:
    """Only a comparison is an age: "over 90 days", not "the last 90 days"."""
    match = AGE.search(text)
    return compared_quantity(match) if match and (match["above"] or match["below"]) else None


def compared_quantity(match: re.Match[str] | None) -> dict[str, Any] | None:
    if match is None:
        return None
    op = ">" if match["above"] else "<" if match["below"] else "="
    return {"op": op, "value": value_of(TENS.get(match["figure"].lower(), match["figure"]), match["scale"])}
