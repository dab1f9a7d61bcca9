"""Year, make, model, colour, body and condition of the vehicle a message speaks of."""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path
from typing import Any

MODELS_FILE = Path(__file__).parent / "models.txt"
EVERYDAY_WORDS = frozenset(
    {
        "accord",
        "ascent",
        "atlas",
        "blazer",
        "charger",
        "colorado",
        "compass",
        "edge",
        "encore",
        "escape",
        "fit",
    }
    | {
        "focus",
        "forte",
        "frontier",
        "fusion",
        "golf",
        "kona",
        "leaf",
        "legacy",
        "maverick",
        "passport",
        "pilot",
    }
    | {
        "ranger",
        "rogue",
        "soul",
        "taco",
        "terrain",
        "titan",
        "transit",
        "navigator",
        "challenger",
        "explorer",
    }
)
"""Model names that are also ordinary words: they need a vehicle's words in front of them."""
COLOURS = (
    "white",
    "black",
    "grey",
    "gray",
    "silver",
    "blue",
    "red",
    "green",
    "beige",
    "brown",
    "gold",
    "orange",
)
LEADING = re.compile(
    rf"(?:\b(?:the|an?|our|that|this|any|{'|'.join(COLOURS)}|(?:19|20)\d\d|'\d\d)\s+(?:\w+\s+)?|^)$",
    re.IGNORECASE,
)
BODIES = {
    "truck": r"trucks?|pickups?(?= truck)",
    "suv": r"suvs?|crossovers?",
    "sedan": r"sedans?",
    "van": r"vans?|minivans?",
    "coupe": r"coupes?",
    "convertible": r"convertibles?",
    "wagon": r"wagons?",
}
FUELS = {"hybrid": r"hybrids?|plug in", "electric": r"electrics?|evs?", "diesel": r"diesels?"}
CONDITIONS = {
    "used": r"used|pre.?owned|second hand",
    "new": r"(?:brand )?new(?! leads?| customers?| arrivals| prospects?)",
}
NEWER = re.compile(
    r"\b(?P<year>(?:19|20)\d\d)s?\s*(?:and|or)\s*(?P<way>newer|up|later|older|earlier)\b", re.IGNORECASE
)
THAN = re.compile(r"\b(?P<way>newer|older) than (?:an? )?(?P<year>(?:19|20)\d\d)\b", re.IGNORECASE)
YEAR = re.compile(r"\b(?:19[89]\d|20[0-4]\d)\b|(?<!\w)'(?P<short>\d\d)\b")


@lru_cache(maxsize=1)
def catalogue() -> dict[str, tuple[str, str]]:
    """Spoken name → make and model (model "" for a make alone), from `models.txt`."""
    names: dict[str, tuple[str, str]] = {}
    for line in MODELS_FILE.read_text(encoding="utf-8").splitlines():
        make, _, models = line.partition(":")
        makes, *other_names = (part.strip() for part in make.split(","))
        for name in (makes, *other_names):
            names[name.lower()] = (makes, "")
        for entry in filter(None, (part.strip() for part in models.split(";"))):
            model, *others = (part.strip() for part in entry.split(","))
            # A figure alone is no name: "over 1500" is not a truck.
            names |= {name.lower(): (makes, model) for name in (model, *others) if not name.isdigit()}
    return names


@lru_cache(maxsize=1)
def spoken() -> re.Pattern[str]:
    names = sorted(catalogue(), key=len, reverse=True)
    return re.compile(rf"\b({'|'.join(re.escape(name) for name in names)})(?:'?e?s)?\b", re.IGNORECASE)


def find_make_model(text: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for match in spoken().finditer(text):
        make, model = catalogue()[match[1].lower()]
        if match[1].lower() in EVERYDAY_WORDS and not (found or LEADING.search(text[: match.start()])):
            continue
        found.setdefault("make", make)
        if model and found["make"] == make:
            found.setdefault("model", model)
    return found


def find_years(text: str, *, has_vehicle: bool) -> dict[str, int]:
    """`year`, or `year_from` / `year_to`. A bare year counts only beside a vehicle, else it is a date."""
    bound = NEWER.search(text) or THAN.search(text)
    if bound:
        step = 0 if bound.re is NEWER else 1
        newer = bound["way"].lower() in ("newer", "up", "later")
        return {"year_from": int(bound["year"]) + step} if newer else {"year_to": int(bound["year"]) - step}
    match = YEAR.search(text) if has_vehicle else None
    if match is None:
        return {}
    return {"year": 2000 + int(match["short"]) if match["short"] else int(match.group())}


def first_of(text: str, choices: dict[str, str]) -> str | None:
    return next((name for name, words in choices.items() if re.search(rf"\b(?:{words})\b", text, re.I)), None)


def find_vehicle(text: str) -> dict[str, Any]:
    """Only what was said: `{year, make, model, colour, body, fuel, condition}`."""
    named: dict[str, Any] = dict(find_make_model(text))
    colour = re.search(rf"\b({'|'.join(COLOURS)})\b(?! (?:\w+ )?(?:flag|light))", text, re.IGNORECASE)
    details = {
        "body": first_of(text, BODIES),
        "fuel": first_of(text, FUELS),
        "condition": first_of(text, CONDITIONS),
    }
    if colour:
        details["colour"] = colour[1].lower().replace("gray", "grey")
    named |= {name: value for name, value in details.items() if value}
    return {**find_years(text, has_vehicle=bool(named)), **named}
