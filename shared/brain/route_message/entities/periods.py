"""Periods as people say them: "last week", "Q2", "a week from Monday", "between 3/1 and 3/15".

A small grammar of our own: the general date parsers cost most of a cold start to import and miss a
quarter of these phrases.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from shared.brain.route_message.entities.calendar_spans import Span
from shared.brain.route_message.entities.period_rules import RULES, Today


@dataclass(frozen=True)
class Period:
    """Whole days, both included, with the words that said so."""

    start: date
    end: date
    label: str

    def as_entity(self) -> dict[str, str]:
        return {"start": self.start.isoformat(), "end": self.end.isoformat(), "label": self.label}


BETWEEN = re.compile(
    r"\b(?:between|from)\s+(?P<first>.+?)\s+(?:and|to|until|till|through|thru)\s+(?P<second>.+)",
    re.IGNORECASE,
)
SINCE = re.compile(r"\b(?:since|after)\s+(?P<first>.+)", re.IGNORECASE)


def first_span(text: str, today: Today) -> tuple[Span, re.Match[str]] | None:
    """The span of the first rule that fits anywhere in the text."""
    for pattern, rule in RULES:
        match = pattern.search(text)
        span = rule(match, today) if match else None
        if match and span:
            return span, match
    return None


def between_span(text: str, today: Today) -> Period | None:
    """From the first day of the one to the last day of the other."""
    match = BETWEEN.search(text)
    first = first_span(match["first"], today) if match else None
    second = first_span(match["second"], today) if match else None
    if not (match and first and second):
        return None
    if second[0].start < first[0].start:  # "from Monday to Friday": the Friday after that Monday
        second = first_span(match["second"], Today(first[0].start, ahead=True)) or second
    span = first[0].until(second[0])
    return Period(span.start, span.end, text[match.start() : match.start("second") + second[1].end()])


def since_span(text: str, today: Today) -> Period | None:
    match = SINCE.search(text)
    found = first_span(match["first"], Today(today.day)) if match else None
    if not (match and found) or found[0].start > today.day:
        return None
    return Period(found[0].start, today.day, f"since {found[1].group()}")


def find_period(text: str, *, today: date, ahead: bool = False) -> Period | None:
    """The period a message speaks of; None when it names none. `today` is in the person's time zone."""
    plain, now = text.lower(), Today(today, ahead)
    joined = between_span(plain, now) or since_span(plain, now)
    if joined:
        return joined
    found = first_span(plain, now)
    return Period(found[0].start, found[0].end, found[1].group().strip()) if found else None
