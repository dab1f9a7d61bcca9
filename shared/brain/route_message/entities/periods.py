"""Periods as people say them: "last week", "Q2", "a week from Monday", "between 3/1 and 3/15".

A small grammar of our own: the general date parsers cost most of a cold start to import and miss a
quarter of these phrases.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date

from shared.brain.route_message.entities.calendar_spans import MONTHS, Span
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
POINT = (
    rf"(?:(?:{'|'.join(MONTHS)}|jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec)\b\.?"
    r"(?: \d{1,2}(?:st|nd|rd|th)?\b)?(?:,? 20\d\d)?|\d{1,2}/\d{1,2}(?:/(?:20)?\d\d)?|"
    r"20\d\d-\d\d-\d\d|q[1-4](?: 20\d\d)?|"
    r"(?:(?:last|this|next) )?(?:(?:mon|tues|wednes|thurs|fri|satur|sun)day)\b|"
    r"yesterday|today|tomorrow|(?:last|this|next) (?:week|month|quarter|year)\b)"
)
RANGE = re.compile(
    rf"\b(?P<first>{POINT})\s*(?:\b(?:to|until|till|through|thru)\b|-|–)\s*(?P<second>{POINT})", re.IGNORECASE
)
BOTH = re.compile(rf"\b(?P<first>{POINT})\s*(?:\band\b|&|\+)\s*(?P<second>{POINT})", re.IGNORECASE)
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
    return joined_span(match, text, today) if match else None


def range_span(text: str, today: Today) -> Period | None:
    """ "May to July", without a word before it."""
    match = RANGE.search(text)
    return joined_span(match, text, today) if match else None


def both_span(text: str, today: Today) -> Period | None:
    """ "Yesterday and today"; "March and May" is no span, for April was not said."""
    match = BOTH.search(text)
    found = joined_span(match, text, today) if match else None
    if not (match and found):
        return None
    spans = [first_span(match[part], today) for part in ("first", "second")]
    days = sum((span[0].end - span[0].start).days + 1 for span in spans if span)
    return found if days == (found.end - found.start).days + 1 else None


def joined_span(match: re.Match[str], text: str, today: Today) -> Period | None:
    first = first_span(match["first"], today)
    second = first_span(match["second"], today)
    if not (first and second):
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
    said = text[match.start() : match.start("first") + found[1].end()]
    return Period(found[0].start, today.day, said)


def one_span(text: str, today: Today) -> Period | None:
    found = first_span(text, today)
    return Period(found[0].start, found[0].end, found[1].group().strip()) if found else None


READERS = (between_span, range_span, since_span, both_span, one_span)


def find_period(text: str, *, today: date, ahead: bool = False) -> Period | None:
    """The period a message speaks of; None when it names none. `today` is in the person's time zone."""
    plain, now = text.lower(), Today(today, ahead)
    found = next(filter(None, (read(plain, now) for read in READERS)), None)
    if found is None or len(plain) != len(text):  # some letters are two in lower case
        return found
    at = plain.find(found.label)
    return replace(found, label=text[at : at + len(found.label)])
