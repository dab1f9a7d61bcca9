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
    "truck": r"trucks?|(?<!for )(?<!to )pick-?ups?",
    "suv": r"suvs?|crossovers?",
    "sedan": r"sedans?",
    "van": r"vans?|minivans?",
    "coupe": r"coupes?",
    "convertible": r"convertibles?",
    "wagon": r"wagons?",
}
FUELS = {"hybrid": r"hybrids?|plug in", "electric": r"electrics?|evs?", "diesel": r"diesels?"}
CONDITIONS = {
    "certified": r"certified|cpo",
    "used": r"used|pre.?owned|second hand",
    "new": r"(?:brand )?new(?! leads?| customers?| arrivals| prospects?)",
}
NEWER = re.compile(
    r"\b(?P<year>(?:19|20)\d\d)s?\s*(?:and|or)\s*(?P<way>newer|up|later|older|earlier)\b", re.IGNORECASE
)
THAN = re.compile(r"\b(?P<way>newer|older) than (?:an? )?(?P<year>(?:19|20)\d\d)\b", re.IGNORECASE)
BETWEEN = re.compile(
    r"\b(?P<from>(?:19[89]|20[0-4])\d)s?\s*(?:-|–|to|and|through|thru)\s*(?P<to>(?:19[89]|20[0-4])\d)s?\b(?!-)",
    re.IGNORECASE,
)
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


def named_lines(text: str) -> list[tuple[str, str]]:
    """Make and model, in the order they were said; model "" for a make alone."""
    found: list[tuple[str, str]] = []
    for match in spoken().finditer(text):
        if match[1].lower() in EVERYDAY_WORDS and not (found or LEADING.search(text[: match.start()])):
            continue
        found.append(catalogue()[match[1].lower()])
    return found


def find_make_model(text: str) -> dict[str, str]:
    lines = named_lines(text)
    if not lines:
        return {}
    make = lines[0][0]
    model = next((model for its_make, model in lines if model and its_make == make), "")
    return {"make": make, "model": model} if model else {"make": make}


def find_colours(text: str) -> list[str]:
    said = re.findall(rf"\b({'|'.join(COLOURS)})\b(?! (?:\w+ )?(?:flag|light))", text, re.IGNORECASE)
    return list(dict.fromkeys(colour.lower().replace("gray", "grey") for colour in said))


def other_vehicles(text: str) -> list[str]:
    """Further models, makes, colours and bodies, of which only the first is an entity."""
    first = find_make_model(text)
    lines = list(dict.fromkeys(named_lines(text)))
    with_model = {make for make, model in lines if model}
    own = (first.get("make"), first.get("model", ""))
    others = [line for line in lines if line != own and (line[1] or line[0] not in with_model | {own[0]})]
    bodies = [name for name, words in BODIES.items() if re.search(rf"\b(?:{words})\b", text, re.IGNORECASE)]
    return [" ".join(filter(None, line)) for line in others] + find_colours(text)[1:] + bodies[1:]


def find_years(text: str, *, has_vehicle: bool) -> dict[str, int]:
    """`year`, or `year_from` / `year_to`. A bare year counts only beside a vehicle, else it is a date."""
    bound = NEWER.search(text) or THAN.search(text)
    if bound:
        step = 0 if bound.re is NEWER else 1
        newer = bound["way"].lower() in ("newer", "up", "later")
        return {"year_from": int(bound["year"]) + step} if newer else {"year_to": int(bound["year"]) - step}
    if span := BETWEEN.search(text):
        first, last = sorted((int(span["from"]), int(span["to"])))
        return {"year_from": first, "year_to": last}
    match = YEAR.search(text) if has_vehicle else None
    if match is None:
        return {}
    return {"year": 2000 + int(match["short"]) if match["short"] else int(match.group())}


def first_of(text: str, choices: dict[str, str]) -> str | None:
    return next((name for name, words in choices.items() if re.search(rf"\b(?:{words})\b", text, re.I)), None)


def find_vehicle(text: str) -> dict[str, Any]:
    """Only what was said: `{year, make, model, colour, body, fuel, condition}`."""
    named: dict[str, Any] = dict(find_make_model(text))
    colours = find_colours(text)
    details = {
        "body": first_of(text, BODIES),
        "fuel": first_of(text, FUELS),
        "condition": first_of(text, CONDITIONS),
    }
    if colours:
        details["colour"] = colours[0]
    named |= {name: value for name, value in details.items() if value}
    return {**find_years(text, has_vehicle=bool(named)), **named}
